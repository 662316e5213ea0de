// Two runs of one design held against each other, trial by trial: the same condition and replicate in both, each metric's difference
// (after minus before) by condition and over all conditions, with intervals. Trials that one run lacks are counted, never filled in.
import type { Replicates } from "../../lib/experiment/definition.ts";
import { adjustP } from "../../lib/stats/adjust-p.ts";
import type { Estimate } from "../../lib/stats/estimate.ts";
import { meanOf } from "../../lib/stats/moments.ts";
import { isRefused, orRefusal } from "../../lib/stats/refusal.ts";
import { pairedT, welch } from "../../lib/stats/t-test.ts";
import type { TrialTable } from "../../runtime/record/trial-table.ts";
import { levelText } from "../design/arm.ts";
import { cellsOf } from "../design/cells.ts";

export interface RunComparison {
  readonly experiment: string;
  /** "paired": both runs drew the same random numbers, trial by trial; "independent": other seeds, so levels of noise are not shared. */
  readonly pairing: "paired" | "independent";
  /** Conditions that only one of the runs has. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  readonly metrics: readonly ComparedMetric[];
  readonly notes: readonly string[];
}

export interface ComparedMetric {
  readonly metric: string;
  readonly unit: string | null;
  /** Over all common conditions with equal weights, on replicates complete in both runs; null for one condition. */
  readonly overall: ComparedCell | null;
  readonly cells: readonly ComparedCell[];
}

export interface ComparedCell {
  readonly label: string;
  /** Trials measured in both runs. */
  readonly n: number;
  /** Of these, those with exactly the same value. */
  readonly same: number;
  /** Trials measured in one run only. */
  readonly lost: number;
  readonly before: number | null;
  readonly after: number | null;
  /** Mean after minus mean before, with a 95% t interval; null where nothing varies or n < 2. */
  readonly difference: Estimate | null;
  readonly p: number | null;
  /** Holm over the conditions of the metric; null for the overall row. */
  readonly pAdjusted: number | null;
  /** Why there is no interval; null when there is one. */
  readonly note: string | null;
}

export function runComparisonOf(before: TrialTable, after: TrialTable): RunComparison {
  const factors = [
    ...new Set([before, after].flatMap((table) => table.experiment.factors.map(({ name }) => name))),
  ];
  const keysBefore = conditionLabels(before, factors);
  const keysAfter = conditionLabels(after, factors);
  const pairing = sharesRandomNumbers(before.experiment.replicates, after.experiment.replicates)
    ? "paired"
    : "independent";
  const [inBefore, inAfter] = [new Set(keysBefore), new Set(keysAfter)];
  const shared = keysBefore.filter((key) => inAfter.has(key));
  const numeric = Object.keys(before.experiment.metrics).filter(
    (metric) => isNumeric(before, metric) && isNumeric(after, metric),
  );
  const notes =
    pairing === "paired"
      ? []
      : [
          "The runs have other seeds or another pairing, so trials of one replicate share no random numbers: Welch's t test instead of the paired one.",
        ];
  const dropped = Object.keys(before.experiment.metrics).filter(
    (metric) => isNumeric(before, metric) && !numeric.includes(metric),
  );
  if (dropped.length > 0) notes.push(`Only the run before has the numeric metrics ${dropped.join(", ")}.`);
  return {
    experiment: after.experiment.name,
    pairing,
    onlyBefore: keysBefore.filter((key) => !inAfter.has(key)),
    onlyAfter: keysAfter.filter((key) => !inBefore.has(key)),
    metrics: numeric.map((metric) =>
      comparedMetric({
        before,
        after,
        metric,
        shared,
        keysBefore,
        keysAfter,
        isPaired: pairing === "paired",
      }),
    ),
    notes,
  };
}

interface Sides {
  readonly before: ReadonlyMap<string, number>;
  readonly after: ReadonlyMap<string, number>;
}

