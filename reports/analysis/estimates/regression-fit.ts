// Slopes with their errors by what the units of a design are: single trials, the means of sampled conditions, or replicates that each have all
// conditions and so a regression of their own. Also whether straight lines fit at all.

import { fUpper } from "../../../lib/stats/distribution/f.ts";
import type { Estimate, TestResult } from "../../../lib/stats/estimate.ts";
import { blockContrasts } from "../../../lib/stats/means/block-contrasts.ts";
import { contrastSpace } from "../../../lib/stats/means/contrast-space.ts";
import { oneSampleT, tInterval } from "../../../lib/stats/means/t-interval.ts";
import { meanOf } from "../../../lib/stats/moments.ts";
import { isRefused, orRefusal, refuse } from "../../../lib/stats/refusal.ts";
import { slopeWeights, stratifiedRegression } from "../../../lib/stats/regression/stratified-regression.ts";
import type { RegressionCell, RegressionDesign } from "../../design/regression-design.ts";
import { plainTest } from "./difference.ts";

export interface FittedSlope {
  readonly estimate: Estimate;
  readonly test: TestResult;
  readonly standardised: number;
  /** Variance inflation factor. */
  readonly inflation: number;
}

export interface RegressionFit {
  /** What was counted: single trials, conditions by their means, replicates, or trials within replicates that lack conditions. */
  readonly unit: "trial" | "condition" | "replicate" | "trial of a replicate";
  readonly n: number;
  /** Of the columns asked for. */
  readonly slopes: readonly FittedSlope[];
  readonly intercept: number;
  /** Share of the variation within strata (and replicates) that the lines explain. */
  readonly rSquared: number;
  readonly adjustedRSquared: number | null;
  /** Null where no condition was repeated or nothing is left between conditions and coefficients. */
  readonly lackOfFit: TestResult | null;
  /** Single units as they are, for column j. */
  points(j: number): readonly Point[];
  /** Units less what the other columns and strata say of them. */
  partial(j: number): readonly Point[];
  fitAt(j: number, x: number): { readonly y: number; readonly low: number; readonly high: number };
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** @throws StatisticsRefusal where there are too few values, or slopes cannot be told apart. */
export function regressionFitOf(
  design: RegressionDesign,
  of: { readonly isCommon: boolean; readonly confidence: number },
): RegressionFit {
  if (design.cells.length === 0) refuse("too-few", "no condition that has all of the factors has a value");
  const { isCommon, confidence } = of;
  if (design.isSampled) return fitOf(design, { unit: "condition", confidence, isCommon });
  if (!isCommon) return fitOf(design, { unit: "trial", confidence, isCommon });
  const complete = completeReplicates(design.cells);
  return complete.length > 1
    ? fitWithin(design, complete, confidence)
    : fitOf(design, { unit: "trial of a replicate", confidence, isCommon });
}

interface Rows {
  readonly y: readonly number[];
  readonly columns: readonly (readonly number[])[];
  readonly strata: readonly string[];
}

function rowsOf({ cells }: RegressionDesign, unit: Exclude<RegressionFit["unit"], "replicate">): Rows {
  const rows = cells.flatMap(({ cell, columns, stratum }) =>
    unit === "condition"
      ? [{ y: meanOf(cell.values), columns, stratum }]
      : Array.from(cell.values, (y, i) => ({
          y,
          columns,
          stratum: unit === "trial" ? stratum : `${stratum}\u0000${cell.replicates[i]}`,
        })),
  );
  const width = cells[0]?.columns.length ?? 0;
  return {
    y: rows.map(({ y }) => y),
    columns: Array.from({ length: width }, (_, j) => rows.map(({ columns }) => columns[j]!)),
    strata: rows.map(({ stratum }) => stratum),
  };
}

function fitOf(
  design: RegressionDesign,
  of: {
    readonly unit: Exclude<RegressionFit["unit"], "replicate">;
    readonly confidence: number;
    readonly isCommon: boolean;
  },
): RegressionFit {
  const rows = rowsOf(design, of.unit);
  const fit = stratifiedRegression({ ...rows, names: namesOf(design), level: of.confidence });
  return {
    unit: of.unit,
    n: rows.y.length,
    slopes: fit.slopes
      .slice(0, design.columns.length)
      .map(({ test, standardised, inflation, ...estimate }) => ({
        estimate,
        test,
        standardised,
        inflation,
      })),
    intercept: fit.intercept,
    rSquared: fit.rSquared,
    adjustedRSquared: fit.adjustedRSquared,
    lackOfFit: of.isCommon ? misfitOfMeans(design, fit.residuals, of.unit) : misfitOfTrials(design),
    points: (j) => rows.y.map((y, i) => ({ x: rows.columns[j]![i]!, y })),
    partial(j) {
      const { x, y } = fit.partial(j);
      return x.map((value, i) => ({ x: value, y: y[i]! }));
    },
    fitAt: (j, x) => fit.fitAt(j, x),
  };
}

/** A regression in each replicate; its slopes, and its heights at any x, are samples of independent values. */
function fitWithin(design: RegressionDesign, complete: readonly number[], level: number): RegressionFit {
  const { cells } = design;
  const columns = Array.from({ length: cells[0]!.columns.length }, (_, j) =>
    cells.map((one) => one.columns[j]!),
  );
  const strata = cells.map(({ stratum }) => stratum);
  const { weights, deviations, inflations } = slopeWeights({ columns, strata, names: namesOf(design) });
  const maps = cells.map(
    ({ cell }) => new Map(Array.from(cell.replicates, (replicate, i) => [replicate, cell.values[i]!])),
  );
  const outcomes = complete.map((replicate) => maps.map((own) => own.get(replicate)!));
  const slopesOf = outcomes.map((y) =>
    weights.map((row) => row.reduce((sum, weight, i) => sum + weight * y[i]!, 0)),
  );
  const centres = columns.map(meanOf);
  const heights = outcomes.map(meanOf);
  const mean = weights.map((_, j) => meanOf(slopesOf.map((own) => own[j]!)));
  const centred = outcomes.map((y) => lessStrata(y, strata));
  const left = centred.map((y) =>
    y.map((value, i) => mean.reduce((rest, slope, j) => rest - slope * deviations[j]![i]!, value)),
  );
  const squares = (of: readonly (readonly number[])[]) =>
    of.reduce((sum, own) => sum + own.reduce((inner, value) => inner + value ** 2, 0), 0);
  const total = squares(centred);
  return {
    unit: "replicate",
    n: complete.length,
    slopes: design.columns.map(({ label }, j) => {
      const found = oneSampleT(
        slopesOf.map((own) => own[j]!),
        { level, name: `the sample of slopes on ${label}` },
      );
      const { estimate, ...test } = found;
      const scale = Math.sqrt((complete.length * squares([deviations[j]!])) / total);
      return {
        estimate: { ...estimate, method: "mean slope within replicates, t interval" },
        test: plainTest(test),
        standardised: estimate.value * scale,
        inflation: inflations[j]!,
      };
    }),
    intercept: meanOf(heights) - mean.reduce((sum, slope, j) => sum + slope * centres[j]!, 0),
    rSquared: total > 0 ? 1 - squares(left) / total : 0,
    adjustedRSquared: null,
    lackOfFit: misfitWithin(columns, strata, outcomes),
    points: (j) => outcomes.flatMap((y) => y.map((value, i) => ({ x: columns[j]![i]!, y: value }))),
    partial(j) {
      const apart = deviationApart(deviations, j);
      return left.flatMap((own, r) =>
        own.map((value, i) => ({
          x: centres[j]! + apart[i]!,
          y: heights[r]! + value + mean[j]! * apart[i]!,
        })),
      );
    },
    fitAt(j, x) {
      const at = slopesOf.map((own, r) => heights[r]! + own[j]! * (x - centres[j]!));
      const y = meanOf(at);
      const interval = orRefusal(() => tInterval(at, { level }));
      return isRefused(interval) ? { y, low: y, high: y } : { y, low: interval.low, high: interval.high };
    },
  };
}

/** A column less its regression on the others. */
function deviationApart(deviations: readonly (readonly number[])[], j: number): readonly number[] {
  const others = deviations.filter((_, k) => k !== j);
  if (others.length === 0) return deviations[j]!;
  const { weights } = slopeWeights({ columns: others });
  const slopes = weights.map((row) => row.reduce((sum, weight, i) => sum + weight * deviations[j]![i]!, 0));
  return deviations[j]!.map((value, i) =>
    slopes.reduce((rest, slope, k) => rest - slope * others[k]![i]!, value),
  );
}

function lessStrata(y: readonly number[], strata: readonly string[]): readonly number[] {
  const sums = new Map<string, { sum: number; n: number }>();
  for (const [i, value] of y.entries()) {
    const own = sums.get(strata[i]!) ?? { sum: 0, n: 0 };
    sums.set(strata[i]!, own);
    own.sum += value;
    own.n += 1;
  }
  return y.map((value, i) => value - sums.get(strata[i]!)!.sum / sums.get(strata[i]!)!.n);
}

function completeReplicates(cells: readonly RegressionCell[]): readonly number[] {
  const counts = new Map<number, number>();
  for (const { cell } of cells)
    for (const replicate of cell.replicates) counts.set(replicate, (counts.get(replicate) ?? 0) + 1);
  return [...counts].filter(([, count]) => count === cells.length).map(([replicate]) => replicate);
}

function namesOf({ columns, adjusted }: RegressionDesign): readonly string[] {
  return [...columns, ...adjusted].map(({ label }) => label);
}

const misfitName = "F test of lack of fit";

/** Independent trials: what the lines leave between conditions against the scatter within them. */
function misfitOfTrials(design: RegressionDesign): TestResult | null {
  const { cells } = design;
  const rows = rowsOf(design, "trial");
  const coefficients = new Set(rows.strata).size + rows.columns.length;
  const df = [cells.length - coefficients, rows.y.length - cells.length] as const;
  const fit = orRefusal(() => stratifiedRegression({ ...rows }));
  if (isRefused(fit)) return null;
  const within = cells.reduce((sum, { cell }) => {
    const mean = meanOf(cell.values);
    return sum + cell.values.reduce((own, value) => own + (value - mean) ** 2, 0);
  }, 0);
  const left = fit.residuals.reduce((sum, value) => sum + value ** 2, 0);
  return misfitOf(left - within, within, df, [rows.y.length]);
}

/** Conditions that shared their replicates: against how differently replicates move them. */
function misfitOfMeans(
  { cells }: RegressionDesign,
  residuals: readonly number[],
  unit: RegressionFit["unit"],
): TestResult | null {
  const complete = completeReplicates(cells);
  const replicates = complete.length;
  const isWhole = cells.every(({ cell }) => cell.values.length === replicates);
  if (unit !== "condition" || replicates < 2 || !isWhole) return null;
  const means = cells.map(({ cell }) => meanOf(cell.values));
  const shifts = complete.map((_, r) => meanOf(cells.map(({ cell }, c) => cell.values[r]! - means[c]!)));
  const within = cells.reduce(
    (sum, { cell }, c) =>
      sum + cell.values.reduce((own, value, r) => own + (value - means[c]! - shifts[r]!) ** 2, 0),
    0,
  );
  const between = replicates * residuals.reduce((sum, value) => sum + value ** 2, 0);
  const coefficients = new Set(cells.map(({ stratum }) => stratum)).size + cells[0]!.columns.length;
  const df = [cells.length - coefficients, (cells.length - 1) * (replicates - 1)] as const;
  return misfitOf(between, within, df, [replicates * cells.length]);
}

function misfitOf(
  between: number,
  within: number,
  [df1, df2]: readonly [number, number],
  n: readonly number[],
): TestResult | null {
  if (df1 < 1 || df2 < 1 || !(within > 0)) return null;
  const statistic = Math.max(0, between) / df1 / (within / df2);
  return {
    method: misfitName,
    symbol: "F",
    statistic,
    df: [df1, df2],
    p: fUpper(statistic, { df1, df2 }),
    alternative: "two-sided",
    n,
  };
}

/** Conditions beyond this many are not tested for lack of fit within replicates: it has as many contrasts. */
const conditionsMax = 200;

/** What the conditions of a replicate have beyond strata and lines, over replicates. */
function misfitWithin(
  columns: readonly (readonly number[])[],
  strata: readonly string[],
  outcomes: readonly (readonly number[])[],
): TestResult | null {
  const n = strata.length;
  if (n > conditionsMax) return null;
  const indicators = [...new Set(strata)].map((name) => strata.map((own) => Number(own === name)));
  const space = contrastSpace({
    n,
    columns: [...indicators, ...columns.map((column) => lessStrata(column, strata))],
  });
  const found = orRefusal(() =>
    blockContrasts(
      outcomes.map((y) => space.map((row) => row.reduce((sum, weight, i) => sum + weight * y[i]!, 0))),
      { method: `${misfitName} within replicates, Greenhouse-Geisser corrected` },
    ),
  );
  if (isRefused(found)) return null;
  const { epsilon: _, ...test } = found;
  return test;
}
