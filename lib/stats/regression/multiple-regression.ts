// Several numeric factors at once: slopes with errors that hold when the scatter changes along them, standardised slopes, and whether a
// plane fits at all.
import { fUpper } from "../distribution/f.ts";
import { studentTUpper } from "../distribution/student-t.ts";
import type { Estimate, TestResult } from "../estimate.ts";
import { tBounds } from "../interval-of.ts";
import { leastSquares } from "../least-squares.ts";
import { momentsOf } from "../moments.ts";
import { assertOpenUnit, assertSample, refuse } from "../refusal.ts";

export interface MultipleRegressionOptions {
  /** The outcome. */
  readonly y: readonly number[];
  /** columns[j] is the j-th factor, one number for each outcome. The intercept is added. */
  readonly columns: readonly (readonly number[])[];
  /**
   * How standard errors are made. HC3 unless told: right under unequal scatter and near nominal at small n (MacKinnon and White 1985; Long
   * and Ervin 2000). "classical" takes one variance for all.
   */
  readonly errors?: RegressionErrors;
  /** Default 0.95. */
  readonly level?: number;
}

export type RegressionErrors = "HC3" | "HC2" | "HC0" | "classical";

/** One coefficient. */
export interface RegressionTerm extends Estimate {
  readonly standardError: number;
  readonly t: number;
  /** Two-sided, of a coefficient of 0, on n - p degrees of freedom. */
  readonly p: number;
}

export interface MultipleRegression {
  readonly intercept: RegressionTerm;
  /** In the order of the columns. */
  readonly slopes: readonly RegressionTerm[];
  readonly df: number;
  readonly residualSd: number;
  readonly rSquared: number;
  readonly adjustedRSquared: number;
  /** All slopes 0, with one variance for all. */
  readonly overall: TestResult;
  readonly residuals: readonly number[];
}

/**
 * Ordinary least squares on several columns.
 *
 * @throws StatisticsRefusal for as many coefficients as outcomes or more, columns that are linearly dependent, residuals that are 0, and
 * for HC2 and HC3 an outcome that alone fixes a coefficient (its leverage is 1).
 * @example multipleRegression({ y, columns: [alpha, beta] }).slopes[0]
 */
export function multipleRegression(options: MultipleRegressionOptions): MultipleRegression {
  const { y, columns, errors = "HC3", level = 0.95 } = options;
  assertRegression({ y, columns });
  assertOpenUnit(level, "level");
  const n = y.length;
  // Around the first values, so that data far from 0 keep the digits of their differences.
  const centres = columns.map((column) => momentsOf(column).mean);
  const centre = momentsOf(y).mean;
  const design = [
    new Array<number>(n).fill(1),
    ...columns.map((column, j) => column.map((x) => x - centres[j]!)),
  ];
  const shifted = y.map((value) => value - centre);
  const fit = leastSquares(design, shifted);
  const residuals = shifted.map((value, i) =>
    fit.coefficients.reduce((left, coefficient, j) => left - coefficient * design[j]![i]!, value),
  );
  const total = shifted.reduce((sum, value) => sum + value ** 2, 0);
  if (!(fit.residualSumOfSquares > 1e-28 * total))
    refuse("no-variation", "the outcome lies on a plane over the factors; there is no error to judge it by");
  const covariance = covarianceOf({ design, residuals, fit, errors });
  // Back from the centres: the intercept is that of the columns as they are.
  const away = [1, ...centres.map((value) => -value)];
  const value = centre + away.reduce((sum, weight, j) => sum + weight * fit.coefficients[j]!, 0);
  const variance = away.reduce(
    (sum, weight, j) =>
      sum + away.reduce((inner, other, k) => inner + weight * other * covariance[j]![k]!, 0),
    0,
  );
  const termOf = (point: number, standardError: number, name: string): RegressionTerm => ({
    value: point,
    ...tBounds({ value: point, standardError, df: fit.df, level, alternative: "two-sided" }),
    level,
    method: `${name} by least squares, ${errors === "classical" ? "one variance" : `${errors} errors`}`,
    n,
    standardError,
    t: point / standardError,
    p: Math.min(1, 2 * studentTUpper(Math.abs(point / standardError), fit.df)),
  });
  const explained = (total - fit.residualSumOfSquares) / columns.length;
  const mean = fit.residualSumOfSquares / fit.df;
  return {
    intercept: termOf(value, Math.sqrt(variance), "intercept"),
    slopes: columns.map((_, j) =>
      termOf(fit.coefficients[j + 1]!, Math.sqrt(covariance[j + 1]![j + 1]!), "slope"),
    ),
    df: fit.df,
    residualSd: Math.sqrt(mean),
    rSquared: 1 - fit.residualSumOfSquares / total,
    adjustedRSquared: 1 - mean / (total / (n - 1)),
    overall: {
      method: "F test of all slopes",
      symbol: "F",
      statistic: explained / mean,
      df: [columns.length, fit.df],
      p: fUpper(explained / mean, { df1: columns.length, df2: fit.df }),
      alternative: "two-sided",
      n: [n],
    },
    residuals,
  };
}

