// The kind `relation`: the slope of a metric on a numeric factor, or on several factors at once, with errors that hold where the scatter changes
// along them. What the units are, and what is held fixed beside the slopes, the design says.
import type { RelationSpec } from "../../../lib/experiment/analysis-spec.ts";
import { meanOf } from "../../../lib/stats/moments.ts";
import { isRefused, orRefusal, refuse } from "../../../lib/stats/refusal.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { groupedBy } from "../../design/level-design.ts";
import { type RegressionDesign, regressionDesignOf } from "../../design/regression-design.ts";
import type { MetricSummary } from "../analysis.ts";
import { extentOf } from "../estimates/extent.ts";
import { type Point, type RegressionFit, regressionFitOf } from "../estimates/regression-fit.ts";
import type { RelationFinding } from "../finding.ts";
import { intervalOf } from "../interval.ts";
import type { RegressionFinding, RegressionSlope } from "../regression-finding.ts";
import { restrictedNotes } from "../words/design-words.ts";
import { decimalsFor, intervalText, numberText, pText, signedText } from "../words/number-text.ts";
import {
  inflationNotes,
  misfitWords,
  regressionReason,
  regressionSentences,
} from "../words/relation-words.ts";
import {
  type AnalysisKind,
  type Answer,
  findingIdOf,
  numericMetric,
  plainKind,
  saidWithin,
  untested,
} from "./kind.ts";

export const relationKind: AnalysisKind<RelationSpec> = {
  ...plainKind,
  answer(spec, input) {
    const metric = numericMetric(spec.metric, input);
    const { table } = input;
    const design = regressionDesignOf(table, spec);
    const fit = orRefusal(() => fitted(design, table, spec));
    const asked: Asked = { spec, metric, design, shared: sharedOf(spec, design) };
    const [column, ...others] = design.columns;
    const isOne = spec.factors.length === 1 && others.length === 0 && column!.isNumeric;
    if (isRefused(fit)) return [isOne ? noSlope(asked, fit.reason) : noSlopes(asked, fit.reason)];
    return [isOne ? slopeAnswerOf(asked, fit) : slopesAnswerOf(asked, fit)];
  },
};

interface Asked {
  readonly spec: RelationSpec;
  readonly metric: MetricSummary;
  readonly design: RegressionDesign;
  readonly shared: ReturnType<typeof sharedOf>;
}

const pointsMax = 1000;
const partialPointsMax = 300;
/** Slopes beyond this many are a table without pictures. */
const partialsMax = 12;
const meansMax = 30;

function sharedOf(spec: RelationSpec, design: RegressionDesign) {
  return {
    id: findingIdOf(spec.name),
    title: spec.name,
    metric: spec.metric,
    adjustedFor: design.adjusted.map(({ label }) => label),
    notes: [
      ...design.notes,
      ...restrictedNotes(
        spec.metric,
        design.cells.map(({ cell }) => cell),
      ),
    ],
    isConfirmatory: !spec.exploratory,
  };
}

const nothing = {
  n: 0,
  intercept: null,
  rSquared: null,
  lackOfFit: null,
  pAdjusted: null,
  family: null,
  reason: "",
};

function fitted(design: RegressionDesign, table: TrialTable, spec: RelationSpec): RegressionFit {
  const isCommon = table.experiment.replicates.pairing === "common-random-numbers";
  const fit = orRefusal(() => regressionFitOf(design, { isCommon, confidence: spec.confidence }));
  if (!isRefused(fit)) return fit;
  const isAlone = spec.factors.length === 1 && design.strata.length > 0;
  const hint = isAlone
    ? `; \`relation("${spec.metric}", [${[spec.factors[0]!.name, ...design.strata].map((name) => `"${name}"`).join(", ")}])\` fits them together`
    : "";
  return refuse(fit.code, `${fit.reason}${hint}`);
}

function noSlope({ spec, design, shared }: Asked, why: string): Answer<RelationFinding> {
  const factor = design.columns[0]!.label;
  return untested(
    saidWithin(spec.where, {
      ...shared,
      ...nothing,
      kind: "relation" as const,
      factor,
      slope: null,
      slopeInterval: null,
      test: null,
      fit: [],
      points: [],
      means: [],
      sentences: [`${spec.metric} cannot be related to ${factor}: ${why}.`],
    }),
  );
}

