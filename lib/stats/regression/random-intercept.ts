// A linear model whose observations share luck by group (replicate, task, market): one random intercept a group, fitted by restricted
// maximum likelihood. Every sum is over groups, so that cost is linear in the observations.

import { findRoot } from "../distribution/find-root.ts";
import { studentTTwoSided } from "../distribution/student-t.ts";
import type { Estimate, TestResult } from "../estimate.ts";
import { tBounds } from "../interval-of.ts";
import { positiveSolver } from "../linear-algebra.ts";
import { assertOpenUnit, assertSample, refuse } from "../refusal.ts";
import { type MixedDf, mixedInference } from "./mixed-inference.ts";

export interface RandomInterceptOptions {
  /** The outcome. */
  readonly y: readonly number[];
  /** columns[j] is the j-th regressor, one number for each outcome. The intercept is added. */
  readonly columns: readonly (readonly number[])[];
  /** What each outcome shares its luck with. */
  readonly groups: readonly (string | number)[];
  /** How degrees of freedom are found; Kenward and Roger's below 10 groups, Satterthwaite's from there on, unless told. */
  readonly df?: MixedDf;
  /** Default 0.95. */
  readonly level?: number;
}

/** One coefficient with degrees of freedom of its own. */
export interface MixedTerm extends Estimate {
  readonly standardError: number;
  readonly t: number;
  readonly df: number;
  /** Two-sided, of a coefficient of 0. */
  readonly p: number;
}

export interface RandomIntercept {
  readonly intercept: MixedTerm;
  /** In the order of the columns. */
  readonly slopes: readonly MixedTerm[];
  /** Variances of the groups' intercepts and within groups. */
  readonly betweenVariance: number;
  readonly withinVariance: number;
  /** Share of the variance that is between groups: the correlation of two outcomes of one group. */
  readonly correlation: number;
  /** No shared luck was found: the variance between groups is 0, and degrees of freedom are those of least squares. */
  readonly isSingular: boolean;
  /** Minus twice the restricted log-likelihood at the estimate. */
  readonly criterion: number;
  /** All slopes 0. */
  readonly overall: TestResult;
  readonly groups: number;
}

/**
 * Fits y = X b + u_group + e by restricted maximum likelihood. With one outcome of each of two arms in every group the slope's t test is
 * the paired t test, as long as the variance between groups is not estimated as 0.
 *
 * Sources: Laird and Ware, Biometrics 38 (1982) 963-974; degrees of freedom as in mixed-inference.ts.
 * @throws StatisticsRefusal for fewer than two groups, as many coefficients as outcomes or more, dependent columns, or nothing left over.
 * @example randomIntercept({ y, columns: [isTreated], groups: replicates }).slopes[0]
 */
export function randomIntercept(options: RandomInterceptOptions): RandomIntercept {
  const { y, columns, level = 0.95 } = options;
  assertSample(y, { name: "the outcome", least: 3 });
  assertOpenUnit(level, "level");
  if (columns.length === 0) refuse("too-few", "there is no factor to relate the outcome to");
  if ([...columns, options.groups].some((column) => column.length !== y.length))
    refuse("unequal-lengths", "every column needs one value for each outcome");
  if (y.length <= columns.length + 1)
    refuse(
      "too-few",
      `${y.length} outcomes cannot estimate ${columns.length + 1} coefficients and their error`,
    );
  const data = groupedOf(options);
  if (data.groups.length < 2) refuse("too-few", "a random intercept needs two groups or more");
  const fit = fitAt(data, ratioOf(data));
  const count = data.groups.length;
  const inference = mixedInference(data, fit, options.df ?? (count < 10 ? "kenward-roger" : "satterthwaite"));
  const terms = fit.coefficients.map((value, j): MixedTerm => {
    const standardError = inference.standardErrors[j]!;
    const df = inference.df[j]!;
    const t = value / standardError;
    return {
      value: j === 0 ? value + data.origin : value,
      ...tBounds({
        value: j === 0 ? value + data.origin : value,
        standardError,
        df,
        level,
        alternative: "two-sided",
      }),
      level,
      method: `random intercept by restricted maximum likelihood, ${inference.name}`,
      n: count,
      standardError,
      t: j === 0 ? (value + data.origin) / standardError : t,
      df,
      p: studentTTwoSided(j === 0 ? (value + data.origin) / standardError : t, df),
    };
  });
  const between = fit.ratio * fit.variance;
  return {
    intercept: terms[0]!,
    slopes: terms.slice(1),
    betweenVariance: between,
    withinVariance: fit.variance,
    correlation: between / (between + fit.variance),
    isSingular: fit.ratio === 0,
    criterion: fit.criterion,
    overall: {
      method: `F test of all slopes, random intercept, ${inference.name}`,
      symbol: "F",
      statistic: inference.overall.f,
      df: [columns.length, inference.overall.df],
      p: inference.overall.p,
      alternative: "two-sided",
      n: [count],
    },
    groups: count,
  };
}

/** The outcomes of one group in sums. */
export interface MixedGroup {
  readonly n: number;
  /** Sums of the columns, the intercept's first, and of the outcome. */
  readonly sums: readonly number[];
  readonly ySum: number;
}

