// Regression of counts on covariates with a logarithmic link: Poisson where the variance is the mean, negative binomial where it is more.
import { normalUpperQuantile } from "../distribution/normal.ts";
import type { Estimate } from "../estimate.ts";
import { logFactorial } from "../proportions/two-by-two.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";
import { assertFit, type Family, type FitData, type WeightedFit, weightedFit } from "./weighted-fit.ts";

export interface CountRegressionOptions {
  /** Whole numbers, at least 0. */
  readonly y: readonly number[];
  /** covariates[i] holds one number for each term; the intercept is added. */
  readonly covariates: readonly (readonly number[])[];
  /** Above 0; 1 for all unless told. */
  readonly exposure?: readonly number[];
  /** Default 0.95. */
  readonly level?: number;
}

export interface CountRegression {
  /** Of the logarithm of the rate: the intercept, then one for each covariate. */
  readonly coefficients: readonly number[];
  readonly standardErrors: readonly number[];
  /** By how much one unit of each covariate multiplies the rate. */
  readonly rateRatios: readonly Estimate[];
  readonly logLikelihood: number;
}

export interface PoissonRegression extends CountRegression {
  readonly deviance: number;
  /** Pearson's chi-squared over its degrees of freedom: well above 1, the variance is more than the mean. */
  readonly dispersion: number;
  /** Standard errors times the root of the dispersion. */
  readonly quasiErrors: readonly number[];
}

export interface NegativeBinomialRegression extends CountRegression {
  /** The variance is mean + mean^2 / theta. */
  readonly theta: number;
  readonly thetaError: number;
}

/**
 * Poisson regression with an offset for exposure.
 *
 * @throws StatisticsRefusal for counts that are none, and covariates that are linearly dependent.
 * @example poissonRegression({ y: [2, 5, 9], covariates: [[0], [1], [2]] }).rateRatios[0]
 */
export function poissonRegression(options: CountRegressionOptions): PoissonRegression {
  const { data, level } = dataOf(options);
  const fit = weightedFit(data, poisson, startOf(data));
  const residualDf = data.y.length - fit.coefficients.length;
  const pearson = data.y.reduce((sum, y, i) => sum + (y - fit.means[i]!) ** 2 / fit.means[i]!, 0);
  const dispersion = pearson / residualDf;
  const described = describedFit(fit, { level, n: data.y.length, method: "rate ratio, Poisson regression" });
  return {
    ...described,
    logLikelihood: data.y.reduce(
      (sum, y, i) => sum + y * Math.log(fit.means[i]!) - fit.means[i]! - logFactorial(y),
      0,
    ),
    deviance: fit.deviance,
    dispersion,
    quasiErrors: described.standardErrors.map((error) => error * Math.sqrt(dispersion)),
  };
}

/**
 * Negative binomial regression (NB2) by maximum likelihood.
 *
 * @throws StatisticsRefusal where the counts vary no more than a Poisson variable would: theta is then infinite, and Poisson regression fits.
 */
export function negativeBinomialRegression(options: CountRegressionOptions): NegativeBinomialRegression {
  const { data, level } = dataOf(options);
  let fit = weightedFit(data, poisson, startOf(data));
  let theta = data.y.length / data.y.reduce((sum, y, i) => sum + (y / fit.means[i]! - 1) ** 2, 0);
  for (let round = 0; round < 500; round += 1) {
    const next = thetaOf(data.y, fit.means, theta);
    fit = weightedFit(data, negativeBinomial(next), fit.coefficients);
    const change = Math.abs(next - theta) / theta;
    theta = next;
    if (change < 1e-12) break;
  }
  const [, information] = thetaScore(data.y, fit.means, theta);
  return {
    ...describedFit(fit, { level, n: data.y.length, method: "rate ratio, negative binomial regression" }),
    logLikelihood: data.y.reduce((sum, y, i) => sum + logProbability(y, fit.means[i]!, theta), 0),
    theta,
    thetaError: Math.sqrt(1 / information),
  };
}

