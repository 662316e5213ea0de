// Quantiles with their errors: Harrell and Davis's weighted mean of all order statistics, and the interval of a median between two of them.
import { betaLower } from "./distribution/beta.ts";
import type { Estimate } from "./estimate.ts";
import { logChoose } from "./proportions/two-by-two.ts";
import { median, sortedOf } from "./quantile.ts";
import { assertOpenUnit, assertSample } from "./refusal.ts";

/** A quantile with the jackknife's standard error. */
export interface QuantileEstimate {
  readonly value: number;
  readonly standardError: number;
}

/**
 * The quantile of Harrell and Davis (1982): all order statistics, weighted by a beta distribution around the one asked for. Steadier than a
 * single order statistic at small n; its error is the jackknife's, which heavy ties break.
 *
 * @param p In (0, 1).
 * @throws StatisticsRefusal for fewer than 2 values.
 * @example harrellDavis([1, 2, 3, 4, 9], 0.5)
 */
export function harrellDavis(values: readonly number[], p: number): QuantileEstimate {
  assertSample(values, { name: "the sample", least: 2 });
  assertOpenUnit(p, "p");
  const sorted = sortedOf(values);
  const n = sorted.length;
  const shape = { a: (n + 1) * p, b: (n + 1) * (1 - p) };
  const weights = weightsOf(n, shape);
  const value = weights.reduce((sum, weight, i) => sum + weight * sorted[i]!, 0);
  // Without the i-th, order statistics before it keep their place and those after it move down by one.
  // The beta distribution stays that of the whole sample, as in Hmisc.
  const fewer = weightsOf(n - 1, shape);
  const before = new Float64Array(n + 1);
  const after = new Float64Array(n + 1);
  for (let i = 0; i < n - 1; i += 1) before[i + 1] = before[i]! + fewer[i]! * sorted[i]!;
  for (let i = n - 1; i >= 1; i -= 1) after[i] = (after[i + 1] ?? 0) + fewer[i - 1]! * sorted[i]!;
  const leftOut = Array.from({ length: n }, (_, i) => before[i]! + after[i + 1]!);
  const centre = leftOut.reduce((sum, each) => sum + each, 0) / n;
  const spread = leftOut.reduce((sum, each) => sum + (each - centre) ** 2, 0);
  return { value, standardError: Math.sqrt((spread * (n - 1)) / n) };
}

function weightsOf(n: number, shape: { readonly a: number; readonly b: number }): readonly number[] {
  const below = Array.from({ length: n + 1 }, (_, i) => betaLower(i / n, shape));
  return Array.from({ length: n }, (_, i) => below[i + 1]! - below[i]!);
}

/**
 * The median with an interval between two order statistics, exact whatever the distribution: the narrowest symmetric one whose coverage is
 * at least `level`.
 *
 * @throws StatisticsRefusal for no value.
 * @example medianInterval([3, 1, 4, 1, 5, 9, 2, 6]).coverage // at least 0.95
 */
export function medianInterval(
  values: readonly number[],
  { level = 0.95 }: { readonly level?: number } = {},
): Estimate & { readonly ranks: readonly [low: number, high: number]; readonly coverage: number } {
  assertSample(values, { name: "the sample", least: 1 });
  assertOpenUnit(level, "level");
  const sorted = sortedOf(values);
  const n = sorted.length;
  const chance = (k: number): number => Math.exp(logChoose(n, k) - n * Math.LN2);
  let rank = 0;
  let outside = 0;
  // P(B < rank) with B binomial: one side of what the interval between ranks `rank` and n + 1 - rank misses.
  for (let next = 1; 2 * next <= n; next += 1) {
    const more = outside + chance(next - 1);
    if (2 * more > 1 - level) break;
    rank = next;
    outside = more;
  }
  return {
    value: median(values),
    low: rank === 0 ? Number.NEGATIVE_INFINITY : sorted[rank - 1]!,
    high: rank === 0 ? Number.POSITIVE_INFINITY : sorted[n - rank]!,
    level,
    method: "median, interval of order statistics",
    n,
    ranks: [rank, n + 1 - rank],
    coverage: 1 - 2 * outside,
  };
}