export interface MixedData {
  readonly groups: readonly MixedGroup[];
  /** X'X, X'y and y'y over all outcomes. */
  readonly xx: readonly (readonly number[])[];
  readonly xy: readonly number[];
  readonly yy: number;
  readonly n: number;
  /** What was taken from every outcome, so that squares keep their digits. */
  readonly origin: number;
}

export interface MixedFit {
  /** Variance between groups over that within. */
  readonly ratio: number;
  readonly variance: number;
  readonly coefficients: readonly number[];
  /** (X' W X)^-1 with W = (I + ratio J)^-1 in each group: the covariance of the coefficients is `variance` times it. */
  readonly inverse: readonly (readonly number[])[];
  readonly criterion: number;
  /** The derivative of the criterion in the ratio. */
  readonly slope: number;
}

function groupedOf({ y, columns, groups }: RandomInterceptOptions): MixedData {
  const origin = y.reduce((sum, value) => sum + value, 0) / y.length;
  const p = columns.length + 1;
  const held = new Map<string | number, { n: number; sums: number[]; ySum: number }>();
  const xx = Array.from({ length: p }, () => new Array<number>(p).fill(0));
  const xy = new Array<number>(p).fill(0);
  let yy = 0;
  for (const [i, value] of y.entries()) {
    const own = held.get(groups[i]!) ?? { n: 0, sums: new Array<number>(p).fill(0), ySum: 0 };
    held.set(groups[i]!, own);
    const row = [1, ...columns.map((column) => column[i]!)];
    const outcome = value - origin;
    own.n += 1;
    own.ySum += outcome;
    yy += outcome ** 2;
    for (let j = 0; j < p; j += 1) {
      own.sums[j]! += row[j]!;
      xy[j]! += row[j]! * outcome;
      for (let k = 0; k < p; k += 1) xx[j]![k]! += row[j]! * row[k]!;
    }
  }
  return { groups: [...held.values()], xx, xy, yy, n: y.length, origin };
}

/** The fit at a given ratio: V^-1 is I - ratio / (1 + ratio n) J over the variance. */
function fitAt(data: MixedData, ratio: number): MixedFit {
  const { groups, n } = data;
  const p = data.xy.length;
  const normal = data.xx.map((row) => [...row]);
  const right = [...data.xy];
  let total = data.yy;
  let logs = 0;
  for (const group of groups) {
    const shrunk = ratio / (1 + ratio * group.n);
    logs += Math.log1p(ratio * group.n);
    total -= shrunk * group.ySum ** 2;
    for (let j = 0; j < p; j += 1) {
      right[j]! -= shrunk * group.sums[j]! * group.ySum;
      for (let k = 0; k < p; k += 1) normal[j]![k]! -= shrunk * group.sums[j]! * group.sums[k]!;
    }
  }
  const solve = positiveSolver(normal);
  const coefficients = solve(right);
  const rest = total - coefficients.reduce((sum, value, j) => sum + value * right[j]!, 0);
  if (!(rest > 1e-13 * data.yy))
    refuse("no-variation", "the model leaves nothing of the outcome over; there is no error to judge it by");
  const inverse = normal.map((_, j) => solve(normal.map((__, k) => (j === k ? 1 : 0))));
  const variance = rest / (n - p);
  return {
    ratio,
    variance,
    coefficients,
    inverse,
    criterion: (n - p) * (1 + Math.log(2 * Math.PI * variance)) + logs + logDeterminant(normal),
    slope: slopeOf(data, { ratio, coefficients, inverse, rest }),
  };
}

function slopeOf(
  { groups, n, xy }: MixedData,
  at: Pick<MixedFit, "ratio" | "coefficients" | "inverse"> & { readonly rest: number },
): number {
  let slope = 0;
  for (const group of groups) {
    const shrink = 1 / (1 + at.ratio * group.n);
    const residual = group.ySum - group.sums.reduce((sum, value, j) => sum + value * at.coefficients[j]!, 0);
    slope +=
      group.n * shrink -
      shrink ** 2 * quadratic(at.inverse, group.sums) -
      ((n - xy.length) * shrink ** 2 * residual ** 2) / at.rest;
  }
  return slope;
}

/** Where the criterion is least: 0 when it rises from there. */
function ratioOf(data: MixedData): number {
  const slopeAt = (ratio: number) => fitAt(data, ratio).slope;
  if (slopeAt(0) >= 0) return 0;
  let high = 1;
  while (slopeAt(high) < 0) {
    if (high > 1e12)
      refuse(
        "no-variation",
        "outcomes of one group differ by the factors alone; there is no error within groups",
      );
    high *= 4;
  }
  return findRoot(slopeAt, { low: high === 1 ? 0 : high / 4, high });
}

export function quadratic(matrix: readonly (readonly number[])[], vector: readonly number[]): number {
  return matrix.reduce(
    (sum, row, j) => sum + vector[j]! * row.reduce((inner, value, k) => inner + value * vector[k]!, 0),
    0,
  );
}

function logDeterminant(matrix: readonly (readonly number[])[]): number {
  const a = matrix.map((row) => [...row]);
  let log = 0;
  for (let j = 0; j < a.length; j += 1) {
    log += Math.log(a[j]![j]!);
    for (let i = j + 1; i < a.length; i += 1) {
      const factor = a[i]![j]! / a[j]![j]!;
      for (let k = j; k < a.length; k += 1) a[i]![k]! -= factor * a[j]![k]!;
    }
  }
  return log;
}
