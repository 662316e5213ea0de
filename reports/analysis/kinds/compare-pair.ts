// One pair of levels: its difference by the measure of the metric, its test (of a difference, or of equivalence within a margin), and
// the verdict once p is corrected. Verdict, p and interval come from here together, so that they cannot contradict each other.
import type { CompareSpec, EquivalentSpec, MainEffectSpec } from "../../../lib/experiment/analysis-spec.ts";
import { isRefused } from "../../../lib/stats/refusal.ts";
import type { LevelData, LevelDesign } from "../../design/level-design.ts";
import type { MetricSummary } from "../analysis.ts";
import type { Contrast, Difference, Measure } from "../estimates/measures/measure.ts";
import { worstCaseOf } from "../estimates/worst-case.ts";
import type { CorrectedTest, FamilyTest } from "../families.ts";
import type { Comparison, Verdict } from "../finding.ts";
import { intervalOf } from "../interval.ts";

export type ComparisonSpec = CompareSpec | EquivalentSpec | MainEffectSpec;

export interface PairAsked {
  readonly design: LevelDesign;
  readonly measure: Measure;
  readonly spec: ComparisonSpec;
  readonly metric: MetricSummary;
  /** Cut down to what both have. */
  readonly x: LevelData;
  readonly y: LevelData;
  /** The same levels with all that they have: what is lost is counted there. */
  readonly whole: readonly [LevelData, LevelData];
  /** Trials that ran, by index of the condition. */
  readonly ran: readonly number[];
  readonly seed: number;
  readonly withAlternatives: boolean;
}

export interface ComparedPair {
  readonly difference: Difference;
  /** Without verdict: that waits for the correction. */
  readonly comparison: Comparison;
  /** What enters the family; null when there is no test. */
  readonly test: FamilyTest | null;
}

export function comparedPairOf(asked: PairAsked): ComparedPair {
  const { design, measure, spec, metric, x, y } = asked;
  const difference = measure.difference({
    ...{ design, x, y, rule: spec, seed: asked.seed, withAlternatives: asked.withAlternatives },
    side: spec.kind === "equivalent" ? "two-sided" : spec.alternative,
  });
  const shared = {
    label: `${x.level} rather than ${y.level}`,
    level: x.level,
    baseline: y.level,
    nLevel: difference.x.length,
    nBaseline: difference.y.length,
    isPaired: difference.isPaired,
    pAdjusted: null,
    adjustedInterval: null,
    verdict: null,
    measures: difference.measures,
    effect: difference.measures[0] ?? null,
    detectable: null,
    robustness: difference.alternatives,
    worstCase: worstCaseOf(...asked.whole, { ran: asked.ran, range: metric.range }),
  };
  const { chosen } = difference;
  if (isRefused(chosen)) {
    const note = emptyNote(asked) ?? chosen.reason;
    const gap = { difference: gapOf(difference), interval: null, test: null, note };
    return { difference, comparison: { ...shared, ...gap }, test: null };
  }
  const test = spec.kind === "equivalent" ? tostOf(chosen, spec.margin) : chosen.test;
  return {
    difference,
    comparison: {
      ...shared,
      difference: chosen.estimate.value,
      interval: intervalOf(chosen.estimate),
      test,
      note: null,
    },
    test: {
      p: test.p,
      intervalAt: (confidence) => intervalOf(chosen.intervalAt(confidence, "two-sided")),
    },
  };
}

/** The comparison under its family's correction, with the verdict that follows. */
export function correctedComparison(
  { comparison, difference }: ComparedPair,
  { alpha, pAdjusted, adjustedInterval }: CorrectedTest,
  spec: ComparisonSpec,
): Comparison {
  const p = pAdjusted ?? comparison.test?.p ?? 1;
  const isShown = p < 1 - spec.confidence;
  const isOneSided = spec.kind !== "equivalent" && spec.alternative !== "two-sided";
  return {
    ...comparison,
    pAdjusted,
    adjustedInterval,
    detectable: difference.detectableAt(isOneSided ? alpha : alpha / 2),
    verdict: verdictOf(comparison, isShown, spec),
  };
}

function verdictOf({ interval }: Comparison, isShown: boolean, spec: ComparisonSpec): Verdict {
  if (spec.kind !== "equivalent") return isShown ? "different" : "inconclusive";
  if (isShown) return "equivalent";
  const isOutside = interval !== null && (interval.low > spec.margin || interval.high < -spec.margin);
  return isOutside ? "different" : "inconclusive";
}

/** Two one-sided tests: p is the larger of the two. Source: Schuirmann (1987). */
function tostOf({ testAgainst }: Contrast, margin: number): Contrast["test"] {
  const above = testAgainst(-margin, "greater");
  const below = testAgainst(margin, "less");
  const { p, statistic } = above.p > below.p ? above : below;
  return {
    ...above,
    method: `two one-sided tests of equivalence (TOST, ${above.method})`,
    alternative: "two-sided",
    statistic,
    p,
  };
}

function emptyNote({ design, metric, x, y }: PairAsked): string | null {
  if (design.refusal !== null) return design.refusal.replace(/\.$/, "");
  const empty = design.levels.find(
    ({ level, units }) => units.length === 0 && (level === x.level || level === y.level),
  );
  const unit = design.kind === "replicates" ? "replicate" : "measured value";
  if (empty !== undefined) return `${design.factor} = ${empty.level} has no ${unit} of ${metric.name}`;
  if (x.units.length > 0 && y.units.length > 0) return null;
  return `${design.factor} = ${x.level} and ${y.level} have no combination of the other factors with values of ${metric.name} in both`;
}

function gapOf({ x, y }: Difference): number | null {
  if (x.length === 0 || y.length === 0) return null;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return mean(x) - mean(y);
}
