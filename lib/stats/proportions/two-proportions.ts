// Differences and ratios of two independent proportions with intervals that hold at small n, and the chi-squared test.
import { chiSquaredUpper } from "../distribution/chi-squared.ts";
import { findRoot } from "../distribution/find-root.ts";
import { normalUpperQuantile } from "../distribution/normal.ts";
import type { Estimate, TestResult } from "../estimate.ts";
import { proportionInterval } from "../proportion-interval.ts";
import { refuse } from "../refusal.ts";
import { assertTwoByTwo, type SuccessCount, type TwoByTwo } from "./two-by-two.ts";

export interface TwoProportions extends TwoByTwo {
  /** Confidence level; default 0.95. */
  readonly level?: number;
}

/**
 * First proportion minus second, with the interval made of the two Wilson intervals: Newcombe's (1998) method 10.
 *
 * @throws StatisticsRefusal for counts out of range.
 * @example proportionDifference({ first: { successes: 56, n: 70 }, second: { successes: 48, n: 80 } }) // 0.2 [0.0524, 0.3339]
 */
export function proportionDifference({ first, second, level = 0.95 }: TwoProportions): Estimate {
  assertTwoByTwo({ first, second }, level);
  const one = proportionInterval({ ...first, level });
  const two = proportionInterval({ ...second, level });
  const value = one.value - two.value;
  return {
    value,
    low: value - Math.hypot(one.value - one.low, two.high - two.value),
    high: value + Math.hypot(one.high - one.value, two.value - two.low),
    level,
    method: "difference of proportions, Newcombe's interval",
    n: first.n + second.n,
  };
}

/**
 * The difference with the score interval of Miettinen and Nurminen (1985): the differences that a score test with N/(N - 1) does not
 * reject.
 *
 * @example proportionDifferenceScore({ first: { successes: 56, n: 70 }, second: { successes: 48, n: 80 } }) // 0.2 [0.0528, 0.3382]
 */
export function proportionDifferenceScore({ first, second, level = 0.95 }: TwoProportions): Estimate {
  assertTwoByTwo({ first, second }, level);
  const value = first.successes / first.n - second.successes / second.n;
  const critical = normalUpperQuantile((1 - level) / 2);
  const excess = (difference: number): number => scoreAt({ first, second }, difference) ** 2 - critical ** 2;
  // At the estimate the score is 0; towards -1 and 1 it grows.
  const end = (limit: number): number =>
    excess(limit) <= 0
      ? limit
      : findRoot(excess, { low: Math.min(value, limit), high: Math.max(value, limit) });
  return {
    value,
    low: value === -1 ? -1 : end(-1),
    high: value === 1 ? 1 : end(1),
    level,
    method: "difference of proportions, Miettinen and Nurminen's score interval",
    n: first.n + second.n,
  };
}

/** The score statistic of a difference: estimate minus it, over the standard deviation at the constrained maximum likelihood. */
function scoreAt({ first, second }: TwoByTwo, difference: number): number {
  const one = first.successes / first.n;
  const two = second.successes / second.n;
  const gap = one - two - difference;
  const [p1, p2] = constrained({ first, second }, difference);
  const total = first.n + second.n;
  const variance = ((p1 * (1 - p1)) / first.n + (p2 * (1 - p2)) / second.n) * (total / (total - 1));
  if (variance <= 0) return gap === 0 ? 0 : Math.sign(gap) * 1e150;
  return gap / Math.sqrt(variance);
}

/** The most likely proportions with a given difference: where the slope of the joint likelihood along it is 0. */
function constrained({ first, second }: TwoByTwo, difference: number): readonly [number, number] {
  const slopeAt = (p2: number): number => slope(first, p2 + difference) + slope(second, p2);
  const low = Math.max(0, -difference);
  const high = Math.min(1, 1 - difference);
  if (high - low < 1e-15) return [low + difference, low];
  // The likelihood is concave; at an end it may be infinite, so the ends are looked at from inside.
  const inset = (high - low) * 1e-13;
  const [from, to] = [low + inset, high - inset];
  const p2 = slopeAt(from) <= 0 ? low : slopeAt(to) >= 0 ? high : findRoot(slopeAt, { low: from, high: to });
  return [Math.min(1, Math.max(0, p2 + difference)), p2];
}

