// A linear model whose observations share luck by group (replicate, task, market): one random intercept a group, fitted by restricted
// maximum likelihood. Every sum is over groups, so that cost is linear in the observations.

import { studentTTwoSided } from "../distribution/student-t.ts";
import type { Estimate, TestResult } from "../estimate.ts";
import { tBounds } from "../interval-of.ts";
import { assertOpenUnit, assertSample, refuse } from "../refusal.ts";
import { mixedDataOf, mixedFitOf } from "./mixed-fit.ts";
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
  const data = mixedDataOf(options);
  if (data.groups.length < 2) refuse("too-few", "a random intercept needs two groups or more");
  const fit = mixedFitOf(data);
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
