// What is said of a pair of levels once its p is corrected: verdict, intervals and effect sizes. All of them come from one error rate, and
// the test decides where an interval of another method would contradict it.
import type { Alternative } from "../../../lib/stats/estimate.ts";
import type { CorrectedTest } from "../families.ts";
import type { Comparison, EffectSize, Estimand, Verdict } from "../finding.ts";
import { type Interval, intervalOf, sidedInterval } from "../interval.ts";
import { type ComparedPair, type ComparisonSpec, sideOf } from "./compare-pair.ts";

export interface VerdictAsked {
  readonly spec: ComparisonSpec;
  readonly estimand: Estimand;
  /** Null where there is no test. */
  readonly corrected: CorrectedTest | null;
}

export function concludedPair(pair: ComparedPair, { spec, estimand, corrected }: VerdictAsked): Comparison {
  const { shared, difference, tested, note } = pair;
  if (tested === null || corrected === null)
    return {
      ...shared,
      difference: gapOf(pair),
      ...{ interval: null, adjustedInterval: null, test: null, pAdjusted: null },
      ...{ effect: null, measures: [], verdict: null, detectable: null, note },
    };
  const { contrast, test } = tested;
  const alpha = 1 - spec.confidence;
  const p = corrected.pAdjusted ?? test.p;
  const shown: Shown = {
    spec,
    side: sideOf(spec),
    value: contrast.estimate.value,
    reference: estimand.reference,
    at: (confidence) => intervalOf(contrast.intervalAt(confidence)),
  };
  const interval = agreeing(shown, intervalShown(shown, alpha), test.p < alpha);
  const adjustedInterval = corrected.pAdjusted === null ? null : adjustedShown(shown, corrected, p < alpha);
  const decisive = adjustedInterval ?? interval;
  const measures = difference
    .measuresAt(twoSidedConfidence(spec, sizeError(shown, corrected, p < alpha)))
    .map((measure) => sidedMeasure(measure, shown));
  return {
    ...shared,
    difference: contrast.estimate.value,
    interval,
    adjustedInterval,
    test,
    pAdjusted: corrected.pAdjusted,
    measures,
    effect: measures[0] ?? null,
    verdict: verdictOf(decisive, p < alpha, spec),
    detectable:
      spec.kind === "equivalent"
        ? null
        : difference.detectableAt((1 - twoSidedConfidence(spec, corrected.firstError)) / 2),
    note,
  };
}

interface Shown {
  readonly spec: ComparisonSpec;
  readonly side: Alternative;
  readonly value: number;
  readonly reference: number;
  /** The two-sided interval at a confidence. */
  at(confidence: number): Interval;
}

/** One-sided tests, and the two of an equivalence test, go with the two-sided interval at twice their error rate. */
function twoSidedConfidence(spec: ComparisonSpec, error: number): number {
  const isOneSided = spec.kind === "equivalent" || sideOf(spec) !== "two-sided";
  return 1 - (isOneSided ? 2 : 1) * error;
}

function intervalShown({ spec, side, at }: Shown, error: number): Interval {
  return sidedInterval(at(twoSidedConfidence(spec, error)), side);
}

function adjustedShown(shown: Shown, corrected: CorrectedTest, isShown: boolean): Interval {
  const { error, firstError } = corrected;
  const whole = intervalShown(shown, error ?? firstError);
  const named = { ...whole, level: shown.spec.confidence };
  const level = shown.spec.kind === "equivalent" ? 2 * shown.spec.confidence - 1 : shown.spec.confidence;
  const agreed = agreeing(shown, { ...named, level }, isShown);
  return error === null ? sideOnly(shown, agreed) : agreed;
}

/** What Holm and Hochberg say of a rejected hypothesis while others are not: the side of the reference, or inside the margins. */
function sideOnly({ spec, value, reference }: Shown, interval: Interval): Interval {
  if (spec.kind === "equivalent") return { ...interval, low: -spec.margin, high: spec.margin };
  return value > reference
    ? { ...interval, low: reference, openEnd: "high" }
    : { ...interval, high: reference, openEnd: "low" };
}

/**
 * The error rate of effect sizes: that of the adjusted interval. Where the correction rules on the side alone, which that interval by itself
 * does not show, each size has the interval that it has alone.
 */
function sizeError(shown: Shown, { error }: CorrectedTest, isShown: boolean): number {
  const alpha = 1 - shown.spec.confidence;
  if (error === null || shown.spec.kind === "equivalent") return error ?? alpha;
  return isShown && !isBeyond(shown, intervalShown(shown, error)) ? alpha : error;
}

function isBeyond({ side, reference }: Shown, { low, high }: Interval): boolean {
  return (side !== "less" && low > reference) || (side !== "greater" && high < reference);
}

/** The interval with an end moved to the value that the test rules on, where the two would contradict each other. */
function agreeing(shown: Shown, interval: Interval, isShown: boolean): Interval {
  const { spec, value, reference } = shown;
  if (spec.kind === "equivalent") {
    const { margin } = spec;
    const { low, high } = interval;
    const isInside = low > -margin && high < margin;
    if (isInside === isShown) return interval;
    if (isShown) return { ...interval, low: Math.max(low, -margin), high: Math.min(high, margin) };
    return value > 0 ? { ...interval, high: margin } : { ...interval, low: -margin };
  }
  if (isBeyond(shown, interval) === isShown) return interval;
  return value > reference ? { ...interval, low: reference } : { ...interval, high: reference };
}

function sidedMeasure(measure: EffectSize, { side, spec }: Shown): EffectSize {
  if (measure.interval === null || spec.kind === "equivalent") return measure;
  return { ...measure, interval: sidedInterval(measure.interval, side) };
}

/** Different from a margin means beyond it with the whole interval. */
function verdictOf({ low, high }: Interval, isShown: boolean, spec: ComparisonSpec): Verdict {
  if (spec.kind !== "equivalent") return isShown ? "different" : "inconclusive";
  if (isShown) return "equivalent";
  return low > spec.margin || high < -spec.margin ? "different" : "inconclusive";
}

/** The difference of means where nothing can be tested. */
function gapOf({ difference: { x, y } }: ComparedPair): number | null {
  if (x.length === 0 || y.length === 0) return null;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return mean(x) - mean(y);
}