function comparedMetric(of: {
  readonly before: TrialTable;
  readonly after: TrialTable;
  readonly metric: string;
  readonly shared: readonly string[];
  readonly keysBefore: readonly string[];
  readonly keysAfter: readonly string[];
  readonly isPaired: boolean;
}): ComparedMetric {
  const { before, after, metric, shared, isPaired } = of;
  const [valuesBefore, valuesAfter] = [valuesOf(before, metric), valuesOf(after, metric)];
  const placeBefore = new Map(of.keysBefore.map((label, place) => [label, place]));
  const placeAfter = new Map(of.keysAfter.map((label, place) => [label, place]));
  const sides = shared.map((label) => ({
    label,
    before: valuesBefore[placeBefore.get(label)!]!,
    after: valuesAfter[placeAfter.get(label)!]!,
  }));
  const cells = sides.map((side) => comparedCell(side.label, side, isPaired));
  const tested = cells.flatMap(({ p }) => (p === null ? [] : [p]));
  const adjusted = adjustP(tested, "holm");
  let next = 0;
  return {
    metric,
    unit: after.experiment.metrics[metric]?.unit ?? null,
    overall: sides.length < 2 ? null : comparedCell("all conditions", averaged(sides), isPaired),
    cells: cells.map((cell) => (cell.p === null ? cell : { ...cell, pAdjusted: adjusted[next++]! })),
  };
}

function comparedCell(label: string, { before, after }: Sides, isPaired: boolean): ComparedCell {
  const common = [...before.keys()].filter((key) => after.has(key));
  const x = (isPaired ? common : [...after.keys()]).map((key) => after.get(key)!);
  const y = (isPaired ? common : [...before.keys()]).map((key) => before.get(key)!);
  const same = common.filter((key) => before.get(key) === after.get(key)).length;
  const result = orRefusal(() => (isPaired ? pairedT({ x, y }) : welch({ x, y })));
  const isSame = isPaired && same === common.length && same > 0;
  return {
    label,
    n: common.length,
    same,
    lost: before.size + after.size - 2 * common.length,
    before: y.length === 0 ? null : meanOf(y),
    after: x.length === 0 ? null : meanOf(x),
    difference: isRefused(result) ? null : result.estimate,
    p: isRefused(result) ? null : result.p,
    pAdjusted: null,
    note: isSame ? "the same in every trial" : isRefused(result) ? result.reason : null,
  };
}

/** One value a replicate that has all conditions in that run: their mean. */
function averaged(sides: readonly Sides[]): Sides {
  const over = (pick: (side: Sides) => ReadonlyMap<string, number>): ReadonlyMap<string, number> => {
    const means = new Map<string, number>();
    for (const key of pick(sides[0]!).keys()) {
      const values = sides.map((side) => pick(side).get(key));
      if (values.every((value) => value !== undefined)) means.set(key, meanOf(values));
    }
    return means;
  };
  return { before: over((side) => side.before), after: over((side) => side.after) };
}

/** Measured values of each condition by what the replicate is known by. */
function valuesOf(table: TrialTable, metric: string): readonly ReadonlyMap<string, number>[] {
  const { seeds } = table.experiment.replicates;
  return cellsOf(table, metric).map(
    ({ values, replicates }) =>
      new Map(
        Array.from(values, (value, i) => {
          const seed = seeds?.[replicates[i]!];
          return [seed === undefined ? `replicate ${replicates[i]}` : `seed ${seed}`, value];
        }),
      ),
  );
}

function conditionLabels(table: TrialTable, factors: readonly string[]): readonly string[] {
  return table.conditions.map((condition) => {
    const parts = factors.filter((name) => Object.hasOwn(condition, name));
    return parts.map((name) => `${name} = ${levelText(condition[name])}`).join(", ") || "the only condition";
  });
}

function sharesRandomNumbers(before: Replicates, after: Replicates): boolean {
  return (
    before.seed === after.seed &&
    before.pairing === after.pairing &&
    (before.seeds === null) === (after.seeds === null)
  );
}

function isNumeric(table: TrialTable, metric: string): boolean {
  const spec = table.experiment.metrics[metric];
  return spec !== undefined && spec.type !== "category";
}