function slopeAnswerOf({ spec, metric, design, shared }: Asked, fit: RegressionFit): Answer<RelationFinding> {
  const { estimate, test } = fit.slopes[0]!;
  const factor = design.columns[0]!.label;
  const slopeInterval = intervalOf(estimate);
  const decimals = decimalsFor((slopeInterval.high - slopeInterval.low) / 2);
  const unit = metric.unit === null ? "" : ` ${metric.unit}`;
  const points = fit.points(0);
  const held = design.strata.length > 0 ? " within combinations" : "";
  return {
    tests: [test],
    conclude({ family, tests }) {
      const pAdjusted = tests[0]!.pAdjusted;
      const p = pAdjusted === null ? pText(test.p) : `adjusted ${pText(pAdjusted)}`;
      return saidWithin(spec.where, {
        ...shared,
        kind: "relation" as const,
        factor,
        n: fit.n,
        slope: estimate.value,
        slopeInterval,
        intercept: fit.intercept,
        rSquared: fit.rSquared,
        lackOfFit: fit.lackOfFit,
        test,
        pAdjusted,
        family,
        fit: lineOf(points, (x) => fit.fitAt(0, x)),
        points: thinned(points, pointsMax),
        means: meansOf(points, fit.partial(0), estimate.value),
        reason: regressionReason(design, fit.unit),
        sentences: [
          `Per unit of ${factor}, ${spec.metric} changes by ${signedText(estimate.value, decimals)} ${intervalText(slopeInterval, decimals)}${unit}, ${p}, R² = ${numberText(fit.rSquared, 2)}${held}${misfitWords(fit, spec.confidence, false)}.`,
        ],
      });
    },
  };
}

function noSlopes({ spec, shared }: Asked, why: string): Answer<RegressionFinding> {
  const factors = spec.factors.map(({ name }) => name);
  return untested(
    saidWithin(spec.where, {
      ...shared,
      ...nothing,
      kind: "regression" as const,
      factors,
      adjustedRSquared: null,
      terms: [],
      sentences: [`${spec.metric} cannot be related to ${factors.join(", ")}: ${why}.`],
    }),
  );
}

function slopesAnswerOf(
  { spec, metric, design, shared }: Asked,
  fit: RegressionFit,
): Answer<RegressionFinding> {
  const misfit = misfitWords(fit, spec.confidence, true);
  return {
    tests: fit.slopes.map(({ test }) => test),
    conclude({ family, tests }) {
      const terms = design.columns.map((column, j): RegressionSlope => {
        const { estimate, test, standardised, inflation } = fit.slopes[j]!;
        const { pAdjusted } = tests[j]!;
        return {
          ...column,
          estimate: estimate.value,
          interval: intervalOf(estimate),
          standardised,
          inflation,
          test,
          pAdjusted,
          verdict: (pAdjusted ?? test.p) < 1 - spec.confidence ? "different" : "inconclusive",
          partial: column.isNumeric && design.columns.length <= partialsMax ? partialOf(fit, j) : null,
        };
      });
      const finding: RegressionFinding = {
        ...shared,
        kind: "regression",
        factors: spec.factors.map(({ name }) => name),
        n: fit.n,
        intercept: fit.intercept,
        rSquared: fit.rSquared,
        adjustedRSquared: fit.adjustedRSquared,
        lackOfFit: fit.lackOfFit,
        terms,
        pAdjusted: null,
        family,
        reason: regressionReason(design, fit.unit),
        notes: [...shared.notes, ...inflationNotes(terms)],
        sentences: [],
      };
      const sentences = regressionSentences(finding, { unit: metric.unit, misfit });
      return saidWithin(spec.where, { ...finding, sentences });
    },
  };
}

function partialOf(fit: RegressionFit, j: number): RegressionSlope["partial"] {
  const points = fit.partial(j);
  return { points: thinned(points, partialPointsMax), line: lineOf(points, (x) => fit.fitAt(j, x)) };
}

/** Means at each x of what other factors leave, where there are few of them. */
function meansOf(points: readonly Point[], partial: readonly Point[], slope: number): readonly Point[] {
  const heights = points.map(({ x }, i) => ({ x, y: partial[i]!.y + slope * (x - partial[i]!.x) }));
  const groups = groupedBy(heights, ({ x }) => String(x));
  if (groups.size > meansMax) return [];
  return [...groups.values()]
    .map((own) => ({ x: own[0]!.x, y: meanOf(own.map(({ y }) => y)) }))
    .sort((one, other) => one.x - other.x);
}

/** The fitted line with its pointwise interval at 25 places. */
function lineOf(
  points: readonly Point[],
  heightAt: (x: number) => { readonly y: number; readonly low: number; readonly high: number },
): RelationFinding["fit"] {
  const { low, high } = extentOf(points.map(({ x }) => x))!;
  return Array.from({ length: 25 }, (_, i) => {
    const x = low + ((high - low) * i) / 24;
    return { x, ...heightAt(x) };
  });
}

function thinned<T>(items: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, items.length / most);
  return Array.from({ length: Math.min(items.length, most) }, (_, i) => items[Math.floor(i * step)]!);
}
