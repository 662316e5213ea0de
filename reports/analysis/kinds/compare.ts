// The kinds `compare`, `equivalent` and `mainEffect`, and their answer: levels, then each declared pair, by the measure that the
// metric and the design call for. p values leave here raw; verdicts and sentences are written once their family is corrected.
import type { CompareSpec, EquivalentSpec, MainEffectSpec } from "../../../lib/experiment/analysis-spec.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { levelText } from "../../design/arm.ts";
import type { AttritionRow } from "../../design/attrition.ts";
import { type LevelData, type LevelDesign, levelDesignOf } from "../../design/level-design.ts";
import { sharedOf } from "../../design/shared-cells.ts";
import type { MetricSummary } from "../analysis.ts";
import { resampledMax } from "../estimates/difference.ts";
import type { Joint, Measure, Overall } from "../estimates/measures/measure.ts";
import { measureOf } from "../estimates/measures/measure-of.ts";
import { survivalCoursesOf } from "../estimates/survival-courses.ts";
import type { CorrectedTests } from "../families.ts";
import type { ComparisonFinding, Estimand } from "../finding.ts";
import { withComparisonSentences } from "../words/comparison-sentences.ts";
import { unitName } from "../words/design-words.ts";
import { lossNotesOf } from "../words/loss-notes.ts";
import { numberText } from "../words/number-text.ts";
import { type ComparedPair, type ComparisonSpec, comparedPairOf, sideOf } from "./compare-pair.ts";
import { concludedPair } from "./compare-verdict.ts";
import {
  type AnalysisKind,
  type Answer,
  combinationsOf,
  findingIdOf,
  type KindInput,
  levelWords,
  numericMetric,
  unansweredFindingOf,
} from "./kind.ts";

export const compareKind: AnalysisKind<CompareSpec> = kindWith(
  (spec) => `${spec.metric} across ${spec.across}`,
);

export const equivalentKind: AnalysisKind<EquivalentSpec> = kindWith(
  (spec) => `Equivalence of ${spec.metric} across ${spec.across}`,
);

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
        return comparisonOf({
          spec,
          table,
          metric: numericMetric(spec.metric, input),
          arms,
          fixed,
          id: findingIdOf([spec.name, ...suffix].join(" ")),
          title: within === "" ? titleOf(spec) : `${titleOf(spec)}, ${within}`,
          within: within === "" ? null : within,
          withAlternatives: true,
        });
      });
    },
    unanswered: unansweredFindingOf,
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
  /** Whether to say what other methods say of the same data, where there are not too many pairs. */
  readonly withAlternatives: boolean;
}

/** Survival curves that one picture holds. */
const survivalLevelsMax = 8;
/** Pairs beyond this many get no robustness table of their own. */
const robustPairsMax = 60;
/** All pairs of more levels than 45 answer no question that a reader has: they are ranked, and a baseline is asked for. */
const allPairsMax = 1000;

/** Compares the levels of one factor in one part of the design. */
export function comparisonOf(input: CompareInput): Answer<ComparisonFinding> {
  const { spec, table, metric } = input;
  const design = levelDesignOf(table, {
    metric: metric.name,
    factor: spec.kind === "mainEffect" ? spec.factor : spec.across,
    where: { ...spec.where, ...input.fixed },
    block: spec.block,
    cluster: spec.cluster,
  });
  const measure = measureOf(metric, design);
  const all = (design.levels.length * (design.levels.length - 1)) / 2;
  const isRanked = spec.kind !== "mainEffect" && spec.baseline === null && all > allPairsMax;
  const pairs = spec.kind === "mainEffect" || isRanked ? [] : pairsOf(design, baselineOf(spec));
  const ran = input.arms.map((arm) => arm.planned - arm.notRun);
  const compared = pairs.map((pair) => {
    const [x, y] = sharedOf(design, pair) as typeof pair;
    return comparedPairOf({
      ...{
        design,
        measure,
        spec,
        metric,
        x,
        y,
        ran,
        whole: design.basis === "pairwise" ? ([x, y] as const) : pair,
      },
      seed: table.experiment.replicates.seed,
      withAlternatives: input.withAlternatives && pairs.length <= robustPairsMax,
    });
  });
  const overall = measure.overall(spec);
  const tests =
    spec.kind === "mainEffect"
      ? overall.test === null
        ? []
        : [overall.test]
      : compared.flatMap(({ tested }) => tested?.test ?? []);
  const parts = { design, measure, compared, overall, pairsLeftOut: isRanked ? all : 0 };
  return {
    tests,
    joint: jointOf(spec, parts),
    conclude: (corrected) => withComparisonSentences(findingOf(input, parts, corrected), metric),
  };
}