/** Derivative of the binomial log likelihood. */
function slope({ successes, n }: SuccessCount, p: number): number {
  return (successes === 0 ? 0 : successes / p) - (successes === n ? 0 : (n - successes) / (1 - p));
}

/**
 * First proportion over second, with the interval on the logarithm's scale (Katz et al. 1978).
 *
 * @throws StatisticsRefusal where a group has no success: the ratio is 0, infinite or undefined.
 * @example riskRatio({ first: { successes: 9, n: 10 }, second: { successes: 3, n: 10 } }) // 3 [1.138, 7.906]
 */
export function riskRatio({ first, second, level = 0.95 }: TwoProportions): Estimate {
  assertTwoByTwo({ first, second }, level);
  if (first.successes === 0 || second.successes === 0)
    refuse("not-estimable", "a group has no success, so the ratio of the proportions has no interval");
  const value = first.successes / first.n / (second.successes / second.n);
  const standardError = Math.sqrt(1 / first.successes - 1 / first.n + 1 / second.successes - 1 / second.n);
  return logInterval({
    value,
    standardError,
    level,
    method: "ratio of proportions, Katz's interval",
    n: first.n + second.n,
  });
}

/**
 * Odds of the first over odds of the second, with Woolf's (1955) interval. Where a cell is empty 0.5 is added to each, and the method says so.
 *
 * @example oddsRatio({ first: { successes: 9, n: 10 }, second: { successes: 3, n: 10 } }) // 21 [1.78, 248]
 */
export function oddsRatio({ first, second, level = 0.95 }: TwoProportions): Estimate {
  assertTwoByTwo({ first, second }, level);
  const cells = [first.successes, first.n - first.successes, second.successes, second.n - second.successes];
  const isEmpty = cells.includes(0);
  const [a = 0, b = 0, c = 0, d = 0] = isEmpty ? cells.map((cell) => cell + 0.5) : cells;
  return logInterval({
    value: (a * d) / (b * c),
    standardError: Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d),
    level,
    method: `odds ratio, Woolf's interval${isEmpty ? ", 0.5 added to each cell" : ""}`,
    n: first.n + second.n,
  });
}

/** An estimate whose interval is symmetric about its logarithm; `standardError` is that of the logarithm. */
export function logInterval(of: {
  readonly value: number;
  readonly standardError: number;
  readonly level: number;
  readonly method: string;
  readonly n: number;
}): Estimate {
  const { value, standardError, level, method, n } = of;
  const factor = Math.exp(normalUpperQuantile((1 - level) / 2) * standardError);
  return { value, low: value / factor, high: value * factor, level, method, n, standardError };
}

/**
 * Pearson's chi-squared test of equal proportions.
 *
 * @param options continuity: Yates's correction; none unless told.
 * @throws StatisticsRefusal when all trials succeed or none does.
 * @example chiSquaredProportions({ first: { successes: 56, n: 70 }, second: { successes: 48, n: 80 } }).p // 0.00805
 */
export function chiSquaredProportions(options: TwoByTwo & { readonly continuity?: boolean }): TestResult {
  const { first, second, continuity = false } = options;
  assertTwoByTwo(options);
  const n = first.n + second.n;
  const successes = first.successes + second.successes;
  if (successes === 0 || successes === n)
    refuse("no-variation", "all trials of both groups end alike, so nothing can differ");
  const gap = Math.abs(
    first.successes * (second.n - second.successes) - second.successes * (first.n - first.successes),
  );
  const corrected = continuity ? Math.max(0, gap - n / 2) : gap;
  const statistic = (n * corrected ** 2) / (first.n * second.n * successes * (n - successes));
  return {
    method: `Pearson's chi-squared test of two proportions${continuity ? ", Yates's correction" : ""}`,
    symbol: "chi2",
    statistic,
    df: [1],
    p: chiSquaredUpper(statistic, 1),
    alternative: "two-sided",
    n: [first.n, second.n],
  };
}
