// What one metric's levels are measured by: an estimate of a level, the difference of two, a test over all, and the words of it.
// compare.ts and its kin know no measure by name; measure-of.ts chooses one by the metric and the design.
import type { Alternative, Estimate, TestResult } from "../../../../lib/stats/estimate.ts";
import type { Refused } from "../../../../lib/stats/refusal.ts";
import type { JointTest } from "../../../../lib/stats/simultaneous/joint-contrasts.ts";
import type { LevelData, LevelDesign } from "../../../design/level-design.ts";
import type { AssumptionCheck, EffectSize, Estimand, LevelEstimate, OtherMethod } from "../../finding.ts";

/** A difference of two levels with its test, and the same method asked again. */
export interface Contrast {
  /** With a two-sided interval at the declared confidence. */
  readonly estimate: Estimate;
  /** Of no difference, on the declared side. */
  readonly test: TestResult;
  /** Of no difference, whichever side is declared. */
  readonly twoSidedP: number;
  /** The two-sided interval of the same method at another confidence. */
  intervalAt(confidence: number): Estimate;
  /** One-sided test that the difference is above ("greater") or below ("less") a value: p, statistic and degrees of freedom. */
  testAgainst(value: number, side: "less" | "greater"): TestResult;
}

export interface Difference {
  readonly isPaired: boolean;
  /** Values that entered, pair by pair when paired. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly chosen: Contrast | Refused;
  /** What else the difference is measured by, the one to quote first, with two-sided intervals at a confidence. */
  measuresAt(confidence: number): readonly EffectSize[];
  /** The smallest true difference that these numbers find with 80% power where the test errs this often at each side it looks at. */
  detectableAt(tail: number): number | null;
  readonly alternatives: readonly OtherMethod[];
  readonly assumptions: readonly AssumptionCheck[];
}

/** How an analysis was declared to test. */
export interface TestRule {
  readonly tests: "estimation" | "classical";
  readonly confidence: number;
  readonly block: string | null;
  readonly cluster: string | null;
}

export interface PairInput {
  readonly design: LevelDesign;
  readonly x: LevelData;
  readonly y: LevelData;
  readonly rule: TestRule;
  readonly side: Alternative;
  /** Seed of resampling. */
  readonly seed: number;
  /** Whether to run the other methods too. */
  readonly withAlternatives: boolean;
}

/** Comparisons judged together by one method, in their order. */
export interface Joint {
  /** "Games-Howell". */
  readonly method: string;
  readonly tests: readonly JointTest[];
}

export interface JointInput {
  readonly design: LevelDesign;
  readonly rule: TestRule;
  readonly side: Alternative;
  /** The level that all others are held against; null for all pairs. */
  readonly baseline: LevelData | null;
  /** The compared levels other than the baseline, in the order of their contrasts. */
  readonly others: readonly LevelData[];
  readonly contrasts: readonly Contrast[];
}

/** A test over all levels at once. */
export interface Overall {
  readonly test: TestResult | null;
  readonly effect: EffectSize | null;
  /** Why there is no test, in words. */
  readonly note: string | null;
}

export interface Measure {
  readonly estimand: Estimand;
  /** @param unitsMax units kept for charts, at most; 100 unless told. */
  levelEstimate(
    level: LevelData,
    options: { readonly confidence: number; readonly unitsMax?: number },
  ): LevelEstimate;
  /** Compares level x with level y; a refusal is a value with its reason in words. */
  difference(input: PairInput): Difference;
  /** How the comparisons of one finding are judged together by a method of their own; null where only Bonferroni's bound holds. */
  joint(input: JointInput): Joint | null;
  /** One test over all levels of the design at once. */
  overall(rule: TestRule): Overall;
  /** Which test and why, in one or two sentences. */
  reason(rule: TestRule): string;
}
