// The answer to one declared analysis: an estimate with its interval, the test, why that test, what others would have said,
// and the sentence that states it. Plain JSON data; a number that could not be computed is null and `note` says why.
import type { GateClaim } from "../../lib/experiment/analysis-spec.ts";
import type { TestResult } from "../../lib/stats/estimate.ts";
import type { Corrected, FindingBase } from "./finding-base.ts";
import type { Interval } from "./interval.ts";
import type { Height, RegressionBase, RegressionFinding } from "./regression-finding.ts";

export type Finding =
  | ComparisonFinding
  | InteractionFinding
  | CurveFinding
  | RelationFinding
  | RegressionFinding
  | ProfileFinding
  | GateFinding
  | CustomFinding
  | ChartFinding
  | UnansweredFinding;

/** The finding of one kind: what a table by kind hands to its entry. */
export type FindingOf<K extends Finding["kind"]> = Finding extends infer F
  ? F extends { readonly kind: infer Own }
    ? K extends Own
      ? F
      : never
    : never
  : never;

/** What an analysis estimates. */
export interface Estimand {
  /** "difference of means", "difference of shares", "Hodges-Lehmann shift", "difference of restricted means up to 10". */
  readonly name: string;
  /** What differences are measured in; null where the metric names no unit. */
  readonly unit: string | null;
  /** What is estimated of a level: "mean", "share". */
  readonly levelName: string;
  readonly scale: "difference" | "ratio";
  /** Where two levels are alike: 0 on the scale of differences, 1 on that of ratios. */
  readonly reference: 0 | 1;
  /** Where times are restricted: what lies beyond counts as this. Absent for all that is not cut off. */
  readonly upTo?: number;
}

/** Differences of a metric between levels of a factor; also `mainEffect` (one per level) and `equivalent` (with a margin). */
export interface ComparisonFinding extends FindingBase, Corrected {
  readonly kind: "compare" | "effect" | "equivalent";
  readonly metric: string;
  readonly factor: string;
  /** What is estimated of each level and between two of them. */
  readonly estimand: Estimand;
  readonly levels: readonly LevelEstimate[];
  readonly overallEffect: EffectSize | null;
  /** A test over all levels at once; null for two levels or where it cannot be computed. */
  readonly overall: TestResult | null;
  readonly comparisons: readonly Comparison[];
  /** Pairs that were not compared one by one because there are too many and none is the baseline; 0 when all were. */
  readonly pairsLeftOut: number;
  /** What a unit is: "replicate", "trial" or the name of a block or cluster factor. */
  readonly unit: string;
  /** The level that the others are held against; null for all pairs. */
  readonly baseline: string | null;
  readonly assumptions: readonly AssumptionCheck[];
  /** The margin of an equivalence test in the metric's units; null otherwise. */
  readonly margin: number | null;
  /** Kaplan-Meier's curve of each level, where some trial was censored; empty otherwise. */
  readonly survival: readonly SurvivalCourse[];
  /** The levels that `where` and `by` hold fixed: "noise = 1, firms = 2"; null when the comparison is over the whole design. */
  readonly within: string | null;
}

/** One level of the factor, averaged over the other factors with equal weights within a unit. */
export interface LevelEstimate {
  readonly level: string;
  /** Units: replicates under common random numbers, measured trials otherwise. */
  readonly n: number;
  /** What was counted: 4 successes of 30 trials; null for what is measured. */
  readonly tally: { readonly count: number; readonly of: number } | null;
  readonly mean: number | null;
  readonly sd: number | null;
  readonly interval: Interval | null;
  /** One value a unit, for charts; all of them, or 100 evenly spaced ones. */
  readonly units: readonly number[];
  /** What pairs a unit with one of another level: replicate, or level of the block factor. */
  readonly unitIds: readonly string[];
}

/** The share of a level's trials whose metric is above a value, over the values: 1 until the first point, a step at each. */
export interface SurvivalCourse {
  readonly level: string;
  readonly n: number;
  readonly censored: number;
  /** Ascending; limits are pointwise, null where there are none. */
  readonly points: readonly {
    readonly time: number;
    readonly share: number;
    readonly low: number | null;
    readonly high: number | null;
  }[];
  /** Where trials were cut, on the curve. */
  readonly cuts: readonly { readonly time: number; readonly share: number }[];
  /** Trials that reach each of some evenly spaced values, the same for all levels. */
  readonly atRisk: readonly { readonly time: number; readonly n: number }[];
}