interface ComparisonParts {
  readonly design: LevelDesign;
  readonly measure: Measure;
  readonly compared: readonly ComparedPair[];
  readonly overall: Overall;
  readonly pairsLeftOut: number;
}

/** All pairs together, where each could be tested for a difference. */
function jointOf(spec: ComparisonSpec, { design, measure, compared }: ComparisonParts): Joint | null {
  const contrasts = compared.flatMap(({ tested }) => tested?.contrast ?? []);
  if (spec.kind === "equivalent" || contrasts.length < compared.length) return null;
  const name = baselineOf(spec);
  const baseline = design.levels.find(({ level }) => level === name) ?? null;
  const others = design.levels.filter((level) => level !== baseline);
  return measure.joint({ design, rule: spec, side: sideOf(spec), baseline, others, contrasts });
}

/** Of ranks, where the classical ladder led to them: all pairs, or some. */
function estimandOf(estimand: Estimand, compared: readonly ComparedPair[]): Estimand {
  const methods = compared.flatMap(({ tested }) => tested?.contrast.estimate.method ?? []);
  const ranks = methods.filter((method) => method.startsWith("Hodges-Lehmann"));
  if (ranks.length === 0) return estimand;
  const names = new Set(ranks.map((method) => method.split(" with ", 1)[0]!));
  return {
    ...estimand,
    name: [...(ranks.length < methods.length ? [estimand.name] : []), ...names].join(" or "),
  };
}

/** The finding before its sentences. */
function findingOf(
  input: CompareInput,
  { design, measure, compared, overall, pairsLeftOut }: ComparisonParts,
  { family, tests }: CorrectedTests,
): ComparisonFinding {
  const { spec, metric } = input;
  const isEffect = spec.kind === "mainEffect";
  const hasOverall = isEffect || design.levels.length > 2;
  let next = 0;
  return {
    kind: isEffect ? "effect" : spec.kind,
    id: input.id,
    title: input.title,
    metric: metric.name,
    factor: design.factor,
    estimand: estimandOf(measure.estimand, compared),
    unit: unitName(design, spec),
    baseline: baselineOf(spec),
    levels: design.levels.map((level) => measure.levelEstimate(level, { confidence: spec.confidence })),
    overall: hasOverall ? overall.test : null,
    overallEffect: hasOverall ? overall.effect : null,
    comparisons: compared.map((pair) =>
      concludedPair(pair, {
        spec,
        estimand: measure.estimand,
        corrected: pair.tested === null ? null : tests[next++]!,
      }),
    ),
    pairsLeftOut,
    family,
    pAdjusted: isEffect ? (tests[0]?.pAdjusted ?? null) : null,
    assumptions: distinct(compared.flatMap(({ difference }) => difference.assumptions)),
    margin: spec.kind === "equivalent" ? spec.margin : null,
    survival: survivalCoursesOf(design.levels, { confidence: spec.confidence, levelsMax: survivalLevelsMax }),
    within: input.within,
    sentences: [],
    reason: measure.reason(spec),
    notes: [
      ...design.notes,
      ...lossNotesOf({
        ...{ table: input.table, arms: input.arms, metric, factor: design.factor },
        where: { ...spec.where, ...input.fixed },
        averagedOver: design.averagedOver,
      }),
      ...degenerateNotes(design, metric),
      ...largeNotes(compared),
    ],
    isConfirmatory: !spec.exploratory,
  };
}

function baselineOf(spec: ComparisonSpec): string | null {
  return spec.kind === "mainEffect" || spec.baseline === null ? null : levelText(spec.baseline.level);
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

/** Large samples have fewer other methods beside the chosen one, which the reader is told. */
function largeNotes(compared: readonly ComparedPair[]): readonly string[] {
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
  if (design.refusal !== null) return [design.refusal];
  const unit = design.kind === "replicates" ? "replicate" : "measured value";
  const empty = design.levels.filter((level) => level.units.length === 0);
  return empty.map(({ level }) => `${design.factor} = ${level} has no ${unit} of ${metric.name}.`);
}

function distinct<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [item.name, item])).values()];
}
