// Regression of a yes or no on covariates: odds ratios with profile intervals, and what a change of one covariate does to the proportion.
import { chiSquaredUpper } from "../distribution/chi-squared.ts";
import { findRoot, growBracket } from "../distribution/find-root.ts";
import { normalUpperQuantile } from "../distribution/normal.ts";
import type { Estimate } from "../estimate.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";
import { assertFit, type Family, weightedFit } from "./weighted-fit.ts";

export interface LogisticOptions {
  readonly y: readonly boolean[];
  /** covariates[i] holds one number for each term; the intercept is added. */
  readonly covariates: readonly (readonly number[])[];
  /** Default 0.95. */
  readonly level?: number;
}

export interface LogisticTerm {
  /** Logarithm of the odds ratio for one unit more; Wald's interval. */
  readonly wald: Estimate;
  /** The same with the interval of the likelihood's profile, which holds where Wald's does not. */
  readonly profile: Estimate;
  /** p of the likelihood ratio test of no effect. */
  readonly p: number;
}

export interface Logistic {
  readonly coefficients: readonly number[];
  readonly standardErrors: readonly number[];
  readonly deviance: number;
  readonly terms: readonly LogisticTerm[];
}

const binomial: Family = {
  mean: (predictor) => 1 / (1 + Math.exp(-predictor)),
  weight: (mean) => mean * (1 - mean),
  slope: (y, mean) => y - mean,
  deviance: (y, mean) => -2 * Math.log(y === 1 ? mean : 1 - mean),
};

/**
 * Logistic regression by maximum likelihood.
 *
 * @throws StatisticsRefusal when all outcomes are alike, or a covariate separates them.
 * @example logisticRegression({ y, covariates: arm.map((value) => [value]) }).terms[0]?.profile
 */
export function logisticRegression({ y, covariates, level = 0.95 }: LogisticOptions): Logistic {
  const rows = covariates.map((row) => [1, ...row]);
  const outcome = y.map(Number);
  assertFit({ y: outcome, rows });
  assertOpenUnit(level, "level");
  if (new Set(y).size < 2) refuse("no-variation", "all outcomes are alike, so no covariate can matter");
  const fit = weightedFit({ y: outcome, rows }, binomial);
  const errors = fit.covariance.map((row, j) => Math.sqrt(row[j]!));
  /** The deviance at the best coefficients with one of them held. */
  const held = (term: number, value: number): number =>
    weightedFit(
      {
        y: outcome,
        rows: rows.map((row) => row.filter((_, j) => j !== term)),
        offset: rows.map((row) => row[term]! * value),
      },
      binomial,
    ).deviance;
  const z = normalUpperQuantile((1 - level) / 2);
  const terms = fit.coefficients.slice(1).map((coefficient, index): LogisticTerm => {
    const term = index + 1;
    const error = errors[term]!;
    const excess = (value: number): number => held(term, value) - fit.deviance - z ** 2;
    const end = (side: -1 | 1): number => {
      const outward = (distance: number): number => excess(coefficient + side * distance);
      const bracket = growBracket(outward, { guess: z * error, step: 0.25 * error, floor: 0 });
      return coefficient + side * findRoot(outward, bracket);
    };
    const shared = { value: coefficient, level, n: y.length, standardError: error };
    return {
      wald: {
        ...shared,
        low: coefficient - z * error,
        high: coefficient + z * error,
        method: "log odds ratio, Wald interval",
      },
      profile: { ...shared, low: end(-1), high: end(1), method: "log odds ratio, profile interval" },
      p: chiSquaredUpper(held(term, 0) - fit.deviance, 1),
    };
  });
  return { coefficients: fit.coefficients, standardErrors: errors, deviance: fit.deviance, terms };
}

/**
 * The mean difference in proportion if one covariate were 1 for all rather than 0 for all, the others as they are (standardisation).
 *
 * @param options term: which covariate, 0 for the first.
 * @example standardisedDifference(logisticRegression({ y, covariates }), { covariates, term: 0 })
 */
export function standardisedDifference(
  { coefficients }: Logistic,
  { covariates, term }: { readonly covariates: LogisticOptions["covariates"]; readonly term: number },
): number {
  const meanWith = (value: number): number =>
    covariates.reduce((sum, row) => {
      const predictor = row.reduce(
        (at, own, j) => at + (j === term ? value : own) * coefficients[j + 1]!,
        coefficients[0]!,
      );
      return sum + binomial.mean(predictor);
    }, 0) / covariates.length;
  return meanWith(1) - meanWith(0);
}
