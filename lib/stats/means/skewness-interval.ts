// An interval of a mean for decisions that must not err because the data are skewed: Student's t with Hall's correction for more skewness
// than the sample shows, since small samples of skewed data rarely show it.
import { studentTUpperQuantile } from "../distribution/student-t.ts";
import type { Estimate } from "../estimate.ts";
import { isNoise, momentsOf } from "../moments.ts";
import { assertOpenUnit, assertSample, refuse } from "../refusal.ts";

/** The fewest values that say anything of skewness. */
export const skewnessValuesMin = 5;

/**
 * The mean with an interval that allows for skewness: each end is moved out by Hall's transformation of t under the sample's skewness plus
 * max(1, 7/n) towards that end. It is never narrower than the t interval.
 *
 * With q = skewness / sqrt(n) the critical value t becomes (3/q) (1 - cbrt(1 - q (t + q/6))), or the largest of these for any smaller q.
 * The allowance is calibrated, not derived: docs/coverage.md has what each end misses for normal, exponential, lognormal, count and 0/1
 * data (at most 1.25 of nominal from n = 5 on). No interval without a range is safe from rare values that no trial has met.
 *
 * Source: Hall, JRSS B 54 (1992) 221-228, eq. 2.5; skewness G1 of Joanes and Gill, The Statistician 47 (1998) 183-189.
 *
 * @param values at least five finite numbers, not all equal
 * @throws StatisticsRefusal for n < 5 or a sample that is constant up to rounding
 * @example skewnessInterval([4.1, 3.9, 4.4, 4.0, 4.2]).high
 */
export function skewnessInterval(
  values: ArrayLike<number>,
  options: { readonly level?: number } = {},
): Estimate {
  const { level = 0.95 } = options;
  assertSample(values, { name: "the sample", least: skewnessValuesMin });
  assertOpenUnit(level, "level");
  const { n, mean, origin, offset, sd } = momentsOf(values);
  const standardError = sd / Math.sqrt(n);
  if (sd === 0 || isNoise(standardError, mean))
    refuse("no-variation", `the sample does not vary (n = ${n}); an interval needs variation`);
  let cubes = 0;
  for (let i = 0; i < n; i += 1) cubes += ((values[i]! - origin - offset) / sd) ** 3;
  const skewness = (cubes * n) / ((n - 1) * (n - 2));
  const allowance = Math.max(1, 7 / n);
  const t = studentTUpperQuantile((1 - level) / 2, n - 1);
  return {
    value: mean,
    low: mean - skewedCritical(t, { skewness: allowance - skewness, n }) * standardError,
    high: mean + skewedCritical(t, { skewness: allowance + skewness, n }) * standardError,
    level,
    method: "t interval that allows for skewness",
    n,
    standardError,
  };
}

/**
 * How many standard errors the critical value t of a symmetric statistic becomes, on the side of the mean to which the data are skewed.
 * It rises with the skewness and is t for none.
 *
 * @param t above 0
 * @param of skewness towards the side that is asked about; negative counts as 0.
 */
export function skewedCritical(t: number, of: { readonly skewness: number; readonly n: number }): number {
  const q = Math.max(0, of.skewness) / Math.sqrt(of.n);
  if (q < 1e-6) return t;
  return Math.max(t, hall(t, q <= uprightAt(t) ? q : Math.min(q, widestAt(t))));
}

/** Hall's transformation, turned around: where it is -t. */
function hall(t: number, q: number): number {
  return (3 / q) * (1 - Math.cbrt(1 - q * (t + q / 6)));
}

/** Where the cube root stands upright: q (t + q/6) = 1. Hall's critical value rises up to it. */
function uprightAt(t: number): number {
  return 3 * (Math.sqrt(t * t + 2 / 3) - t);
}

/** The q at which Hall's critical value is largest; beyond it the correction would shrink again. Golden section over its one peak. */
function widestAt(t: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let low = uprightAt(t);
  let high = 10 * low;
  for (let step = 0; step < 60; step += 1) {
    const left = high - ratio * (high - low);
    const right = low + ratio * (high - low);
    if (hall(t, left) < hall(t, right)) low = left;
    else high = right;
  }
  return (low + high) / 2;
}
