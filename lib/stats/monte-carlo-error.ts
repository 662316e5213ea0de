// How well a simulation study knows the performance of an estimator: bias, empirical error, coverage and the rest, each with its Monte
// Carlo standard error. Source throughout: Morris, White and Crowther, Statistics in Medicine 38 (2019) 2074-2102, Table 6.
import { normalUpperQuantile } from "./distribution/normal.ts";
import { momentsOf } from "./moments.ts";
import { assertOpenUnit, assertSample, refuse } from "./refusal.ts";

/** A measure of performance with its Monte Carlo standard error, in the measure's own unit. */
export interface Performance {
  readonly value: number;
  /** How far `value` would move between simulation studies of this size; 0 at a share of 0 or 1, where an interval says more. */
  readonly error: number;
}

export interface EstimatorRuns {
  /** One estimate a repetition. */
  readonly estimates: readonly number[];
  /** The standard error that the method gave in each repetition, where it gives one. */
  readonly standardErrors?: readonly number[];
  /** What is estimated. */
  readonly truth: number;
  /** Confidence of the intervals estimate -+ z standard errors; default 0.95. */
  readonly level?: number;
  /** The value that a test of the estimate rejects; default 0. */
  readonly null?: number;
}

/** Performance of an estimator over repetitions. Measures that need the method's own standard errors are null without them. */
export interface EstimatorPerformance {
  readonly n: number;
  readonly bias: Performance;
  /** Standard deviation of the estimates. */
  readonly empiricalError: Performance;
  readonly meanSquaredError: Performance;
  /** Its error is by the delta method (not in Table 6). */
  readonly rootMeanSquaredError: Performance;
  /** Root mean square of the method's standard errors. */
  readonly modelError: Performance | null;
  /** By how many percent the model error is off the empirical one. */
  readonly relativeModelError: Performance | null;
  /** Share of intervals that hold the truth, and the mean estimate. */
  readonly coverage: Performance | null;
  readonly biasEliminatedCoverage: Performance | null;
  /** Share of tests that reject the null value. */
  readonly rejection: Performance | null;
}

/**
 * Bias, precision, coverage and power of an estimator over the repetitions of a simulation study.
 *
 * @throws StatisticsRefusal for fewer than two repetitions, lists of unlike lengths, or estimates that do not vary.
 * @example performanceOf({ estimates, standardErrors, truth: 1 }).coverage  // { value: 0.937, error: 0.005 }
 */
export function performanceOf(runs: EstimatorRuns): EstimatorPerformance {
  const { estimates, standardErrors, truth, level = 0.95 } = runs;
  assertSample(estimates, { name: "the estimates", least: 2 });
  assertOpenUnit(level, "level");
  const n = estimates.length;
  const { mean, sd } = momentsOf(estimates);
  if (!(sd > 0)) refuse("no-variation", "the estimates do not vary");
  const squares = estimates.map((estimate) => (estimate - truth) ** 2);
  const mse = meanErrorOf(squares);
  const root = Math.sqrt(mse.value);
  const shared = {
    n,
    bias: { value: mean - truth, error: sd / Math.sqrt(n) },
    empiricalError: { value: sd, error: sd / Math.sqrt(2 * (n - 1)) },
    meanSquaredError: mse,
    rootMeanSquaredError: { value: root, error: mse.error / (2 * root) },
  };
  const nothing = {
    modelError: null,
    relativeModelError: null,
    coverage: null,
    biasEliminatedCoverage: null,
    rejection: null,
  };
  if (standardErrors === undefined) return { ...shared, ...nothing };
  if (standardErrors.length !== n)
    refuse("unequal-lengths", `there are ${n} estimates and ${standardErrors.length} standard errors`);
  assertSample(standardErrors, { name: "the standard errors", least: 2 });
  const z = normalUpperQuantile((1 - level) / 2);
  const shareWithin = (centre: number) =>
    proportionPerformance(
      estimates.filter((estimate, i) => Math.abs(estimate - centre) <= z * standardErrors[i]!).length,
      n,
    );
  const { value, error } = shareWithin(runs.null ?? 0);
  return {
    ...shared,
    ...modelErrors(standardErrors, { sd, n }),
    coverage: shareWithin(truth),
    biasEliminatedCoverage: shareWithin(mean),
    rejection: { value: 1 - value, error },
  };
}

