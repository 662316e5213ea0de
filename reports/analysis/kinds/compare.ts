// The kinds `compare`, `equivalent` and `mainEffect`: level means, then each declared pair by the test its design calls for.
// p values leave here raw; families.ts corrects them once all findings are there.
import type { CompareSpec, EquivalentSpec, MainEffectSpec } from "../../../lib/experiment/analysis-spec.ts";
import {
  studentTLower,
  studentTUpper,
  studentTUpperQuantile,
} from "../../../lib/stats/distribution/student-t.ts";
import type { Estimate, TestResult } from "../../../lib/stats/estimate.ts";
import { isRefused } from "../../../lib/stats/refusal.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { levelText } from "../../design/arm.ts";
import type { AttritionRow } from "../../design/attrition.ts";
import { type LevelData, type LevelDesign, levelDesignOf, samplesOf } from "../../design/level-design.ts";
import type { MetricSummary } from "../analysis.ts";
import { type Difference, differenceOf, resampledMax } from "../estimates/difference.ts";
import { effectSizeOf } from "../estimates/effect.ts";
import { levelEstimateOf } from "../estimates/level-estimate.ts";
import { overallTestOf } from "../estimates/overall.ts";
import { worstCaseOf } from "../estimates/worst-case.ts";
import type { Comparison, ComparisonFinding, Finding } from "../finding.ts";
import { intervalOf } from "../interval.ts";
import { comparisonSentences } from "../words/comparison-sentences.ts";
import { reasonOf, unitName } from "../words/design-words.ts";
import { numberText } from "../words/number-text.ts";
import {
  type AnalysisKind,
  combinationsOf,
  findingIdOf,
  type KindInput,
  levelWords,
  numericMetric,
  unansweredFindingOf,
} from "./kind.ts";

export type ComparisonSpec = CompareSpec | EquivalentSpec | MainEffectSpec;

export const compareKind: AnalysisKind<CompareSpec> = kindWith(
  (spec) => `${spec.metric} across ${spec.across}`,
);

export const equivalentKind: AnalysisKind<EquivalentSpec> = {
  ...kindWith<EquivalentSpec>((spec) => `Equivalence of ${spec.metric} across ${spec.across}`),
  concluded: (finding, metrics) => comparisonSentences(withAdjustedVerdicts(finding), metrics),
};

export const effectKind: AnalysisKind<MainEffectSpec> = kindWith(
  (spec) => `Effect of ${spec.factor} on ${spec.metric}`,
);

function kindWith<S extends ComparisonSpec>(titleOf: (spec: S) => string): AnalysisKind<S> {
  return {
    answer(spec, input: KindInput) {
      const { table, arms } = input;
      return combinationsOf(table, spec.by).map((fixed) => {
        const suffix = levelWords(fixed);
        const within = [...levelWords(spec.where), ...suffix].join(", ");
        return compareFindingOf({
          spec,
          table,
          metric: numericMetric(spec.metric, input),
          arms,
          fixed,
          id: findingIdOf([spec.name, ...suffix].join(" ")),
          title: within === "" ? titleOf(spec) : `${titleOf(spec)}, ${within}`,
          within: within === "" ? null : within,
        });
      });
    },
    unanswered: unansweredFindingOf,
    concluded: comparisonSentences,
  };
}

export interface CompareInput {
  readonly spec: ComparisonSpec;
  readonly table: TrialTable;
  readonly metric: MetricSummary;
  readonly arms: readonly AttritionRow[];
  /** Further fixed levels, from the spec's `by`. */
  readonly fixed: Readonly<Record<string, unknown>>;
  readonly id: string;
  readonly title: string;
  /** The levels held fixed, in words; null for none. */
  readonly within: string | null;
}

/** Pairs beyond this many get no robustness table of their own. */
const robustPairsMax = 60;
/** All pairs of more levels than 45 answer no question that a reader has: they are ranked, and a baseline is asked for. */
const allPairsMax = 1000;

