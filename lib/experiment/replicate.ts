// replicate: how often every condition is repeated, from which seeds, and whether arms share their random numbers.
// `replicate.until` adds replicates while running until the evidence is enough.
import { type CallSite, callSiteOf } from "./call-site.ts";
import type { Replicates, StoppingRule } from "./definition.ts";
import type { Json } from "./json.ts";
import {
  data,
  listOf,
  type Misfit,
  number,
  oneOf,
  optionProblems,
  readOptions,
  required,
  type Shape,
  shownValue,
  text,
} from "./option-shapes.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";

declare const names: unique symbol;

/** What `replicate` returns; M and F are the metric and factor that a stopping rule names. */
export interface Replication<M extends string, F extends string> {
  readonly kind: "labwright/replication";
  /** The metric of the rule is "" when the experiment's primary is meant. */
  readonly replicates: Replicates;
  readonly problems: readonly DefinitionProblem[];
  readonly site: CallSite | null;
  readonly [names]?: { readonly metric: M; readonly factor: F };
}

export interface ReplicateOptions {
  /** Root seed of everything random in the experiment: a whole number from 0 to 2^53-1; 0 unless told. */
  readonly seed?: number;
  /**
   * "independent" (default): every trial has random numbers of its own. "common-random-numbers": replicate i has the same in all
   * conditions, and is the block of the analysis.
   */
  readonly pairing?: Replicates["pairing"];
}

// Whether a number is within its bounds is told with the code of what it decides; here it only has to be one.
const anyNumber = number("a number", () => true);

const replicateShapes = {
  seed: anyNumber,
  pairing: oneOf("independent", "common-random-numbers"),
} satisfies Record<keyof ReplicateOptions, Shape>;

const seedShapes = {
  seeds: required(listOf("a list of seeds, such as [501, 502]", (seed) => typeof seed === "number")),
};

const decidedShape: Shape = {
  expected: '{ value: 0.5 } or { across: "size" }, with a baseline if one is meant',
  fits: (given) =>
    readOptions(given, { value: required(anyNumber) }).misfits.length === 0 ||
    readOptions(given, { across: required(text("")), baseline: data("") }).misfits.length === 0,
};

/** The same number of replicates for every condition, or one for each of the seeds listed (uint32, each once). */
function fixed(
  count: number | { readonly seeds: readonly number[] },
  options: ReplicateOptions = {},
): Replication<never, never> {
  const site = callSiteOf(fixed);
  const read = readOptions<ReplicateOptions>(options, replicateShapes);
  const { seed = 0, pairing = "independent" } = read.options;
  const listed =
    typeof count === "object" ? readOptions<{ seeds: readonly number[] }>(count, seedShapes) : null;
  const seeds = listed === null ? null : (listed.options.seeds ?? []);
  const misfits = [...(listed?.misfits ?? []), ...read.misfits];
  const problems = [
    ...misfitProblems(misfits, "replicate", site),
    ...(listed === null || listed.misfits.length === 0 ? checkCount(seeds?.length ?? count, site) : []),
    ...checkSeeds(seed, seeds ?? [], site),
  ];
  const number = seeds?.length ?? count;
  const replicates: Replicates = { count: isCount(number) ? number : 1, seed, seeds, pairing, until: null };
  return { kind: "labwright/replication", replicates, problems, site };
}

/** What must be decided before replication stops. */
export type Decision<F extends string> =
  /** Every condition's mean lies above or below this value. */
  | { readonly value: number }
  /** Every difference between levels of this factor (from the baseline, when given) is not zero. */
  | { readonly across: F; readonly baseline?: Json };

export interface UntilOptions<M extends string, F extends string> extends ReplicateOptions {
  /** The metric that is watched; the experiment's primary unless told. */
  readonly metric?: M;
  /** Stop once every condition's mean is known to plus or minus this much, in the metric's units. Either this or `decided`. */
  readonly halfWidth?: number;
  readonly decided?: Decision<F>;
  /** Stop here in any case. */
  readonly max: number;
  /** Replicates before the first look; 10 unless told. */
  readonly min?: number;
  /** Of the confidence sequences of all conditions (or differences), all of them and at all looks together; 0.95 unless told. */
  readonly confidence?: number;
}

const untilShapes = {
  ...replicateShapes,
  metric: text("the name of a metric"),
  halfWidth: anyNumber,
  decided: decidedShape,
  max: required(anyNumber),
  min: anyNumber,
  confidence: anyNumber,
} satisfies Record<keyof UntilOptions<string, string>, Shape>;

// Read off the options' own type: left to inference, a name that is not given would be any string, which no experiment has.
type NamedMetric<O> = O extends { readonly metric: infer M extends string } ? M : never;
type NamedFactor<O> = O extends { readonly decided: { readonly across: infer F extends string } } ? F : never;

