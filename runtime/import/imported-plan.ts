// The design behind imported results: which parameters vary, which trials repeat a condition, what the metrics are; as a plan that the store
// keeps as it keeps its own. What varies is a factor; all combinations make a grid, anything else is a list of conditions.
import { createHash } from "node:crypto";
import type { MetricSpec } from "../../lib/experiment/definition.ts";
import type { Json } from "../../lib/experiment/json.ts";
import { conditionKeyOf } from "../../lib/experiment/space/condition-key.ts";
import { spaceFromDescriptor } from "../../lib/experiment/space/indexed-space.ts";
import type { Condition, SpaceDescriptor, SpaceParameter } from "../../lib/experiment/space/space.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { BuildId, Job, JobId, Plan } from "../plan/plan.ts";
import { semanticsVersion } from "../plan/semantics.ts";
import { labwrightVersion } from "../version.ts";
import type { ImportedSource, ImportedTrial, ImportedValue } from "./imported.ts";

export interface PlacedTrial extends ImportedTrial {
  readonly unit: number;
}

export interface ImportedPlan {
  readonly plan: Plan;
  readonly metrics: Readonly<Record<string, MetricSpec>>;
  /** In order of unit; those that had not ended are left out. */
  readonly trials: readonly PlacedTrial[];
  /** What is not known of them, in words. */
  readonly unknown: readonly string[];
}

/** `seed`: the parameter that numbers repetitions; null for the one that is called so. Throws UserError for trials that no design holds. */
export function importedPlan(
  source: ImportedSource,
  { seed, path }: { readonly seed: string | null; readonly path: string },
): ImportedPlan {
  if (source.trials.length === 0) throw new UserError(`${path} holds no trial`);
  const seedName = seed ?? seedParameterOf(source.trials);
  if (seed !== null && !source.trials.some(({ parameters }) => Object.hasOwn(parameters, seed)))
    throw new UserError(`no trial has a parameter "${seed}" to be its seed`);
  const { space, rows } = designOf(source.trials, seedName);
  const indexed = spaceFromDescriptor(space);
  const placed = placedTrials(source.trials, { rows, seedName, indexOf: (row) => indexed.indexOf(row) });
  const metrics = metricSpecsOf(source);
  const hash = createHash("sha256")
    .update(JSON.stringify([source, seedName, path]))
    .digest("hex");
  const unknown = unknownOf(source, placed.seeds);
  const job: Job = {
    // No code stands behind it: what it is known by is the content that was imported.
    id: hash.slice(0, 12) as JobId,
    experiment: source.name,
    stage: "trial",
    per: "replicate",
    uses: "all",
    needs: [],
    identity: [{ kind: "file", name: path, hash }],
    conditions: indexed.size,
    replicates: placed.replicates,
    projected: null,
  };
  const names = Object.keys(metrics);
  const plan: Plan = {
    format: "labwright.plan/1",
    build: hash.slice(12, 24) as BuildId,
    labwright: labwrightVersion(),
    semantics: semanticsVersion,
    jobs: [job],
    experiments: [
      {
        name: source.name,
        description: `Imported from ${source.kind}, ${path}. Not known: ${unknown.join("; ")}.${source.notes.map((note) => ` Note: ${note}.`).join("")}`,
        question: null,
        file: path,
        exportName: "default",
        line: 1,
        bundle: "",
        space,
        conditions: indexed.size,
        admittedCount: indexed.size,
        admitted: null,
        derived: null,
        derivedHashes: null,
        overrides: {},
        replicates: {
          count: placed.replicates,
          seed: 0,
          seeds: placed.seeds,
          // Of trials of one seed the differences are compared: valid whatever the seed decided, and sharper where it decided the chance.
          pairing: placed.seeds === null ? "independent" : "common-random-numbers",
          until: null,
        },
        metrics,
        primary: names.length === 1 ? names[0]! : (Object.keys(source.directions)[0] ?? null),
        series: Object.fromEntries(
          [...new Set(source.trials.flatMap(({ series }) => Object.keys(series)))].map((name) => [
            name,
            { type: "object" },
          ]),
        ),
        analyses: [],
        jobs: [job.id],
      },
    ],
  };
  return { plan, metrics, trials: placed.trials, unknown };
}

/** "seed", "train.seed", "random_seed": where every trial has a whole number there, and it varies. */
function seedParameterOf(trials: readonly ImportedTrial[]): string | null {
  const [first] = trials;
  return (
    Object.keys(first?.parameters ?? {}).find(
      (name) =>
        /(^|[._])(random_?|rng_?)?seed$/i.test(name) &&
        trials.every(({ parameters }) => Number.isInteger(parameters[name])) &&
        new Set(trials.map(({ parameters }) => parameters[name])).size > 1,
    ) ?? null
  );
}