/** (X'X)^-1 X' diag(w) X (X'X)^-1, w the squared residuals as the kind of error scales them. */
function covarianceOf(of: {
  readonly design: readonly (readonly number[])[];
  readonly residuals: readonly number[];
  readonly fit: ReturnType<typeof leastSquares>;
  readonly errors: RegressionErrors;
}): readonly (readonly number[])[] {
  const { design, residuals, fit, errors } = of;
  const { rootInverse: root } = fit;
  const p = design.length;
  const sums = (weightOf: (i: number) => number): number[][] => {
    // Rows of X R^-1 are orthonormal, so that the middle is built where it is best conditioned.
    const middle = Array.from({ length: p }, () => new Array<number>(p).fill(0));
    for (let i = 0; i < residuals.length; i += 1) {
      const q = rotatedRow(design, root, i);
      const weight = weightOf(i);
      for (let j = 0; j < p; j += 1) for (let k = 0; k < p; k += 1) middle[j]![k]! += weight * q[j]! * q[k]!;
    }
    return middle;
  };
  const middle =
    errors === "classical"
      ? sums(() => fit.residualSumOfSquares / fit.df)
      : sums((i) => {
          const leverage = rotatedRow(design, root, i).reduce((sum, value) => sum + value ** 2, 0);
          if (errors === "HC0") return residuals[i]! ** 2;
          if (leverage > 1 - 1e-10)
            refuse(
              "not-estimable",
              `outcome ${i + 1} alone fixes a coefficient (its leverage is 1), so its error is unknown`,
            );
          return residuals[i]! ** 2 / (1 - leverage) ** (errors === "HC3" ? 2 : 1);
        });
  return design.map((_, j) =>
    design.map((__, k) => {
      let sum = 0;
      for (let a = j; a < p; a += 1)
        for (let b = k; b < p; b += 1) sum += root[j]![a]! * middle[a]![b]! * root[k]![b]!;
      return sum;
    }),
  );
}

function rotatedRow(
  design: readonly (readonly number[])[],
  root: readonly Float64Array[],
  i: number,
): readonly number[] {
  return design.map((_, k) => {
    let sum = 0;
    for (let j = 0; j <= k; j += 1) sum += design[j]![i]! * root[j]![k]!;
    return sum;
  });
}

function assertRegression({ y, columns }: Pick<MultipleRegressionOptions, "y" | "columns">): void {
  assertSample(y, { name: "the outcome", least: 3 });
  if (columns.length === 0) refuse("too-few", "there is no factor to relate the outcome to");
  for (const [j, column] of columns.entries()) {
    if (column.length !== y.length)
      refuse(
        "unequal-lengths",
        `factor ${j + 1} has ${column.length} values and the outcome has ${y.length}`,
      );
    assertSample(column, { name: `factor ${j + 1}`, least: 3 });
  }
}

/**
 * By how many standard deviations the outcome changes for one of each factor, the others held: slopes of standardised columns.
 *
 * @example standardisedSlopes({ y, columns: [alpha, beta] })
 */
export function standardisedSlopes({
  y,
  columns,
}: Pick<MultipleRegressionOptions, "y" | "columns">): readonly number[] {
  assertRegression({ y, columns });
  const scale = (values: readonly number[]): readonly number[] => {
    const { mean, sd } = momentsOf(values);
    if (!(sd > 0))
      refuse("no-variation", "a factor or the outcome does not vary, so it cannot be standardised");
    return values.map((value) => (value - mean) / sd);
  };
  const scaled = [new Array<number>(y.length).fill(1), ...columns.map(scale)];
  return leastSquares(scaled, scale(y)).coefficients.slice(1);
}

export interface LackOfFit extends TestResult {
  /** Mean square within points that were repeated. */
  readonly pureError: number;
}

/**
 * Whether the plane misses the means of repeated points: F of what it leaves between them against the scatter within them.
 *
 * @throws StatisticsRefusal when no point is repeated, or there are no more points than coefficients.
 * @example lackOfFit({ y, columns: [dose] }).p
 */
export function lackOfFit({ y, columns }: Pick<MultipleRegressionOptions, "y" | "columns">): LackOfFit {
  assertRegression({ y, columns });
  const points = pointsOf({ y, columns });
  const n = y.length;
  const m = points.length;
  const p = columns.length + 1;
  if (m === n) refuse("too-few", "no point was repeated, so scatter cannot be told from lack of fit");
  if (m <= p)
    refuse("too-few", `${m} points and ${p} coefficients leave nothing between them to judge the fit by`);
  let within = 0;
  for (const values of points) {
    const { mean } = momentsOf(values);
    for (const value of values) within += (value - mean) ** 2;
  }
  if (within === 0)
    refuse("no-variation", "repeated points do not vary; there is no error to judge the fit by");
  const centres = columns.map((column) => momentsOf(column).mean);
  const centre = momentsOf(y).mean;
  const fit = leastSquares(
    [new Array<number>(n).fill(1), ...columns.map((column, j) => column.map((x) => x - centres[j]!))],
    y.map((value) => value - centre),
  );
  const pureError = within / (n - m);
  const statistic = Math.max(0, fit.residualSumOfSquares - within) / (m - p) / pureError;
  return {
    method: "F test of lack of fit",
    symbol: "F",
    statistic,
    df: [m - p, n - m],
    p: fUpper(statistic, { df1: m - p, df2: n - m }),
    alternative: "two-sided",
    n: [n],
    pureError,
  };
}

/** Outcomes by point of the factors. */
function pointsOf({
  y,
  columns,
}: Pick<MultipleRegressionOptions, "y" | "columns">): readonly (readonly number[])[] {
  const points = new Map<string, number[]>();
  for (const [i, value] of y.entries()) {
    const key = columns.map((column) => column[i]).join(" ");
    const known = points.get(key);
    if (known === undefined) points.set(key, [value]);
    else known.push(value);
  }
  return [...points.values()];
}
