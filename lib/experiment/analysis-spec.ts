// The analyses that a definition declares, as plain JSON: what to estimate, over which factor, by which rules.
// They are fixed before the data; reports/ reads them from the plan long after the author's code is gone.
import type { Alternative } from "../stats/estimate.ts";
import type { Json } from "./json.ts";

/**
 * How p values of one family are corrected. "simultaneous" is the method whose intervals hold together and belong to its p values:
 * Games-Howell for all pairs of levels, Dunnett's test against a baseline, both with unequal variances, and Bonferroni for all other tests.
 */
export type Correction =
  | "none"
  | "simultaneous"
  | "bonferroni"
  | "holm"
  | "hochberg"
  | "benjamini-hochberg"
  | "benjamini-yekutieli";

/** Tests that are corrected together. By default each analysis is its own family. */
export interface Family {
  readonly name: string;
  readonly correction: Correction;
}

/** "estimation": intervals first, Welch or paired t. "classical": Shapiro-Wilk and Levene choose between t, Welch and Mann-Whitney; Bonferroni; ANOVA. */
export type TestLadder = "estimation" | "classical";

/** A level that something is held against; wrapped, because a level may itself be null. */
export interface Baseline {
  readonly level: Json;
}

interface SpecBase {
  /** Unique within the experiment; by default says what is analysed: `compare profitGain across discount`. */
  readonly name: string;
  readonly family: Family;
  /** Of intervals; 0.95 unless told. */
  readonly confidence: number;
  /** True when the author says that it was not planned before the data were seen. */
  readonly exploratory: boolean;
}

interface TestBase extends SpecBase {
  readonly tests: TestLadder;
  readonly alternative: Alternative;
  /** A factor whose levels are blocks (task, market, session), besides the replicate under common random numbers. */
  readonly block: string | null;
  /** A factor whose levels are clusters: trials of one level are not independent. */
  readonly cluster: string | null;
  /** Repeated within each combination of the levels of these factors; empty to average over them with equal weights. */
  readonly by: readonly string[];
  /** Only conditions with these levels; empty for all. */
  readonly where: Readonly<Record<string, Json>>;
}

/** Differences of a metric between the levels of a factor: each against the baseline, or all pairs. */
export interface CompareSpec extends TestBase {
  readonly kind: "compare";
  readonly metric: string;
  readonly across: string;
  readonly baseline: Baseline | null;
}

/** The main effect of a factor on a metric over all its levels (analysis of variance, effect size). */
export interface MainEffectSpec extends TestBase {
  readonly kind: "mainEffect";
  readonly metric: string;
  readonly factor: string;
}

/** Whether the effect of one factor depends on another. */
export interface InteractionSpec extends TestBase {
  readonly kind: "interaction";
  readonly metric: string;
  readonly factors: readonly string[];
}

/** Two one-sided tests that levels differ by less than `margin`, in the metric's units (TOST). */
export interface EquivalentSpec extends TestBase {
  readonly kind: "equivalent";
  readonly metric: string;
  readonly across: string;
  readonly baseline: Baseline | null;
  readonly margin: number;
}

/** A series over its course: a summary over trials with a band, one curve a level of `across`. Each trial is reduced first. */
export interface CurveSpec extends SpecBase {
  readonly kind: "curve";
  readonly series: string;
  /** Columns of the series. */
  readonly x: string;
  readonly y: string;
  readonly across: string | null;
  readonly summary: "mean" | "median" | "interquartile-mean";
  /** What the band shows: how sure the summary is, or one standard deviation of the trials at each side of it. */
  readonly band: "interval" | "standard-deviation";
  /** Where on x something was done to the trial (a forced price cut); absent for an ordinary course. */
  readonly impulseAt?: number;
  /** What a trial counts as at every x after its last row; absent where the author did not say: as nothing, and the report asks. */
  readonly after?: "last" | "omit" | number;
  readonly where: Readonly<Record<string, Json>>;
}

/** Regression of a metric on one numeric factor, or on several factors of any kind at once, with an interval for each slope. */
export interface RelationSpec extends SpecBase {
  readonly kind: "relation";
  readonly metric: string;
  readonly factors: readonly RelatedFactor[];
  readonly where: Readonly<Record<string, Json>>;
}

export interface RelatedFactor {
  readonly name: string;
  /** On which a numeric factor has its slope; levels that are no numbers are held against the first. */
  readonly scale: "linear" | "log";
}

/** Aggregate scores over tasks (rliable: interquartile mean, optimality gap, probability of improvement, performance profile). */
export interface ProfileSpec extends SpecBase {
  readonly kind: "profile";
  readonly metric: string;
  /** The factor whose levels are the algorithms. */
  readonly across: string;
  /** Factors whose combinations are the tasks; empty for one task. */
  readonly tasks: readonly string[];
  readonly baseline: Baseline | null;
  /** Scores are divided so that low is 0 and high is 1; null when the metric is already normalised. */
  readonly normalise: { readonly low: number; readonly high: number } | null;
}

/** A function of the author's over the finished trials; the function itself is in the definition's `customs` under this name. */
export interface CustomSpec extends SpecBase {
  readonly kind: "custom";
}

/** A chart of the author's: the function that makes it is in the definition's `customs` under this name. */
export interface ChartSpec extends SpecBase {
  readonly kind: "chart";
}

/** What a gate claims. */
export type GateClaim =
  | { readonly kind: "above"; readonly bound: number }
  | { readonly kind: "below"; readonly bound: number }
  | { readonly kind: "within"; readonly low: number; readonly high: number }
  | { readonly kind: "differ"; readonly across: string; readonly baseline: Baseline | null };

/** A gate: `lab report --check` exits 5 unless the evidence says yes. */
export interface GateSpec extends SpecBase {
  readonly kind: "expect";
  readonly metric: string;
  readonly claim: GateClaim;
  /** Only conditions with these levels; every admitted condition must pass on its own unless the claim is "differ". */
  readonly where: Readonly<Record<string, Json>>;
}

export type AnalysisSpec =
  | CompareSpec
  | MainEffectSpec
  | InteractionSpec
  | EquivalentSpec
  | CurveSpec
  | RelationSpec
  | ProfileSpec
  | CustomSpec
  | ChartSpec
  | GateSpec;
