// The kind `relation`: the least-squares line of a metric on a numeric factor, with the interval of its slope. Independent trials
// share one slope within the combinations of the other factors; under common random numbers a line is fitted within each
// replicate, and the lines are the sample, so that n is the number of replicates.
import type { RelationSpec } from "../../../lib/experiment/analysis-spec.ts";
import { commonSlope } from "../../../lib/stats/common-slope.ts";
import type { Estimate, TestResult } from "../../../lib/stats/estimate.ts";
import { linearRegression } from "../../../lib/stats/linear-regression.ts";
import { meanOf } from "../../../lib/stats/moments.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import { oneSampleT, tInterval } from "../../../lib/stats/t-interval.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { levelText } from "../../design/arm.ts";
import { DesignError, type LevelDesign, levelDesignOf } from "../../design/level-design.ts";
import { plainTest } from "../estimates/difference.ts";
import { extentOf } from "../estimates/extent.ts";
import type { RelationFinding } from "../finding.ts";
import { intervalOf } from "../interval.ts";
import { decimalsFor, intervalText, numberText, pText, signedText } from "../words/number-text.ts";
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
    const { unit } = numericMetric(spec.metric, input);
    const { table } = input;
    return [relationAnswerOf({ spec, table, unit, id: findingIdOf(spec.name) })];
  },
};

interface Point {
  readonly x: number;
  readonly y: number;
  readonly unit: string;
  /** Combination of the other factors. */
  readonly stratum: string;
}

/** What either way of fitting gives. */
interface Fitted {
  readonly estimate: Estimate;
  readonly test: TestResult;
  readonly rSquared: number;
  readonly intercept: number;
  fitAt(x: number): { readonly y: number; readonly low: number; readonly high: number };
}

const pointsMax = 1000;

function relationAnswerOf(input: {
  readonly spec: RelationSpec;
  readonly table: TrialTable;
  readonly unit: string | null;
  readonly id: string;
}): Answer<RelationFinding> {
  const { spec, table, id } = input;
  const design = levelDesignOf(table, { metric: spec.metric, factor: spec.factor, where: spec.where });
  const numbers = new Map(
    table.experiment.factors
      .find(({ name }) => name === spec.factor)!
      .levels.map((level) => [levelText(level), Number(level)]),
  );
  if (spec.scale === "log")
    assertLogarithms(
      spec.factor,
      design.levels.map(({ level }) => numbers.get(level)!),
    );
  const isCommon = design.kind === "replicates";
  const points = pointsOf(design, (level) => {
    const x = numbers.get(level)!;
    return spec.scale === "log" ? Math.log10(x) : x;
  });
  const fitted = orRefusal(
    (): Fitted =>
      isCommon ? linesWithin(points, spec.confidence) : commonSlope(points, { level: spec.confidence }),
  );
  const isStratified = !isCommon && design.strata > 1;
  const axis = spec.scale === "log" ? `log10 ${spec.factor}` : spec.factor;
  const shared = {
    kind: "relation" as const,
    id,
    title: spec.name,
    metric: spec.metric,
    factor: axis,
    n: isCommon ? new Set(points.map(({ unit }) => unit)).size : points.length,
    points: thinned(points).map(({ x, y }) => ({ x, y })),
    reason: reasonOf(design, isStratified),
    notes: [...design.notes],
    isConfirmatory: !spec.exploratory,
  };
  if (isRefused(fitted))
    return untested(
      saidWithin(spec.where, {
        ...shared,
        slope: null,
        slopeInterval: null,
        intercept: null,
        rSquared: null,
        test: null,
        pAdjusted: null,
        family: null,
        fit: [],
        sentences: [`${spec.metric} cannot be related to ${axis}: ${fitted.reason}.`],
      }),
    );
  const slopeInterval = intervalOf(fitted.estimate);
  const decimals = decimalsFor((slopeInterval.high - slopeInterval.low) / 2);
  const unit = input.unit === null ? "" : ` ${input.unit}`;
  return {
    tests: [fitted.test],
    conclude({ family, tests }) {
      const pAdjusted = tests[0]!.pAdjusted;
      const p = pAdjusted === null ? pText(fitted.test.p) : `adjusted ${pText(pAdjusted)}`;
      return saidWithin(spec.where, {
        ...shared,
        slope: fitted.estimate.value,
        slopeInterval,
        intercept: fitted.intercept,
        rSquared: fitted.rSquared,
        test: plainTest(fitted.test),
        pAdjusted,
        family,
        fit: bandOf(points, fitted),
        sentences: [
          `Per unit of ${axis}, ${spec.metric} changes by ${signedText(fitted.estimate.value, decimals)} ${intervalText(slopeInterval, decimals)}${unit}, ${p}, R² = ${numberText(fitted.rSquared, 2)}${isStratified ? " within combinations" : ""}.`,
        ],
      });
    },
  };
}