function designOf(
  trials: readonly ImportedTrial[],
  seedName: string | null,
): { readonly space: SpaceDescriptor; readonly rows: readonly Condition[] } {
  const names = [...new Set(trials.flatMap(({ parameters }) => Object.keys(parameters)))].filter(
    (name) => name !== seedName,
  );
  const rows = trials.map(({ parameters }) =>
    Object.fromEntries(names.map((name) => [name, parameters[name] ?? null])),
  );
  const distinct = new Map(rows.map((row) => [conditionKeyOf(row), row]));
  const parameters = names.map((name): SpaceParameter => {
    const levels = [...new Map(rows.map((row) => [JSON.stringify(row[name]), row[name]!])).values()];
    return levels.length === 1
      ? { name, kind: "constant", value: levels[0] as Json }
      : { name, kind: "sweep", levels: { kind: "list", levels: inOrder(levels) } };
  });
  const size = parameters.reduce(
    (product, each) =>
      product * (each.kind === "sweep" && each.levels.kind === "list" ? each.levels.levels.length : 1),
    1,
  );
  const space: SpaceDescriptor =
    size === distinct.size
      ? { kind: "product", parameters }
      : { kind: "conditions", rows: [...distinct.values()] };
  return { space, rows };
}

/** Numbers by size; all else as it came. */
function inOrder(levels: readonly Json[]): readonly Json[] {
  return levels.every((level): level is number => typeof level === "number")
    ? [...levels].sort((a, b) => a - b)
    : levels;
}

function placedTrials(
  trials: readonly ImportedTrial[],
  of: {
    readonly rows: readonly Condition[];
    readonly seedName: string | null;
    readonly indexOf: (row: Condition) => number;
  },
): {
  readonly trials: readonly PlacedTrial[];
  readonly replicates: number;
  readonly seeds: readonly number[] | null;
} {
  const conditions = of.rows.map(of.indexOf);
  const seeds = seedsOf(trials, conditions, of.seedName);
  const seen = new Map<number, number>();
  const replicateOf = trials.map((trial, index) => {
    if (seeds !== null) return seeds.indexOf(Number(trial.parameters[of.seedName!]));
    if (trial.repetition !== null) return trial.repetition;
    const condition = conditions[index]!;
    const next = seen.get(condition) ?? 0;
    seen.set(condition, next + 1);
    return next;
  });
  const width = Math.max(...conditions) + 1;
  const units = new Map<number, ImportedTrial>();
  for (const [index, trial] of trials.entries()) {
    const unit = replicateOf[index]! * width + conditions[index]!;
    const other = units.get(unit);
    if (other !== undefined)
      throw new UserError(`${other.place} and ${trial.place} are the same repetition of the same condition`);
    units.set(unit, trial);
  }
  return {
    trials: [...units]
      .filter(([, { outcome }]) => outcome.kind !== "open")
      .sort(([a], [b]) => a - b)
      .map(([unit, trial]) => ({ ...trial, unit })),
    replicates: Math.max(...replicateOf) + 1,
    seeds,
  };
}

/** The seeds in order, where each is a uint32, no condition has one twice, and most conditions have most of them. */
function seedsOf(
  trials: readonly ImportedTrial[],
  conditions: readonly number[],
  seedName: string | null,
): readonly number[] | null {
  if (seedName === null) return null;
  const own = trials.map(({ parameters }) => Number(parameters[seedName]));
  if (own.some((seed) => !Number.isInteger(seed) || seed < 0 || seed > 0xff_ff_ff_ff)) return null;
  const pairs = new Set(own.map((seed, index) => `${conditions[index]} ${seed}`));
  const seeds = [...new Set(own)].sort((a, b) => a - b);
  const areShared = 2 * trials.length > seeds.length * new Set(conditions).size;
  return areShared && pairs.size === trials.length ? seeds : null;
}

function metricSpecsOf({ trials, directions }: ImportedSource): Readonly<Record<string, MetricSpec>> {
  const measured = trials.filter(({ outcome }) => outcome.kind === "measured");
  const names = [...new Set(measured.flatMap(({ metrics }) => Object.keys(metrics)))];
  const specs = names.flatMap((name): [string, MetricSpec][] => {
    const values = measured.map(({ metrics }) => metrics[name] ?? null);
    const type = typeOf(values);
    if (type === null) return [];
    return [
      [
        name,
        {
          type,
          unit: null,
          range: null,
          direction: directions[name] ?? null,
          optional: values.includes(null),
          categories:
            type === "category"
              ? [...new Set(values.filter((value) => value !== null).map(String))].sort()
              : null,
          description: null,
        },
      ],
    ];
  });
  if (specs.length === 0)
    throw new UserError("nothing that was measured is a number, a yes or no, or a word");
  return Object.fromEntries(specs);
}

/** Null where nothing is there, and for texts of which nearly every one is another. */
function typeOf(values: readonly ImportedValue[]): MetricSpec["type"] | null {
  const present = values.filter((value) => value !== null);
  if (present.length === 0) return null;
  if (present.every((value) => typeof value === "number")) return "number";
  if (present.every((value) => typeof value === "boolean")) return "boolean";
  return new Set(present).size <= 50 ? "category" : null;
}

function unknownOf({ trials }: ImportedSource, seeds: readonly number[] | null): readonly string[] {
  const [starts, durations] = [
    trials.filter(({ startedAt }) => startedAt === null).length,
    trials.filter(({ durationMs }) => durationMs === null).length,
  ];
  const which = (count: number): string => (count === trials.length ? "trials" : `${count} of the trials`);
  return [
    "the code and its version",
    "the machine",
    ...(seeds === null ? ["seeds"] : ["how the seeds were used (trials of one seed are compared as pairs)"]),
    ...(starts > 0 ? [`when ${which(starts)} ran`] : []),
    ...(durations > 0 ? [`how long ${durations === trials.length ? "they" : which(durations)} took`] : []),
  ];
}