export function compareFindingOf(input: CompareInput): ComparisonFinding {
  const { spec, table, metric } = input;
  const factor = spec.kind === "mainEffect" ? spec.factor : spec.across;
  const design = levelDesignOf(table, {
    metric: metric.name,
    factor,
    where: { ...spec.where, ...input.fixed },
    block: spec.block,
    cluster: spec.cluster,
  });
  const baseline =
    spec.kind === "mainEffect" || spec.baseline === null ? null : levelText(spec.baseline.level);
  const all = (design.levels.length * (design.levels.length - 1)) / 2;
  const isRanked = spec.kind !== "mainEffect" && baseline === null && all > allPairsMax;
  const pairs = spec.kind === "mainEffect" || isRanked ? [] : pairsOf(design, baseline);
  const ran = input.arms.map((arm) => arm.planned - arm.notRun);
  const compared = pairs.map(([level, against]) =>
    comparedPair(input, design, { level, against, pairs: pairs.length, ran }),
  );
  const { test: overall, effect: overallEffect } = overallTestOf(design, spec.tests);
  return {
    kind: spec.kind === "mainEffect" ? "effect" : spec.kind,
    id: input.id,
    title: input.title,
    metric: metric.name,
    factor,
    unit: unitName(design, spec),
    baseline,
    levels: design.levels.map((level) =>
      levelEstimateOf(level, { kind: design.kind, confidence: spec.confidence }),
    ),
    overall: design.levels.length > 2 || spec.kind === "mainEffect" ? overall : null,
    overallEffect: design.levels.length > 2 || spec.kind === "mainEffect" ? overallEffect : null,
    comparisons: compared.map(({ comparison }) => comparison),
    pairsLeftOut: isRanked ? all : 0,
    family: null,
    assumptions: distinct(compared.flatMap(({ difference }) => difference.assumptions)),
    margin: spec.kind === "equivalent" ? spec.margin : null,
    within: input.within,
    sentences: [],
    reason: reasonOf(design, spec),
    notes: [...design.notes, ...degenerateNotes(design, metric), ...largeNotes(compared)],
    isConfirmatory: !spec.exploratory,
  };
}

function comparedPair(
  input: CompareInput,
  design: LevelDesign,
  of: {
    readonly level: LevelData;
    readonly against: LevelData;
    readonly pairs: number;
    readonly ran: readonly number[];
  },
): { readonly comparison: Comparison; readonly difference: Difference } {
  const { spec, metric, table } = input;
  const { level, against } = of;
  const difference = differenceOf({
    kind: design.kind,
    x: level,
    y: against,
    side: spec.kind === "equivalent" ? "two-sided" : spec.alternative,
    level: spec.confidence,
    ladder: spec.tests,
    seed: table.experiment.replicates.seed,
    withAlternatives: of.pairs <= robustPairsMax,
  });
  const shared = {
    label: `${level.level} rather than ${against.level}`,
    level: level.level,
    baseline: against.level,
    nLevel: difference.x.length,
    nBaseline: difference.y.length,
    isPaired: difference.isPaired,
    pAdjusted: null,
    robustness: difference.alternatives,
    worstCase: worstCaseOf(level, against, { ran: of.ran, range: metric.range }),
  };
  const { chosen } = difference;
  if (isRefused(chosen)) {
    const means = [difference.x, difference.y].map(meanOrNull);
    const gap = means[0] === null || means[1] === null ? null : means[0]! - means[1]!;
    const nothing = { interval: null, test: null, effect: null, verdict: null, detectable: null };
    const empty = [level, against].find((of) => of.units.length === 0);
    const note =
      empty === undefined
        ? chosen.reason
        : `${design.factor} = ${empty.level} has no ${unitWord(design)} of ${metric.name}`;
    return { difference, comparison: { ...shared, difference: gap, ...nothing, note } };
  }
  const { estimate } = chosen;
  const equivalence = spec.kind === "equivalent" ? tostOf(estimate, chosen.test, { ...spec }) : null;
  return {
    difference,
    comparison: {
      ...shared,
      difference: estimate.value,
      interval: intervalOf(estimate),
      test: equivalence?.test ?? chosen.test,
      effect: effectSizeOf(difference, {
        ladder: spec.tests,
        level: spec.confidence,
        cells:
          design.kind === "cells" && level.cells.length > 1
            ? { x: samplesOf(level), y: samplesOf(against) }
            : null,
      }),
      verdict: equivalence?.verdict ?? null,
      detectable: detectableOf(estimate, chosen.test, spec.confidence),
      note: null,
    },
  };
}