function pointsOf(design: LevelDesign, placeOf: (level: string) => number): readonly Point[] {
  return design.levels.flatMap((level): Point[] => {
    const x = placeOf(level.level);
    // Under common random numbers a unit is already an average over the other factors.
    if (design.kind === "replicates")
      return level.units.map(({ id: unit, value: y }) => ({ x, y, unit, stratum: "" }));
    return level.cells.flatMap(({ cell, stratum }) =>
      Array.from(cell.values, (y, at) => ({ x, y, unit: `${cell.condition}/${at}`, stratum })),
    );
  });
}

function reasonOf({ kind, averagedOver }: LevelDesign, isStratified: boolean): string {
  if (kind === "replicates")
    return "Under common random numbers a line is fitted within each replicate, and the slopes are tested by a one-sample t test.";
  return isStratified
    ? `Least squares over independent trials with one slope and an intercept for each combination of ${averagedOver.join(" and ")}; the slope has a t interval, R² is the share of the variation within combinations.`
    : "Ordinary least squares over independent trials; the slope has a t interval.";
}

/** @throws DesignError naming the levels at or below 0. */
function assertLogarithms(factor: string, levels: readonly number[]): void {
  const without = levels.filter((level) => !(level > 0));
  if (without.length === 0) return;
  const isOne = without.length === 1;
  throw new DesignError(
    `${factor} has the ${isOne ? "level" : "levels"} ${without.map((level) => numberText(level)).join(" and ")}, which ${isOne ? "has" : "have"} no logarithm; say scale: "linear", or leave ${isOne ? "it" : "them"} out of the design`,
  );
}

/** A line a replicate; slopes, and heights at any x, are samples of independent values. */
function linesWithin(points: readonly Point[], level: number): Fitted {
  const byUnit = new Map<string, Point[]>();
  for (const point of points) byUnit.set(point.unit, [...(byUnit.get(point.unit) ?? []), point]);
  const full = Math.max(...[...byUnit.values()].map((own) => own.length));
  const lines = [...byUnit.values()]
    .filter((own) => own.length === full && full > 1)
    .map((own) => {
      const meanX = own.reduce((sum, { x }) => sum + x, 0) / own.length;
      const meanY = own.reduce((sum, { y }) => sum + y, 0) / own.length;
      const sumXX = own.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
      const slope = own.reduce((sum, { x, y }) => sum + (x - meanX) * y, 0) / sumXX;
      return { slope, meanX, meanY };
    });
  const slopes = lines.map(({ slope }) => slope);
  const { estimate, ...test } = oneSampleT(slopes, { level, name: "the sample of slopes" });
  const heightAt = (x: number) => lines.map(({ slope, meanX, meanY }) => meanY + slope * (x - meanX));
  const { rSquared } = linearRegression({
    x: points.map(({ x }) => x),
    y: points.map(({ y }) => y),
    level,
  });
  return {
    estimate: { ...estimate, method: "mean slope within replicates, t interval" },
    test,
    rSquared,
    intercept: meanOf(heightAt(0)),
    fitAt(x) {
      const heights = heightAt(x);
      const y = meanOf(heights);
      const interval = orRefusal(() => tInterval(heights, { level }));
      return isRefused(interval) ? { y, low: y, high: y } : { y, low: interval.low, high: interval.high };
    },
  };
}

/** The fitted line with its pointwise interval at 25 places. */
function bandOf(points: readonly Point[], { fitAt }: Fitted): RelationFinding["fit"] {
  const { low, high } = extentOf(points.map(({ x }) => x))!;
  return Array.from({ length: 25 }, (_, i) => {
    const x = low + ((high - low) * i) / 24;
    return { x, ...fitAt(x) };
  });
}

function thinned<T>(items: readonly T[]): readonly T[] {
  const step = Math.max(1, items.length / pointsMax);
  return Array.from({ length: Math.min(items.length, pointsMax) }, (_, i) => items[Math.floor(i * step)]!);
}