export interface Comparison {
  /** "0.95 rather than 0". */
  readonly label: string;
  readonly level: string;
  readonly baseline: string;
  readonly nLevel: number;
  readonly nBaseline: number;
  readonly isPaired: boolean;
  /** `level` against `baseline` as the finding's estimand says: of means, that of `level` minus that of `baseline`. */
  readonly difference: number | null;
  /** For this comparison alone. */
  readonly interval: Interval | null;
  /** Holds together with the others of the family, under the correction of `pAdjusted`; null where nothing is corrected. */
  readonly adjustedInterval: Interval | null;
  readonly test: TestResult | null;
  readonly pAdjusted: number | null;
  /** The first of `measures`. */
  readonly effect: EffectSize | null;
  /** The size of the difference on further scales, the one to quote first. */
  readonly measures: readonly EffectSize[];
  /** What other methods would have said of the same data. */
  readonly robustness: readonly OtherMethod[];
  /** The difference if every missing outcome had been the worst or best that the declared range allows. */
  readonly worstCase: { readonly low: number; readonly high: number } | null;
  /** What the adjusted p says at the declared level; null without a test. */
  readonly verdict: Verdict | null;
  /** The smallest difference that these numbers would detect with 80% power, under the correction of the family; null when not computed. */
  readonly detectable: number | null;
  readonly note: string | null;
}

/** Whether the levels are shown to differ (beyond the margin of an equivalence test), to be equivalent within it, or neither. */
export type Verdict = "different" | "equivalent" | "inconclusive";

export interface EffectSize {
  /** "Hedges g", "Cohen's dz", "eta squared". */
  readonly name: string;
  readonly value: number;
  readonly interval: Interval | null;
  /** A conventional label with the name of its rule, only under `tests: "classical"`. */
  readonly label: string | null;
}

export interface OtherMethod {
  readonly method: string;
  readonly estimate: number | null;
  readonly interval: Interval | null;
  readonly p: number | null;
  /** True for the method that the finding used. */
  readonly isChosen: boolean;
}

export interface AssumptionCheck {
  /** "Shapiro-Wilk, discount = 0". */
  readonly name: string;
  readonly statistic: number | null;
  readonly p: number | null;
  /** What it says, in words. */
  readonly verdict: string;
}

/** Whether the effect of the last of several factors depends on the others. */
export interface InteractionFinding extends FindingBase, Corrected {
  readonly kind: "interaction";
  readonly metric: string;
  /** Two or more; nothing but labels depends on their order. */
  readonly factors: readonly string[];
  /** `first`: the levels of all factors but the last, "1, small"; `second`: that of the last. */
  readonly cells: readonly (LevelEstimate & { readonly first: string; readonly second: string })[];
  /** Of all interaction contrasts jointly; its p is what the family corrects. */
  readonly test: TestResult | null;
  readonly effect: EffectSize | null;
  /** Differences of effects from the first levels, in declared order; empty where there are more than 60 or none can be computed. */
  readonly contrasts: readonly InteractionContrast[];
}

export interface InteractionContrast {
  /** "b = 2 rather than 1, at a = 3 rather than 1". */
  readonly label: string;
  /** Whose effect differs: "b = 2 rather than 1". */
  readonly effect: string;
  /** Between which levels of the other factors it differs, "3" and "1". */
  readonly at: string;
  readonly base: string;
  /** By how much the one effect exceeds the other. */
  readonly difference: number;
  /** For this contrast alone. */
  readonly interval: Interval;
  /** Holds together with the other contrasts of the finding, by Bonferroni; null where it excludes 0 and the joint test shows nothing. */
  readonly adjustedInterval: Interval | null;
  readonly p: number;
  /** Bonferroni over the contrasts of the finding, and no less than the joint test's. */
  readonly pAdjusted: number;
  /** As `pAdjusted` says. */
  readonly verdict: "different" | "inconclusive";
}

/** The course of a series, one line an arm. */
export interface CurveFinding extends FindingBase {
  readonly kind: "curve";
  readonly series: string;
  readonly x: string;
  readonly y: string;
  readonly factor: string | null;
  /** What a line is of the units at each x; `mean` of a point is this summary. */
  readonly summary: "mean" | "median" | "interquartile-mean";
  /** What a chart shades around the summary: its interval, or one standard deviation at each side. */
  readonly band: "interval" | "standard-deviation";
  /** Several x share a point: even bins over x, each trial at its mean there. */
  readonly isBinned: boolean;
  /** Where on x the impulse was given; null for an ordinary course. */
  readonly impulseAt: number | null;
  readonly lines: readonly {
    readonly label: string;
    readonly n: number;
    readonly points: readonly CurvePoint[];
    /** How far the units moved from their own values before the impulse; null for an ordinary course. */
    readonly impulse: ImpulseResponse | null;
    /** Single runs, a few, thinned to the same x values. */
    readonly runs: readonly { readonly replicate: number; readonly y: readonly (number | null)[] }[];
  }[];
}