function dataOf({ y, covariates, exposure, level = 0.95 }: CountRegressionOptions) {
  const data: FitData = {
    y,
    rows: covariates.map((row) => [1, ...row]),
    ...(exposure !== undefined && { offset: exposure.map(Math.log) }),
  };
  assertFit(data);
  assertOpenUnit(level, "level");
  if (y.some((value) => !Number.isInteger(value) || value < 0))
    refuse("bad-option", "a count is no whole number of at least 0");
  if (exposure?.some((value) => !(value > 0))) refuse("bad-option", "an exposure is not above 0");
  if (y.every((value) => value === 0)) refuse("too-few", "every count is 0");
  return { data, level };
}

/** The overall rate, so that the first step starts in range. */
function startOf({ y, rows, offset }: FitData): readonly number[] {
  const exposure = y.reduce((sum, _, i) => sum + Math.exp(offset?.[i] ?? 0), 0);
  const rate = y.reduce((sum, value) => sum + value, 0) / exposure;
  return rows[0]!.map((_, j) => (j === 0 ? Math.log(rate) : 0));
}

const poisson: Family = {
  mean: Math.exp,
  weight: (mean) => mean,
  slope: (y, mean) => y - mean,
  deviance: (y, mean) => 2 * ((y === 0 ? 0 : y * Math.log(y / mean)) - (y - mean)),
};

function negativeBinomial(theta: number): Family {
  return {
    mean: Math.exp,
    weight: (mean) => mean / (1 + mean / theta),
    slope: (y, mean) => (y - mean) / (1 + mean / theta),
    deviance: (y, mean) =>
      2 * ((y === 0 ? 0 : y * Math.log(y / mean)) - (y + theta) * Math.log((y + theta) / (mean + theta))),
  };
}

function logProbability(y: number, mean: number, theta: number): number {
  let rising = 0;
  for (let j = 0; j < y; j += 1) rising += Math.log(theta + j);
  return (
    rising -
    logFactorial(y) -
    theta * Math.log1p(mean / theta) +
    (y === 0 ? 0 : y * Math.log(mean / (theta + mean)))
  );
}

/** Derivative of the log likelihood by theta, and minus the second one. Digamma and trigamma differences are finite sums. */
function thetaScore(
  y: readonly number[],
  means: readonly number[],
  theta: number,
): readonly [number, number] {
  let score = 0;
  let information = 0;
  for (const [i, value] of y.entries()) {
    const mean = means[i]!;
    for (let j = 0; j < value; j += 1) {
      score += 1 / (theta + j);
      information += 1 / (theta + j) ** 2;
    }
    score += Math.log(theta) + 1 - Math.log(theta + mean) - (value + theta) / (mean + theta);
    information += -1 / theta + 2 / (mean + theta) - (value + theta) / (mean + theta) ** 2;
  }
  return [score, information];
}

/** The most likely theta for given means, by Newton's method on its logarithm. */
function thetaOf(y: readonly number[], means: readonly number[], start: number): number {
  let log = Math.log(start > 0 && Number.isFinite(start) ? start : 1);
  // Beyond, the variance is the mean's to five digits.
  const limit = Math.log(1e5 * (1 + Math.max(...means)));
  for (let step = 0; step < 200; step += 1) {
    const theta = Math.exp(log);
    const [score, information] = thetaScore(y, means, theta);
    const curvature = theta ** 2 * information - theta * score;
    const move = curvature > 0 ? (theta * score) / curvature : Math.sign(score);
    log += Math.max(-1, Math.min(1, move));
    if (log > limit)
      refuse("not-estimable", "the counts vary no more than a Poisson variable would; theta is infinite");
    if (Math.abs(move) < 1e-13) break;
  }
  return Math.exp(log);
}

function describedFit(
  { coefficients, covariance }: WeightedFit,
  { level, n, method }: { readonly level: number; readonly n: number; readonly method: string },
): Omit<CountRegression, "logLikelihood"> {
  const standardErrors = covariance.map((row, j) => Math.sqrt(row[j]!));
  const z = normalUpperQuantile((1 - level) / 2);
  return {
    coefficients,
    standardErrors,
    rateRatios: coefficients.slice(1).map((coefficient, index) => ({
      value: Math.exp(coefficient),
      low: Math.exp(coefficient - z * standardErrors[index + 1]!),
      high: Math.exp(coefficient + z * standardErrors[index + 1]!),
      level,
      method,
      n,
      standardError: standardErrors[index + 1]!,
    })),
  };
}
