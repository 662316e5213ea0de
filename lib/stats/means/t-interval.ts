// Student's t interval of a mean, and the one-sample t test that goes with it.
// Both refuse a sample without variation: its interval would have no width and its p value no meaning.
import type { Alternative, Estimate, TestResult } from "../estimate.ts";
import { tBounds, tProbability } from "../interval-of.ts";
import { isNoise, momentsOf } from "../moments.ts";
import { assertOpenUnit, assertSample, refuse } from "../refusal.ts";

/** A one-sample t test with the interval of the mean. */
export interface OneSampleT extends TestResult {
  readonly estimate: Estimate;
}

/**
 * The t interval of a mean (Student 1908): mean +- t(n-1) sd/sqrt(n).
 * @param values at least two finite numbers, not all equal
 * @example tInterval([4.1, 3.9, 4.4]) // { value: 4.133, low: 3.508, high: 4.758, level: 0.95, ... }
 */
export function tInterval(values: ArrayLike<number>, options: { level?: number } = {}): Estimate {
  return oneSampleT(values, options).estimate;
}

/**
 * The one-sample t test of mean = mu. For paired data pass the differences, or use pairedT.
 * @throws StatisticsRefusal for n < 2 or a sample that is constant up to rounding
 */
export function oneSampleT(
  values: ArrayLike<number>,
  options: { mu?: number; level?: number; alternative?: Alternative; name?: string } = {},
): OneSampleT {
  const { mu = 0, level = 0.95, alternative = "two-sided", name = "the sample" } = options;
  assertSample(values, { name, least: 2 });
  assertOpenUnit(level, "level");
  const { n, mean, offset, origin, sd } = momentsOf(values);
  const standardError = sd / Math.sqrt(n);
  if (sd === 0 || isNoise(standardError, mean))
    refuse(
      "no-variation",
      `${name} does not vary (n = ${n}, every value is ${Number(mean.toPrecision(12))}); a t statistic needs variation`,
    );
  const df = n - 1;
  const statistic = (origin - mu + offset) / standardError;
  return {
    method: "one-sample t test",
    symbol: "t",
    statistic,
    df: [df],
    p: tProbability(statistic, { df, alternative }),
    alternative,
    n: [n],
    estimate: {
      value: mean,
      ...tBounds({ value: mean, standardError, df, level, alternative }),
      level,
      method: "mean with t interval",
      n,
      standardError,
    },
  };
}