export interface CurvePoint {
  readonly x: number;
  /** Trials that have a value here. */
  readonly n: number;
  readonly mean: number | null;
  /** Standard deviation of the units here; null for fewer than two. */
  readonly sd: number | null;
  readonly interval: Interval | null;
}

export interface ImpulseResponse {
  /** Mean over units of each unit's mean over every x before the impulse. */
  readonly before: number;
  /** Mean change from the unit's own value before, at the impulse and after it. */
  readonly changes: readonly {
    readonly x: number;
    readonly n: number;
    readonly change: number;
    /** Of a band that holds at all points at once. */
    readonly interval: Interval | null;
  }[];
}

/** The slope of a metric on one numeric factor. */
export interface RelationFinding extends RegressionBase {
  readonly kind: "relation";
  /** "alpha", or "log10 beta". */
  readonly factor: string;
  readonly slope: number | null;
  readonly slopeInterval: Interval | null;
  readonly test: TestResult | null;
  /** Fitted line with a pointwise interval, for drawing. */
  readonly fit: readonly Height[];
  readonly points: readonly { readonly x: number; readonly y: number }[];
  /** Mean at each x, less what other factors say of it; empty for more than 30 of them. */
  readonly means: readonly { readonly x: number; readonly y: number }[];
}

/** Aggregates over several tasks as in rliable (Agarwal et al. 2021). */
export interface ProfileFinding extends FindingBase {
  readonly kind: "profile";
  readonly metric: string;
  readonly factor: string;
  readonly task: string;
  /** Which scores are better: by the metric's direction, "higher" for normalised ones. */
  readonly better: "higher" | "lower";
  /** The score up to which the optimality gap counts; null when no best score is known. */
  readonly target: number | null;
  readonly groups: readonly {
    readonly level: string;
    readonly tasks: number;
    readonly runs: number;
    readonly iqm: number;
    readonly iqmInterval: Interval | null;
    /** Mean distance from `target` of the scores that are worse; null without one. */
    readonly optimalityGap: number | null;
    readonly optimalityGapInterval: Interval | null;
    /** Mean and median of the task means. */
    readonly mean: number;
    readonly median: number;
    /** The share of runs that are better than each score. */
    readonly profile: readonly {
      readonly score: number;
      readonly share: number;
      readonly low: number;
      readonly high: number;
    }[];
  }[];
  readonly improvement: readonly {
    readonly level: string;
    readonly baseline: string;
    /** That a run of the level is better than one of the baseline on the same task. */
    readonly probability: number;
    readonly interval: Interval | null;
  }[];
}

/** A statement that the evidence must support for `lab report --check` to pass. */
export interface GateFinding extends FindingBase {
  readonly kind: "gate";
  readonly metric: string;
  readonly expectation: string;
  /** What is claimed, in numbers. */
  readonly claim: GateClaim;
  readonly verdict: "passed" | "failed" | "undecided";
  /** Of the check that the verdict rests on. */
  readonly estimate: number | null;
  readonly interval: Interval | null;
  /** Each condition, or each comparison of a claim that levels differ: all must pass. */
  readonly checks: readonly {
    readonly label: string;
    readonly verdict: "passed" | "failed" | "undecided";
    /** The evidence in words, and what an undecided one lacks. */
    readonly words: string;
    readonly estimate: number | null;
    readonly interval: Interval | null;
  }[];
  /** What went wrong in labwright itself when the gate could not be judged; null otherwise. */
  readonly fault: string | null;
}

/** What an author's own function returned. */
export interface CustomFinding extends FindingBase, Corrected {
  readonly kind: "custom";
  readonly estimate: number | null;
  readonly interval: Interval | null;
  readonly p: number | null;
  readonly tables: readonly FoundTable[];
}

/** A table that the author's function gave, its columns as declared or as their values are. */
export interface FoundTable {
  readonly title: string;
  readonly columns: readonly {
    readonly name: string;
    /** "tau (rounds)": with its unit. */
    readonly head: string;
    readonly isNumber: boolean;
    /** Digits after the point; null for four significant ones. */
    readonly decimals: number | null;
  }[];
  /** Cells as text or numbers, in the order of `columns`. */
  readonly rows: readonly (readonly (number | string | null)[])[];
}

/** A chart of the author's own. */
export interface ChartFinding extends FindingBase {
  readonly kind: "chart";
  /** A Vega-Lite specification with its rows, which loads and runs nothing. */
  readonly spec: Readonly<Record<string, unknown>>;
  /** What its marks are, in the author's words. */
  readonly caption: string;
}

/** A declared analysis that these results cannot answer; its sentence says why. */
export interface UnansweredFinding extends FindingBase {
  readonly kind: "unanswered";
  /** What went wrong in labwright itself; null when the data or the design are the reason. */
  readonly fault: string | null;
}