function modelErrors(
  standardErrors: readonly number[],
  { sd, n }: { readonly sd: number; readonly n: number },
): Pick<EstimatorPerformance, "modelError" | "relativeModelError"> {
  const { mean, sd: spread } = momentsOf(standardErrors.map((own) => own ** 2));
  const model = Math.sqrt(mean);
  const relative = spread ** 2 / (4 * n * mean ** 2);
  return {
    modelError: { value: model, error: model * Math.sqrt(relative) },
    relativeModelError: {
      value: 100 * (model / sd - 1),
      error: 100 * (model / sd) * Math.sqrt(relative + 1 / (2 * (n - 1))),
    },
  };
}

/** A mean with its Monte Carlo standard error: of squared errors, or of paired differences between two methods on the same data. */
export function meanErrorOf(values: readonly number[]): Performance {
  assertSample(values, { name: "the sample", least: 2 });
  const { mean, sd } = momentsOf(values);
  return { value: mean, error: sd / Math.sqrt(values.length) };
}

/** A share of repetitions: coverage, power, a rate of error. */
export function proportionPerformance(successes: number, n: number): Performance {
  if (!(n > 0) || successes < 0 || successes > n) refuse("bad-option", `${successes} of ${n} is no share`);
  const value = successes / n;
  return { value, error: Math.sqrt((value * (1 - value)) / n) };
}

/**
 * By how many percent one method is more precise than another on the same simulated data: 100 ((sd of the reference / sd of the method)^2 - 1).
 *
 * @throws StatisticsRefusal for lists of unlike lengths, fewer than three repetitions, or estimates that do not vary.
 */
export function relativePrecision(
  reference: readonly number[],
  method: readonly number[],
): Performance & { readonly correlation: number } {
  assertSample(reference, { name: "the reference's estimates", least: 3 });
  assertSample(method, { name: "the method's estimates", least: 3 });
  const n = reference.length;
  if (method.length !== n) refuse("unequal-lengths", `there are ${n} and ${method.length} estimates`);
  const [x, y] = [momentsOf(reference), momentsOf(method)];
  if (!(x.sd > 0 && y.sd > 0)) refuse("no-variation", "the estimates of a method do not vary");
  const correlation =
    reference.reduce((sum, value, i) => sum + (value - x.mean) * (method[i]! - y.mean), 0) /
    ((n - 1) * x.sd * y.sd);
  const ratio = (x.sd / y.sd) ** 2;
  return {
    value: 100 * (ratio - 1),
    error: 200 * ratio * Math.sqrt((1 - correlation ** 2) / (n - 1)),
    correlation,
  };
}

/** Repetitions after which a share near `share` has a Monte Carlo standard error of at most `error`: 1900 for 0.95 and 0.005. */
export function repetitionsForShare(share: number, error: number): number {
  assertOpenUnit(share, "share");
  return repetitionsFor(share * (1 - share), error);
}

/** Repetitions after which a mean of values with standard deviation `sd` has a Monte Carlo standard error of at most `error`. */
export function repetitionsForMean(sd: number, error: number): number {
  if (!(sd > 0)) refuse("bad-option", "the standard deviation has to be above 0");
  return repetitionsFor(sd ** 2, error);
}

function repetitionsFor(variance: number, error: number): number {
  if (!(error > 0)) refuse("bad-option", "the Monte Carlo standard error has to be above 0");
  // A quotient that is whole but for rounding is not rounded up.
  return Math.ceil((variance / error ** 2) * (1 - 1e-12));
}
