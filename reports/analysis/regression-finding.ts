// The answers of regressions: what those on one factor (RelationFinding) and on several have in common, and that on several.
import type { TestResult } from "../../lib/stats/estimate.ts";
import type { Corrected, FindingBase } from "./finding-base.ts";
import type { Interval } from "./interval.ts";

/** What regressions on one factor and on several have in common. */
export interface RegressionBase extends FindingBase, Corrected {
  readonly metric: string;
  /** Units: single trials, means of sampled conditions, or replicates with a regression each. */
  readonly n: number;
  readonly intercept: number | null;
  /** Share of the variation within the combinations of factors that are held fixed. */
  readonly rSquared: number | null;
  /** Whether straight lines miss the means of conditions; not corrected. Null where no condition was repeated. */
  readonly lackOfFit: TestResult | null;
  /** What is taken out as straight lines beside the factors asked for: "log10 beta". */
  readonly adjustedFor: readonly string[];
}

export interface Height {
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
}

/** The slopes of a metric on several factors at once. */
export interface RegressionFinding extends RegressionBase {
  readonly kind: "regression";
  readonly factors: readonly string[];
  readonly adjustedRSquared: number | null;
  /** In the order in which factors were named; empty where nothing could be computed. */
  readonly terms: readonly RegressionSlope[];
}

export interface RegressionSlope {
  /** "alpha", "log10 beta", "kind = y rather than x". */
  readonly label: string;
  readonly factor: string;
  /** Whether it is a slope; false for a difference between levels. */
  readonly isNumeric: boolean;
  readonly estimate: number;
  readonly interval: Interval;
  /** By how many standard deviations of the metric for one of the factor. */
  readonly standardised: number;
  /** Variance inflation: 1 where the factor is unrelated to the others. */
  readonly inflation: number;
  readonly test: TestResult;
  /** Null where nothing is corrected. */
  readonly pAdjusted: number | null;
  readonly verdict: "different" | "inconclusive";
  /** The added-variable plot: both sides less what the other factors say of them, and the line; null for a difference between levels. */
  readonly partial: {
    readonly points: readonly { readonly x: number; readonly y: number }[];
    readonly line: readonly Height[];
  } | null;
}