/**
 * Adds replicates until a confidence sequence is narrow enough or decides, valid under peeking:
 * `replicate.until({ halfWidth: 0.02, max: 500 })`, `replicate.until({ decided: { across: "firms" }, max: 500 })`.
 */
function until<const O extends UntilOptions<string, string>>(
  options: O & { readonly [K in Exclude<keyof O, keyof UntilOptions<string, string>>]: never },
): Replication<NamedMetric<O>, NamedFactor<O>> {
  const site = callSiteOf(until);
  const read = readOptions<UntilOptions<string, string>>(options, untilShapes);
  const {
    metric,
    halfWidth,
    decided,
    max = 0,
    min = 10,
    confidence = 0.95,
    seed = 0,
    pairing,
  } = read.options;
  const bad = (found: string, expected: string): DefinitionProblem =>
    problemOf({ code: "bad-stopping-rule", subject: "replicate.until", found, expected, site });
  if (read.misfits.length > 0) {
    const problems = misfitProblems(read.misfits, "replicate.until", site);
    return { kind: "labwright/replication", replicates: fixed(1).replicates, problems, site };
  }
  const problems = [...checkCount(max, site), ...checkSeeds(seed, [], site)];
  if ((halfWidth === undefined) === (decided === undefined)) {
    problems.push(bad(halfWidth === undefined ? "no goal" : "two goals", "either halfWidth or decided"));
  }
  if (halfWidth !== undefined && !(halfWidth > 0 && Number.isFinite(halfWidth))) {
    problems.push(bad(`halfWidth ${halfWidth}`, "a number above 0"));
  }
  if (!(Number.isInteger(min) && min >= 2 && min <= max)) {
    problems.push(bad(`min ${min}, max ${max}`, "whole numbers, 2 <= min <= max"));
  }
  if (!(confidence > 0.5 && confidence < 1)) {
    problems.push(bad(`confidence ${confidence}`, "a number above 0.5 and below 1"));
  }
  const rule: StoppingRule = { metric: metric ?? "", goal: goalOf(halfWidth, decided), confidence, min, max };
  const count = isCount(max) ? max : 1;
  const replicates = { count, seed, seeds: null, pairing: pairing ?? "independent", until: rule } as const;
  return { kind: "labwright/replication", replicates, problems, site };
}

/** `replicate(50, { seed: 2020 })`, `replicate({ seeds: [1, 2, 3] })`, `replicate.until({ halfWidth: 0.02, max: 500 })`. */
export const replicate = Object.assign(fixed, { until });

function goalOf(halfWidth: number | undefined, decided: Decision<string> | undefined): StoppingRule["goal"] {
  if (decided === undefined) return { kind: "half-width", halfWidth: halfWidth ?? Number.MAX_VALUE };
  if ("value" in decided) return { kind: "decided", value: decided.value };
  const { across, baseline } = decided;
  return { kind: "decided-between", across, baseline: baseline === undefined ? null : { level: baseline } };
}

function misfitProblems(
  misfits: readonly Misfit[],
  subject: string,
  site: CallSite | null,
): DefinitionProblem[] {
  const problems = optionProblems(misfits, { code: "bad-option", subject });
  return problems.map((problem) => ({ ...problem, site }));
}

function checkCount(count: unknown, site: CallSite | null): DefinitionProblem[] {
  if (isCount(count)) return [];
  const expected = "a whole number from 1 to 4294967295";
  return [
    problemOf({ code: "bad-replicates", subject: "replicate", found: shownValue(count), expected, site }),
  ];
}

function isCount(count: unknown): count is number {
  return typeof count === "number" && Number.isInteger(count) && count >= 1 && count < 2 ** 32;
}

function checkSeeds(root: number, seeds: readonly number[], site: CallSite | null): DefinitionProblem[] {
  const bad = (found: string, expected: string): DefinitionProblem =>
    problemOf({ code: "bad-seed", subject: "replicate", found, expected, site });
  const problems: DefinitionProblem[] = [];
  if (!(Number.isSafeInteger(root) && root >= 0)) {
    problems.push(bad(`seed ${root}`, "a whole number from 0 to 2^53-1"));
  }
  const wrong = seeds.find((seed) => !(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32));
  if (wrong !== undefined) problems.push(bad(`seeds with ${wrong}`, "whole numbers from 0 to 4294967295"));
  const seen = new Set<number>();
  const repeated = seeds.find((seed) => seen.size === seen.add(seed).size);
  if (repeated !== undefined) problems.push(bad(`${repeated} twice in seeds`, "each seed once"));
  return problems;
}
