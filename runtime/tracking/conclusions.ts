// What is concluded of a run, as a tracker shows it: the means of its conditions and the files of its report. Composed by the command, which
// is the only one that sees reports.
import type { RunManifest } from "../store/store.ts";

/** One metric in one condition. */
export interface ConditionMean {
  readonly metric: string;
  /** Index of the condition among those that the design admits. */
  readonly condition: number;
  /** Levels as text by factor; empty where nothing varies. */
  readonly levels: Readonly<Record<string, string>>;
  /** Trials behind it. */
  readonly n: number;
  readonly mean: number | null;
  readonly sd: number | null;
  /** Of the mean, 95%; null where there is none. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface ExperimentConclusions {
  readonly experiment: string;
  readonly question: string | null;
  /** What was found, a sentence each. */
  readonly sentences: readonly string[];
  readonly means: readonly ConditionMean[];
}

/** A file of the report; `name` has forward slashes: "charts/taste.png". */
export interface ReportFile {
  readonly name: string;
  readonly path: string;
}

export interface Conclusions {
  readonly experiments: readonly ExperimentConclusions[];
  readonly files: readonly ReportFile[];
}

/** Analyses a run and writes its report. */
export type Conclude = (run: RunManifest) => Promise<Conclusions>;
