// One pair of levels: its difference by the measure of the metric, and its test, of a difference or of equivalence within a margin. What is
// said of it once p is corrected is written in compare-verdict.ts.
import type { CompareSpec, EquivalentSpec, MainEffectSpec } from "../../../lib/experiment/analysis-spec.ts";
import type { Alternative, TestResult } from "../../../lib/stats/estimate.ts";
import { isRefused } from "../../../lib/stats/refusal.ts";
import type { LevelData, LevelDesign } from "../../design/level-design.ts";
import type { MetricSummary } from "../analysis.ts";
import type { Contrast, Difference, Measure } from "../estimates/measures/measure.ts";
import { worstCaseOf } from "../estimates/worst-case.ts";
import type { Comparison } from "../finding.ts";

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
  /** What does not depend on the correction. */
  readonly shared: Pick<
    Comparison,
    "label" | "level" | "baseline" | "nLevel" | "nBaseline" | "isPaired" | "robustness" | "worstCase"
  >;
  /** What is tested, and how; null with the reason where nothing can be. */
  readonly tested: { readonly contrast: Contrast; readonly test: TestResult } | null;
  readonly note: string | null;
}

export function comparedPairOf(asked: PairAsked): ComparedPair {
  const { design, measure, spec, metric, x, y } = asked;
  const difference = measure.difference({
    ...{ design, x, y, rule: spec, seed: asked.seed, withAlternatives: asked.withAlternatives },
    side: sideOf(spec),
  });
  const shared = {
    label: `${x.level} rather than ${y.level}`,
    level: x.level,
    baseline: y.level,
    nLevel: difference.x.length,
    nBaseline: difference.y.length,
    isPaired: difference.isPaired,
    robustness: difference.alternatives,
    worstCase: worstCaseOf(...asked.whole, { ran: asked.ran, range: metric.range }),
  };
  const { chosen: contrast } = difference;
  if (isRefused(contrast))
    return { difference, shared, tested: null, note: emptyNote(asked) ?? contrast.reason };
  const test = spec.kind === "equivalent" ? tostOf(contrast, spec.margin) : contrast.test;
  return { difference, shared, tested: { contrast, test }, note: null };
}

/** The side that the tests of an analysis look at; both for equivalence. */
export function sideOf(spec: ComparisonSpec): Alternative {
  return spec.kind === "equivalent" ? "two-sided" : spec.alternative;
}

/** Two one-sided tests: p is the larger of the two. Source: Schuirmann (1987). */
function tostOf({ testAgainst }: Contrast, margin: number): TestResult {
  const above = testAgainst(-margin, "greater");
  const below = testAgainst(margin, "less");
  const { p, statistic } = above.p > below.p ? above : below;
  return {
    ...above,
    method: `two one-sided tests of equivalence (TOST, ${above.method.replace(/, one-sided \([a-z]+\)$/, "")})`,
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