/** Every level against the baseline, or each later level against each earlier one. */
function pairsOf(design: LevelDesign, baseline: string | null): readonly (readonly [LevelData, LevelData])[] {
  const { levels } = design;
  if (baseline !== null) {
    const against = levels.find(({ level }) => level === baseline);
    return against === undefined
      ? []
      : levels.filter((level) => level !== against).map((level) => [level, against]);
  }
  return levels.flatMap((level, i) => levels.slice(0, i).map((against) => [level, against] as const));
}

/**
 * Two one-sided t tests (Schuirmann 1987) on the estimate's own standard error and degrees of freedom: p is the larger of the two.
 * Null when the method has no standard error (rank tests).
 */
function tostOf(
  estimate: Estimate,
  test: TestResult | null,
  spec: { readonly margin: number; readonly confidence: number },
): { readonly test: TestResult; readonly verdict: string } | null {
  const df = test?.df[0];
  if (test === null || df === undefined || estimate.standardError === undefined) return null;
  const above = (estimate.value + spec.margin) / estimate.standardError;
  const below = (estimate.value - spec.margin) / estimate.standardError;
  const p = Math.max(studentTUpper(above, df), studentTLower(below, df));
  const isOutside = estimate.low > spec.margin || estimate.high < -spec.margin;
  const statistic = studentTUpper(above, df) > studentTLower(below, df) ? above : below;
  return {
    test: { ...test, method: `two one-sided tests of equivalence (TOST, ${test.method})`, statistic, p },
    verdict: p < 1 - spec.confidence ? "equivalent" : isOutside ? "different" : "inconclusive",
  };
}

/** A verdict follows the p that is printed beside it: what the correction of the family takes back is left open. */
function withAdjustedVerdicts(finding: Finding): Finding {
  if (finding.kind !== "equivalent") return finding;
  const comparisons = finding.comparisons.map((comparison) => {
    const { pAdjusted, interval, verdict } = comparison;
    const isTakenBack =
      verdict === "equivalent" && pAdjusted !== null && interval !== null && pAdjusted >= 1 - interval.level;
    return isTakenBack ? { ...comparison, verdict: "inconclusive" } : comparison;
  });
  return { ...finding, comparisons };
}

/** Smallest true difference found with 80% power: (t(1 - a/2) + t(0.8)) standard errors. Source: Bloom (1995), Evaluation Review 19. */
function detectableOf(estimate: Estimate, test: TestResult | null, confidence: number): number | null {
  const df = test?.df[0];
  if (df === undefined || estimate.standardError === undefined) return null;
  return (
    (studentTUpperQuantile((1 - confidence) / 2, df) + studentTUpperQuantile(0.2, df)) *
    estimate.standardError
  );
}

/** Large samples have fewer other methods beside the chosen one, which the reader is told. */
function largeNotes(compared: readonly { readonly difference: Difference }[]): readonly string[] {
  const isLarge = compared.some(({ difference: { x, y } }) => Math.max(x.length, y.length) > resampledMax);
  if (!isLarge) return [];
  return [
    `Samples of more than ${numberText(resampledMax)} values are neither resampled nor ranked: at that size a bootstrap and the t interval agree to the printed digits.`,
  ];
}

function degenerateNotes(design: LevelDesign, metric: MetricSummary): readonly string[] {
  if (design.levels.length < 2) {
    const only = design.levels[0]?.level;
    return [
      only === undefined
        ? `No condition has the factor ${design.factor}.`
        : `Only one level of ${design.factor} (${only}) is in the results, so there is nothing to compare it with.`,
    ];
  }
  if (design.strata === 0)
    return [
      `The levels of ${design.factor} share no combination of the other factors, so they cannot be compared like with like.`,
    ];
  const empty = design.levels.filter((level) => level.units.length === 0);
  return empty.map(
    ({ level }) => `${design.factor} = ${level} has no ${unitWord(design)} of ${metric.name}.`,
  );
}

function unitWord(design: LevelDesign): string {
  return design.kind === "replicates" ? "complete replicate" : "measured value";
}

function meanOrNull(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function distinct<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [item.name, item])).values()];
}
