// The columns that a report, a query or an export reads: all trials of one experiment in one run, planned or done, with no
// code of the author's. Built by the store, consumed by reports/; typed arrays, so a million rows are a few allocations.

import type { Declared } from "../../lib/experiment/definition.ts";
import type { FirstPlan } from "./first-plan.ts";
import type { PortCalls } from "./port-calls.ts";
import type { RegistrationSummary } from "./registration-summary.ts";
import type { SeriesRange } from "./series-ranges.ts";
import type { StoppingOutcome } from "./stopping-outcome.ts";

/** A swept parameter: its levels in declared order (for a sampled design the distinct values in order of condition). */
export interface FactorSummary {
  readonly name: string;
  readonly levels: readonly unknown[];
  /** For a factor of one branch of a conditional space: the tag and the branch; null for a shared factor. */
  readonly branch: { readonly tag: string; readonly value: string } | null;
  /** The factors that change together with it by declaration (`space.zip`); empty for none. */
  readonly zippedWith: readonly string[];
  /** The scale on which a design sampled a range of numbers; null for a factor whose levels are listed. */
  readonly sampled: "linear" | "log" | null;
}

export interface ExperimentSummary extends Declared {
  readonly file: string;
  readonly factors: readonly FactorSummary[];
  /** Parameters with one value in every condition. */
  readonly constants: Readonly<Record<string, unknown>>;
  readonly series: readonly string[];
  /** What a stopping rule came to; absent without a rule, and while the run goes on. */
  readonly stopping?: StoppingOutcome;
  /** The registration in force before the data; absent when there was none before the run began. */
  readonly registration?: RegistrationSummary;
  /** What was declared when the first trial was recorded; absent where the records do not prove it. */
  readonly firstPlan?: FirstPlan;
}

/** One row a trial that the run planned, in replicate-major order. */
export interface TrialTable {
  readonly experiment: ExperimentSummary;
  /** Admitted conditions, in order; `condition[row]` indexes this list. */
  readonly conditions: readonly Readonly<Record<string, unknown>>[];
  readonly rows: number;
  readonly condition: Uint32Array;
  /** 0-based replicate index. */
  readonly replicate: Uint32Array;
  /** Stored outcome code (record/outcome.ts), or 255 where the trial has not been run. */
  readonly outcome: Uint8Array;
  /** Why a row has no measurement, in words, for rows whose outcome is not "measured". */
  readonly message: ReadonlyMap<number, string>;
  /** Bounds of censored rows. */
  readonly censored: ReadonlyMap<number, { readonly metric: string; readonly bound: number }>;
  /** Metric columns: numbers as they are, booleans 0 or 1, categories the index in the declared list; NaN where missing. */
  readonly metrics: Readonly<Record<string, Float64Array>>;
  readonly durationMs: Float32Array;
  /** Named extras of telemetry, such as calls and tokens of effects; NaN where a row has none of the name. */
  readonly telemetry: Readonly<Record<string, Float64Array>>;
  /** What the calls of its trials came to, an entry a condition in which some were made; absent where none were. */
  readonly calls?: readonly ConditionCalls[];
  /** Absent where every file of the store that the table was read from is whole. */
  readonly lost?: LostRecords;
}

/** What the calls of a condition's trials came to. */
export interface ConditionCalls {
  readonly condition: number;
  /** Trials whose account of calls is kept. */
  readonly trials: number;
  /** Trials that made calls, recorded before accounts were kept. */
  readonly unaccounted: number;
  /** One a port, in the order of first asking. */
  readonly ports: readonly PortCalls[];
}

/** What damage to the store's files took from a table. */
export interface LostRecords {
  /** Rows without a record because of it; null while the run is not at its end, when they cannot be told from trials not yet run. */
  readonly rows: number | null;
  /** A sentence for each file or place that is damaged. */
  readonly words: readonly string[];
}

/** The units of a stage that recorded a series: a row each, conditions made of the parameters that the stage uses. */
export interface StageUnits {
  readonly stage: string;
  /** The factors that it uses. */
  readonly factors: readonly string[];
  readonly conditions: TrialTable["conditions"];
  readonly condition: Uint32Array;
  /** 0 for a stage per build or condition. */
  readonly replicate: Uint32Array;
  readonly outcome: Uint8Array;
}

/** Rows of one series, columns by name; `row` is the index in the trial table, or in `units`, that each series row belongs to. */
export interface SeriesTable {
  readonly name: string;
  readonly row: Uint32Array;
  /** Where a stage recorded the series: its units, which serve several trials each. Absent for a series of the trial. */
  readonly units?: StageUnits;
  readonly columns: Readonly<Record<string, readonly unknown[] | Float64Array>>;
  /** Declared ranges of columns that have one. */
  readonly ranges?: Readonly<Record<string, SeriesRange>>;
}

/** ISO 8601; null where nobody knows. */
export interface RanAt {
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** Where the numbers come from; printed in every report. */
export interface Provenance {
  /** When another tool ran the trials: the times beside it are of the import. Absent for what was run here. */
  readonly ran?: RanAt;
  readonly run: string;
  readonly runName: string | null;
  readonly build: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly labwright: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly gitCommit: string | null;
  readonly gitDirty: boolean | null;
  readonly lockfileHash: string | null;
  readonly packages: Readonly<Record<string, string>>;
  readonly command: string;
}

/** What a report is made from. `series` reads lazily: most pages need none. */
export interface RunResults {
  readonly provenance: Provenance;
  readonly tables: readonly TrialTable[];
  /** By experiment, in words: decisions on the data that somebody made while the run went on. */
  readonly decisions?: Readonly<Record<string, readonly string[]>>;
  series(experiment: string, name: string): Promise<SeriesTable>;
}
