// What was found, as plain JSON data with nothing drawn: the fifth type of the data chain. Every number that a page, chart
// or table shows is in here at full precision; what could not be computed is null with a sentence beside it, never NaN.
import type { Declared } from "../../lib/experiment/definition.ts";
import type { Provenance } from "../../runtime/record/trial-table.ts";
import type { AttritionCounts, AttritionRow } from "../design/attrition.ts";
import type { CallsSummary } from "./calls.ts";
import type { PerformanceSummary } from "./estimates/performance.ts";
import type { Finding } from "./finding.ts";
import type { Interval } from "./interval.ts";
import type { PowerPlan } from "./planning/power-plan.ts";
import type { DeclarationStatement, RegistrationStatement } from "./registration.ts";
import type { StoppingSummary } from "./stopping.ts";

export interface Analysis {
  /** Raised when a reader of the JSON would have to change. */
  readonly version: 1;
  readonly provenance: Provenance;
  readonly experiments: readonly ExperimentAnalysis[];
}

export interface ExperimentAnalysis extends Pick<Declared, "name" | "description" | "question"> {
  readonly file: string;
  readonly design: Design;
  readonly arms: readonly Arm[];
  readonly attrition: Attrition;
  /** What the calls of its trials came to; null where none made one. */
  readonly calls: CallsSummary | null;
  /** The primary metric first, then the others in declared order. */
  readonly metrics: readonly MetricSummary[];
  /** One or more for each declared analysis, in declared order. */
  readonly findings: readonly Finding[];
  /** Which p values are corrected together, and which are not corrected at all: sentences for the methods. */
  readonly multiplicity: readonly string[];
  /** "labwright 0.2.0 on Node.js v20.11.0". */
  readonly software: string;
  /** For the leading numeric metric; null where nothing varies. */
  readonly power: PowerPlan | null;
  /** How the number of replicates was decided; null when it was fixed. */
  readonly stopping: StoppingSummary | null;
  /** What was registered before the data, and every departure from it; null when nothing was. */
  readonly registration: RegistrationStatement | null;
  /** When the analyses were declared, where nothing was registered; null without analyses. */
  readonly declaration: DeclarationStatement | null;
  /** What a reader must know before believing the rest: incomplete runs, degenerate designs. */
  readonly notes: readonly string[];
}

export interface Design {
  readonly factors: readonly DesignFactor[];
  readonly constants: readonly { readonly name: string; readonly value: string }[];
  readonly conditions: number;
  /** Replicates asked for in each condition. */
  readonly replicates: number;
  readonly pairing: "independent" | "common-random-numbers";
  /** Where its random numbers come from: "the root seed 7", or in words that nobody here knows. */
  readonly seed: string;
  readonly primary: string | null;
}

export interface DesignFactor {
  readonly name: string;
  /** Levels as text, in declared order. */
  readonly levels: readonly string[];
  /** True when every level is a finite number. */
  readonly isNumeric: boolean;
  /** "algorithm = qLearning" for a factor of one branch; null for a shared one. */
  readonly branch: string | null;
}

/** A condition, named by the factors that vary. */
export interface Arm {
  readonly condition: number;
  /** "firms = 2, discount = 0.95"; "(the only condition)" when nothing varies. */
  readonly label: string;
  /** Levels as text by factor; a factor of another branch is absent. */
  readonly coordinates: Readonly<Record<string, string>>;
}

export interface Attrition {
  readonly arms: readonly AttritionRow[];
  readonly total: AttritionCounts;
  /** A sentence when arms lost different shares of their trials; null otherwise. */
  readonly warning: string | null;
}

export interface MetricSummary {
  readonly name: string;
  readonly kind: "number" | "integer" | "boolean" | "category";
  /** For a metric that counts events: over what, null for the trial itself; all summaries of it are of events per unit of that. */
  readonly count?: { readonly exposure: string | null };
  /**
   * For a metric that some trial was censored in: up to where all conditions are known, and how many trials only have a bound. Means of it
   * are restricted to the horizon, quantiles are Kaplan-Meier's.
   */
  readonly censoring?: { readonly horizon: number; readonly trials: number };
  readonly unit: string | null;
  /** Declared range, ends null where open. */
  readonly range: { readonly min: number | null; readonly max: number | null } | null;
  readonly direction: "maximize" | "minimize" | null;
  readonly description: string | null;
  /** "profitGain (share of the gap to monopoly)": the name with its unit. */
  readonly title: string;
  readonly isPrimary: boolean;
  /** One a condition, in order; empty for a category, which has `counts`. */
  readonly cells: readonly CellSummary[];
  /** For a category: how often each of the declared values came, by condition. */
  readonly counts: readonly CategoryCounts[];
  /** The spread of condition means, when each condition has at most one value; null otherwise. */
  readonly across: CellSummary | null;
  /** For a metric that estimates a known truth: how well it does; absent for other metrics. */
  readonly performance?: PerformanceSummary;
}

export interface CellSummary {
  /** Index of the condition; null for a summary over several. */
  readonly condition: number | null;
  readonly n: number;
  /** How many of the n are only known to be at least a bound. */
  readonly censored: number;
  /** Planned trials without a value of this metric. */
  readonly missing: number;
  readonly mean: number | null;
  readonly sd: number | null;
  /**
   * Monte Carlo standard error of the mean, share or rate: how far it would move if all trials were simulated anew. Null for one value, and
   * where every trial came out alike, which the formula takes for certainty.
   */
  readonly monteCarloError: number | null;
  readonly interval: Interval | null;
  readonly min: number | null;
  readonly q1: number | null;
  readonly median: number | null;
  readonly q3: number | null;
  readonly max: number | null;
  /** Why something above is null, in words; null when nothing is. */
  readonly note: string | null;
  /** Values to draw: all of them, or values at evenly spaced ranks with the extremes when there are too many. */
  readonly points: readonly number[];
  /** Replicate of each point, for pairing lines. */
  readonly pointReplicates: readonly number[];
}

export interface CategoryCounts {
  readonly condition: number;
  readonly n: number;
  readonly missing: number;
  /** `interval` is of the value's share among the measured trials; null where there is none. */
  readonly values: readonly {
    readonly value: string;
    readonly count: number;
    readonly interval: Interval | null;
  }[];
}
