// Answers `relation`: the least-squares line of a metric on a numeric factor, with the interval of its slope. Under common random
// numbers the slope is fitted within each replicate and the slopes are the sample, so that n is the number of replicates.
import type { RelationSpec } from "../../lib/experiment/analysis-spec.ts";
import type { TrialTable } from "../../runtime/record/trial-table.ts";
import { studentTUpperQuantile } from "../stats/distribution/student-t.ts";
import type { Estimate, TestResult } from "../stats/estimate.ts";
import { type LinearRegression, linearRegression } from "../stats/linear-regression.ts";
import { momentsOf } from "../stats/moments.ts";
import { isRefused, orRefusal, refuse } from "../stats/refusal.ts";
import { oneSampleT } from "../stats/t-interval.ts";
import { levelText } from "../table/arm.ts";
import { levelDesignOf } from "../table/level-design.ts";
import { plainTest } from "./difference.ts";
import type { RelationFinding } from "./finding.ts";
import { intervalOf } from "./interval.ts";
import { decimalsFor, intervalText, numberText, pText, signedText } from "./number-text.ts";

interface Point {
  readonly x: number;
  readonly y: number;
  readonly unit: string;
}

const pointsMax = 1000;

export function relationFindingOf(input: {
  readonly spec: RelationSpec;
  readonly table: TrialTable;
  readonly unit: string | null;
  readonly id: string;
}): RelationFinding {
  const { spec, table, id } = input;
  const design = levelDesignOf(table, { metric: spec.metric, factor: spec.factor, where: spec.where });
  const numbers = new Map(
    table.experiment.factors
      .find(({ name }) => name === spec.factor)!
      .levels.map((level) => [levelText(level), Number(level)]),
  );
  const scaled = (x: number) => (spec.scale === "log" ? Math.log10(x) : x);
  const points = design.levels.flatMap((level) =>
    level.units.map(
      (unit): Point => ({ x: scaled(numbers.get(level.level)!), y: unit.value, unit: unit.id }),
    ),
  );
  const isCommon = design.kind === "replicates";
  const fitted = orRefusal(() =>
    isCommon ? slopesWithin(points, spec.confidence) : slopeAcross(points, spec.confidence),
  );
  const line = orRefusal(() => fitOf(points, spec.confidence));
  const axis = spec.scale === "log" ? `log10 ${spec.factor}` : spec.factor;
  const shared = {
    kind: "relation" as const,
    id,
    title: spec.name,
    metric: spec.metric,
    factor: axis,
    n: isCommon ? new Set(points.map(({ unit }) => unit)).size : points.length,
    points: thinned(points).map(({ x, y }) => ({ x, y })),
    reason: isCommon
      ? "Under common random numbers a line is fitted within each replicate, and the slopes are tested by a one-sample t test."
      : "Ordinary least squares over independent trials; the slope has a t interval.",
    notes: [...design.notes],
    isConfirmatory: !spec.exploratory,
  };
  if (isRefused(fitted) || isRefused(line)) {
    const why = isRefused(fitted) ? fitted.reason : isRefused(line) ? line.reason : "";
    return {
      ...shared,
      slope: null,
      slopeInterval: null,
      intercept: null,
      rSquared: null,
      test: null,
      fit: [],
      sentences: [`${spec.metric} cannot be related to ${axis}: ${why}.`],
    };
  }
  const slopeInterval = intervalOf(fitted.estimate);
  const decimals = decimalsFor((slopeInterval.high - slopeInterval.low) / 2);
  const unit = input.unit === null ? "" : ` ${input.unit}`;
  return {
    ...shared,
    slope: fitted.estimate.value,
    slopeInterval,
    intercept: line.intercept.value,
    rSquared: line.rSquared,
    test: plainTest(fitted.test),
    fit: bandOf(points, line, spec.confidence),
    sentences: [
      `Per unit of ${axis}, ${spec.metric} changes by ${signedText(fitted.estimate.value, decimals)} ${intervalText(slopeInterval, decimals)}${unit}, ${pText(fitted.test.p)}, R² = ${numberText(line.rSquared, 2)}.`,
    ],
  };
}

type Line = LinearRegression;

function fitOf(points: readonly Point[], level: number): Line {
  return linearRegression({ x: points.map(({ x }) => x), y: points.map(({ y }) => y), level });
}

function slopeAcross(
  points: readonly Point[],
  level: number,
): { readonly estimate: Estimate; readonly test: TestResult } {
  const { slope, df, p } = fitOf(points, level);
  const { standardError } = slope;
  if (standardError === undefined || standardError === 0)
    refuse("no-variation", "the points lie on a line exactly");
  return {
    estimate: { ...slope, method: "least squares, t interval" },
    test: {
      method: "t test of the slope",
      symbol: "t",
      statistic: slope.value / standardError,
      df: [df],
      p,
      alternative: "two-sided",
      n: [points.length],
    },
  };
}

function slopesWithin(points: readonly Point[], level: number) {
  const byUnit = new Map<string, Point[]>();
  for (const point of points) byUnit.set(point.unit, [...(byUnit.get(point.unit) ?? []), point]);
  const full = Math.max(...[...byUnit.values()].map((own) => own.length));
  const slopes = [...byUnit.values()]
    .filter((own) => own.length === full && full > 1)
    .map((own) => {
      const meanX = own.reduce((sum, { x }) => sum + x, 0) / own.length;
      const sumXX = own.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
      return own.reduce((sum, { x, y }) => sum + (x - meanX) * y, 0) / sumXX;
    });
  const { estimate, ...test } = oneSampleT(slopes, { level, name: "the sample of slopes" });
  return { estimate: { ...estimate, method: "mean slope within replicates, t interval" }, test };
}

/** The fitted line with its pointwise interval at 25 places. */
function bandOf(points: readonly Point[], line: Line, level: number): RelationFinding["fit"] {
  const low = points.reduce((least, { x }) => Math.min(least, x), Number.POSITIVE_INFINITY);
  const high = points.reduce((most, { x }) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  const t = studentTUpperQuantile((1 - level) / 2, line.df);
  const { n, mean, sd } = momentsOf(points.map(({ x }) => x));
  return Array.from({ length: 25 }, (_, i) => {
    const x = low + ((high - low) * i) / 24;
    const y = line.intercept.value + line.slope.value * x;
    const reach = t * line.residualSd * Math.sqrt(1 / n + (x - mean) ** 2 / (sd ** 2 * (n - 1)));
    return { x, y, low: y - reach, high: y + reach };
  });
}

function thinned<T>(items: readonly T[]): readonly T[] {
  const step = Math.max(1, items.length / pointsMax);
  return Array.from({ length: Math.min(items.length, pointsMax) }, (_, i) => items[Math.floor(i * step)]!);
}
