// The test that a declared analysis will make of one pair of levels: how often it may err once its family is corrected, on which side, and
// the margin of an equivalence. A plan that forgets one of them promises what the report does not keep.
import type { AnalysisSpec, CompareSpec, EquivalentSpec } from "../../../lib/experiment/analysis-spec.ts";
import { normalUpper } from "../../../lib/stats/distribution/normal.ts";
import { studentizedRangeUpperQuantile } from "../../../lib/stats/distribution/studentized-range.ts";
import { dunnettCritical } from "../../../lib/stats/means/dunnett.ts";
import type { ExperimentSummary } from "../../../runtime/record/trial-table.ts";
import { numberText } from "../words/number-text.ts";

export interface PlannedTest {
  /** Name of the analysis; null where none is declared for the metric and factor. */
  readonly analysis: string | null;
  /** A p below it is found whatever the other tests of the family say. */
  readonly alpha: number;
  readonly isOneSided: boolean;
  /** Of an equivalence test, in the metric's units; null for a test of a difference. */
  readonly margin: number | null;
  /** "two-sided at 0.0167 (0.05 over the 3 tests of its family, Holm)". */
  readonly words: string;
}

/** The first declared comparison of the metric (across the factor, if one is given); a two-sided test at 0.05 where there is none. */
export function plannedTestOf(
  experiment: Pick<ExperimentSummary, "analyses" | "factors" | "metrics">,
  of: { readonly metric: string; readonly factor: string | null },
): PlannedTest {
  const spec = experiment.analyses.find(
    (each) =>
      (each.kind === "compare" || each.kind === "equivalent") &&
      each.metric === of.metric &&
      (of.factor === null || each.across === of.factor),
  );
  if (spec === undefined || (spec.kind !== "compare" && spec.kind !== "equivalent"))
    return {
      analysis: null,
      alpha: 0.05,
      isOneSided: false,
      margin: null,
      words: "two-sided at 0.05; no comparison of it is declared",
    };
  const error = 1 - spec.confidence;
  const tests = experiment.analyses
    .filter((each) => each.family.name === spec.family.name)
    .reduce((sum, each) => sum + testsOf(each, experiment), 0);
  const isCorrected = spec.family.correction !== "none" && tests > 1;
  const alpha = isCorrected ? alphaOf(spec, { error, tests }, experiment) : error;
  const isEquivalence = spec.kind === "equivalent";
  const isOneSided = !isEquivalence && spec.alternative !== "two-sided";
  const kind = isEquivalence
    ? `of equivalence within ${numberText(spec.margin)}, two one-sided tests`
    : isOneSided
      ? "one-sided"
      : "two-sided";
  const share = isCorrected
    ? ` (${numberText(error)} over the ${tests} tests of its family, ${spec.family.correction} correction)`
    : "";
  return {
    analysis: spec.name,
    alpha,
    isOneSided,
    margin: isEquivalence ? spec.margin : null,
    words: `${kind} at ${numberText(alpha)}${share}`,
  };
}

/**
 * The error at which one comparison is rejected whatever the others say: its share of the family's, or where the comparisons of means are
 * judged together by their largest t (Dunnett's with a baseline, the studentized range for all pairs) the error of that critical value.
 */
function alphaOf(
  spec: CompareSpec | EquivalentSpec,
  { error, tests }: { readonly error: number; readonly tests: number },
  { factors, metrics }: Pick<ExperimentSummary, "factors" | "metrics">,
): number {
  const levels = levelsOf(spec.across, factors);
  const hasBaseline = spec.baseline !== null;
  const pairs = pairsOf(levels, hasBaseline);
  const metric = metrics[spec.metric];
  const hasMean = metric !== undefined && metric.type !== "boolean" && metric.count === undefined;
  const isTwoSided = spec.kind === "compare" && spec.alternative === "two-sided";
  if (spec.family.correction !== "simultaneous" || !hasMean || !isTwoSided || pairs < 2) return error / tests;
  const together = (error * pairs) / tests;
  const critical = hasBaseline
    ? dunnettCritical({
        loadings: new Array<number>(pairs).fill(Math.SQRT1_2),
        df: manyDf,
        twoSided: true,
        level: 1 - together,
      })
    : studentizedRangeUpperQuantile(together, { k: levels, df: manyDf }) / Math.SQRT2;
  return 2 * normalUpper(critical);
}

/** Of a spread that is as good as known: the critical values of a plan do not depend on the number that it looks for. */
const manyDf = 1e5;

function levelsOf(name: string, factors: ExperimentSummary["factors"]): number {
  return factors.find((factor) => factor.name === name)?.levels.length ?? 1;
}

/** How many p values an analysis brings into its family. */
function testsOf(spec: AnalysisSpec, { factors }: Pick<ExperimentSummary, "factors">): number {
  const levels = (name: string): number => levelsOf(name, factors);
  switch (spec.kind) {
    case "compare":
    case "equivalent":
      return spec.by.reduce(
        (product, name) => product * levels(name),
        pairsOf(levels(spec.across), spec.baseline !== null),
      );
    case "mainEffect":
    case "interaction":
      return spec.by.reduce((product, name) => product * levels(name), 1);
    case "expect":
      return spec.claim.kind === "differ"
        ? pairsOf(levels(spec.claim.across), spec.claim.baseline !== null)
        : 0;
    case "relation":
    case "custom":
      return 1;
    case "curve":
    case "profile":
    case "chart":
      return 0;
  }
}

function pairsOf(levels: number, hasBaseline: boolean): number {
  return hasBaseline ? levels - 1 : (levels * (levels - 1)) / 2;
}
