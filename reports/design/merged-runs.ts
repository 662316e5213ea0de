// Two runs of one experiment as one table: the run is a factor with the levels "before" and "after", a condition that both have is one level
// of another. Where both drew the same random numbers a replicate is the same in both, which is common random numbers.
import type { TrialTable } from "../../runtime/record/trial-table.ts";
import { levelText } from "./arm.ts";

export interface MergedRuns {
  readonly table: TrialTable;
  /** Labels of the conditions that both have, in the order of the run before. */
  readonly shared: readonly string[];
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  readonly isPaired: boolean;
}

/** The factor that tells the runs apart, and the one that holds their conditions. */
export const runFactor = "run";
export const conditionFactor = "condition";

/** @param metrics those that both runs have. */
export function mergedRunsOf(before: TrialTable, after: TrialTable, metrics: readonly string[]): MergedRuns {
  const factors = [
    ...new Set([before, after].flatMap((table) => table.experiment.factors.map(({ name }) => name))),
  ];
  const labels = [conditionLabels(before, factors), conditionLabels(after, factors)] as const;
  const [inBefore, inAfter] = [new Set(labels[0]), new Set(labels[1])];
  const shared = labels[0].filter((label) => inAfter.has(label));
  const isPaired = sharesRandomNumbers(before, after);
  const sides = [
    { table: before, labels: labels[0], run: "before" },
    { table: after, labels: labels[1], run: "after" },
  ];
  const conditions = sides.flatMap(({ run }) =>
    shared.map((label) => ({ [runFactor]: run, [conditionFactor]: label })),
  );
  const place = new Map(shared.map((label, i) => [label, i]));
  const rows = sides.flatMap(({ table, labels: own }, side) =>
    Array.from({ length: table.rows }, (_, row) => row).flatMap((row) => {
      const at = place.get(own[table.condition[row]!]!);
      return at === undefined ? [] : [{ table, row, condition: side * shared.length + at }];
    }),
  );
  const replicateOf = replicateNumbers();
  return {
    shared,
    onlyBefore: labels[0].filter((label) => !inAfter.has(label)),
    onlyAfter: labels[1].filter((label) => !inBefore.has(label)),
    isPaired,
    table: {
      experiment: {
        ...after.experiment,
        factors: [listed(runFactor, ["before", "after"]), listed(conditionFactor, shared)],
        metrics: Object.fromEntries(metrics.map((name) => [name, after.experiment.metrics[name]!])),
        replicates: {
          ...after.experiment.replicates,
          pairing: isPaired ? "common-random-numbers" : "independent",
        },
      },
      conditions,
      rows: rows.length,
      condition: Uint32Array.from(rows, ({ condition }) => condition),
      replicate: Uint32Array.from(rows, ({ table, row }) => replicateOf(table, row)),
      outcome: Uint8Array.from(rows, ({ table, row }) => table.outcome[row]!),
      message: new Map(),
      censored: new Map(
        rows.flatMap(({ table, row }, i) => {
          const bound = table.censored.get(row);
          return bound === undefined ? [] : [[i, bound] as const];
        }),
      ),
      metrics: Object.fromEntries(
        metrics.map((name) => [
          name,
          Float64Array.from(rows, ({ table, row }) => table.metrics[name]![row]!),
        ]),
      ),
      durationMs: new Float32Array(rows.length),
      telemetry: {},
    },
  };
}

function listed(name: string, levels: readonly string[]) {
  return { name, levels, branch: null, zippedWith: [], sampled: null };
}

/** A replicate is known by its seed where seeds are listed, else by its index. */
function replicateNumbers(): (table: TrialTable, row: number) => number {
  const known = new Map<string, number>();
  return (table, row) => {
    const replicate = table.replicate[row]!;
    const seed = table.experiment.replicates.seeds?.[replicate];
    const key = seed === undefined ? `replicate ${replicate}` : `seed ${seed}`;
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    return number;
  };
}

function conditionLabels(table: TrialTable, factors: readonly string[]): readonly string[] {
  return table.conditions.map((condition) => {
    const parts = factors.filter((name) => Object.hasOwn(condition, name));
    return parts.map((name) => `${name} = ${levelText(condition[name])}`).join(", ") || "the only condition";
  });
}

function sharesRandomNumbers({ experiment: a }: TrialTable, { experiment: b }: TrialTable): boolean {
  const [before, after] = [a.replicates, b.replicates];
  return (
    before.seed === after.seed &&
    before.pairing === after.pairing &&
    (before.seeds === null) === (after.seeds === null)
  );
}
