// The description of one sample that a table prints: size, range, centre, spread, quartiles, shape.
// Fields that need more values than there are (sd for n = 1, skewness for n < 3 ...) are left out, never NaN.
import type { Estimate } from "./estimate.ts";
import { tInterval } from "./means/t-interval.ts";
import { trimmedMeanSorted } from "./means/trimmed-mean.ts";
import { momentsOf } from "./moments.ts";
import { quantileSorted, sortedOf } from "./quantile.ts";
import { assertOpenUnit, assertSample, isRefused, orRefusal } from "./refusal.ts";

/** What is worth knowing of a sample before any test. */
export interface Description {
  readonly n: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly median: number;
  /** First and third quartile, type 7. */
  readonly quartiles: readonly [number, number];
  readonly interquartileRange: number;
  /** Mean of the middle half: floor(n/4) values dropped at each end. */
  readonly interquartileMean: number;
  /** Mean after dropping floor(n/10) values at each end. */
  readonly trimmedMean: number;
  /** Median absolute deviation from the median, unscaled; times 1.4826 it estimates a normal sd. */
  readonly mad: number;
  /** Standard deviation, divisor n - 1; absent for n = 1. */
  readonly sd?: number;
  /** sd / sqrt(n); absent for n = 1. */
  readonly standardError?: number;
  /** t interval of the mean; absent for n = 1 and for a constant sample. */
  readonly interval?: Estimate;
  /** Moment skewness g1 and excess kurtosis g2; absent for n = 1 and for a constant sample. */
  readonly momentSkewness?: number;
  readonly momentKurtosis?: number;
  /** Adjusted Fisher-Pearson skewness G1; absent for n < 3 and for a constant sample. */
  readonly skewness?: number;
  /** Excess kurtosis G2; absent for n < 4 and for a constant sample. */
  readonly kurtosis?: number;
}

/**
 * Describes a sample of at least one finite number.
 * @example describe([3, 1, 2]).median // 2
 */
export function describe(values: readonly number[], options: { level?: number } = {}): Description {
  assertSample(values, { name: "the sample", least: 1 });
  assertOpenUnit(options.level ?? 0.95, "level");
  const sorted = sortedOf(values);
  const { n, mean, sd } = momentsOf(values);
  const middle = quantileSorted(sorted, 0.5);
  const quartiles = [quantileSorted(sorted, 0.25), quantileSorted(sorted, 0.75)] as const;
  const deviations = sorted.map((value) => Math.abs(value - middle)).sort();
  const interval = orRefusal(() => tInterval(values, options));
  return {
    n,
    min: sorted[0]!,
    max: sorted[n - 1]!,
    mean,
    median: middle,
    quartiles,
    interquartileRange: quartiles[1] - quartiles[0],
    interquartileMean: trimmedMeanSorted(sorted, 0.25),
    trimmedMean: trimmedMeanSorted(sorted, 0.1),
    mad: quantileSorted(deviations, 0.5),
    ...(n > 1 && { sd, standardError: sd / Math.sqrt(n) }),
    ...(!isRefused(interval) && { interval }),
    ...shapeOf(values),
  };
}

/** Skewness G1 and excess kurtosis G2 (Joanes & Gill 1998), where they exist. */
function shapeOf(
  values: readonly number[],
): Pick<Description, "momentSkewness" | "momentKurtosis" | "skewness" | "kurtosis"> {
  const { n, origin, offset, sd } = momentsOf(values);
  if (n < 2 || sd === 0) return {};
  let third = 0;
  let fourth = 0;
  for (const value of values) {
    const e = (value - origin - offset) / sd;
    third += e ** 3;
    fourth += e ** 4;
  }
  const ratio = n / (n - 1);
  const g1 = (third / n) * ratio ** 1.5;
  const g2 = (fourth / n) * ratio ** 2 - 3;
  const moment = { momentSkewness: g1, momentKurtosis: g2 };
  if (n < 3) return moment;
  const skewness = (g1 * Math.sqrt(n * (n - 1))) / (n - 2);
  if (n < 4) return { ...moment, skewness };
  return { ...moment, skewness, kurtosis: ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * g2 + 6) };
}
