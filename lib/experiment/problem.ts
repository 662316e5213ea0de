// A mistake in a definition, found while its builders ran and kept as data: the compiler words it and points at its line.
// Builders never throw for these, so that `lab build` can report all of them at once.
import type { CallSite } from "./call-site.ts";

/** Every mistake that builders can see. The compiler has one message a code. */
export type DefinitionProblemCode =
  /** A key of a definition that is missing, unknown, or holds something else than its place asks for: `found`, `expected`. */
  | "bad-definition"
  /** A parameter, level or option holds something that JSON would lose: `found` says what, `name` where. */
  | "not-json"
  /** `sweep([])`, a range without members, `conditions([])`, or a sampled design of no points. */
  | "empty-sweep"
  /** A level occurs twice in one sweep: `found` is the level. */
  | "duplicate-level"
  /** Bounds or step that make no range: `found` says which, `expected` what a range needs. */
  | "bad-range"
  /** Not a usable name for an experiment, parameter, metric, series, stage or analysis. */
  | "bad-name"
  /** Two parts of one space declare the same parameter. */
  | "duplicate-parameter"
  /** The sweeps of a zip have different lengths: `found` lists them. */
  | "unequal-zip"
  /** A space stands where a parameter's value was expected: use `cross`. */
  | "space-as-value"
  /** Not a count of replicates: a whole number from 1 to 4294967295. */
  | "bad-replicates"
  /** Not a root seed (0 to 2^53-1), a replicate's seed (uint32), or a seed given twice. */
  | "bad-seed"
  /** A stopping rule that has no goal, two goals, or a bound that makes no sense. */
  | "bad-stopping-rule"
  /** A time-out, size, retry or need of a machine that makes no sense: `found`, `expected`. */
  | "bad-limits"
  /** A metric with an impossible range, no categories, or an option that its type does not have. */
  | "bad-metric"
  /** An experiment without metrics. */
  | "no-metrics"
  /** The name of a metric that is not declared: `candidates` are those that are. */
  | "unknown-metric"
  /** What a count is counted over is neither a metric with numbers nor a parameter: `candidates` are those. */
  | "unknown-exposure"
  /** The truth of an estimate is no parameter, or its standard error no metric with numbers: `candidates` are those. */
  | "unknown-truth"
  /** The name of a factor that is not swept: `candidates` are those that are. */
  | "unknown-factor"
  /** A value that is not a level of the factor: `candidates` are the levels. */
  | "unknown-level"
  /** The name of a series that is not declared. */
  | "unknown-series"
  /** The name of a column that the series' schema does not have. */
  | "unknown-column"
  /** The name of a parameter that the space does not have (in `uses`, or on the command line). */
  | "unknown-parameter"
  /** An analysis needs a metric: name one, or declare the experiment's `primary`. */
  | "no-primary"
  /** An option of an analysis out of its bounds: `name` is the option, `expected` the bounds. */
  | "bad-option"
  /** An analysis would count rounds or episodes of one trial as replicates. */
  | "rounds-as-replicates"
  /** Two analyses of one name. */
  | "duplicate-analysis"
  /** A callback of the definition threw: `subject` is the part and the experiment, `analyses "walk"`, `found` its message. */
  | "callback-threw"
  /** Two stages of one name, a stage named "trial", or a stage whose name is also a need's. */
  | "duplicate-stage"
  /** A stage is needed under a key that is not its own name: `expected` is the name. */
  | "stage-alias"
  /** A stage's `per` or `uses` that do not fit together. */
  | "bad-stage"
  /** A command whose script or file is missing, lies elsewhere, or whose options make no sense. */
  | "bad-command"
  /** A trial of an orchestrator whose schema cannot be read or lacks what is asked of it, or whose options make no sense. */
  | "bad-orchestrator"
  /** A part of a configuration, or a metric, that the orchestrator's schema does not have: `candidates` are those that it has. */
  | "unknown-field"
  /** A value that the schema's field cannot hold, or a metric of another type than its field: `found`, `expected`. */
  | "wrong-field-type"
  /** Something under `effects` that is no port, or a port with an option that makes no sense. */
  | "bad-effect"
  /** Something under `needs` that is no experiment. */
  | "not-an-experiment"
  /** More trials than can be numbered: conditions times replicates must stay below 2^32. */
  | "too-many-trials"
  /** A parameter that cannot be set on the command line: `expected` says why. */
  | "fixed-parameter";

export interface DefinitionProblem {
  readonly code: DefinitionProblemCode;
  /** What it concerns: `parameter "alpha"`, `metric "score"`, `analysis "compare score across step"`. */
  readonly subject: string;
  /** What was found, in words or as JSON; null when the code says it all. */
  readonly found: string | null;
  /** What was expected instead, in words; null when the code says it all. */
  readonly expected: string | null;
  /** Valid choices, for "did you mean". */
  readonly candidates: readonly string[];
  readonly site: CallSite | null;
}

/** Fills the parts that a problem does not need. */
export function problemOf(
  problem: Pick<DefinitionProblem, "code" | "subject"> & Partial<DefinitionProblem>,
): DefinitionProblem {
  return { found: null, expected: null, candidates: [], site: null, ...problem };
}
