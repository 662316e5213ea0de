// Pairs of shares of units that hold one trial or several, as replicates under common random numbers: the test by flipping the signs of their
// differences, which for single trials is McNemar's, and the difference with its interval.
import { normalLower, normalUpper } from "../distribution/normal.ts";
import { studentTUpperQuantile } from "../distribution/student-t.ts";
import type { Alternative, Estimate, TestResult } from "../estimate.ts";
import { assertSample, refuse } from "../refusal.ts";
import { pairedProportionDifference } from "./paired-proportions.ts";
import { summedTails } from "./summed-tails.ts";

/** Shares of the same units at two levels, pair by pair, each in [0, 1]. */
export interface PairedShares {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** Sums of differences that the exact distribution follows at most. */
const supportMax = 20_000;

/**
 * Whether the sign of each pair's difference is a matter of chance: mid-p over all flips of signs (half of the probability of what was seen
 * counts), which for pairs of single trials is McNemar's mid-p test (Fagerland, Lydersen and Laake, BMC Medical Research Methodology 13
 * (2013) 91). Where no pair differs p is 1. Differences that take too many values are judged by the normal distribution of their sum.
 *
 * @throws StatisticsRefusal without pairs, or lists of unlike lengths.
 * @example pairedSharesTest({ x: [1, 1, 1, 1, 1], y: [0, 0, 0, 0, 0] }).p // 0.03125
 */
export function pairedSharesTest(options: PairedShares & { readonly alternative?: Alternative }): TestResult {
  const { x, y, alternative = "two-sided" } = options;
  const { method, statistic, ...test } = signFlipTest({ x, y, alternative });
  const isSingles = isSingle(options);
  const wins = x.filter((value, i) => value > y[i]!).length;
  return {
    method: isSingles ? "McNemar's mid-p test" : method,
    symbol: isSingles ? "b" : "sum",
    statistic: isSingles ? wins : statistic,
    ...test,
  };
}

/**
 * The sign-flip test of paired values by mid-p: whether the sign of each difference is a matter of chance. For counts under common random
 * numbers it asks nothing of their dispersion.
 *
 * @example signFlipTest({ x: [3, 5, 2, 8, 4], y: [1, 2, 2, 3, 1] }).p // 0.0625
 */
export function signFlipTest(
  options: PairedShares & { readonly alternative?: Alternative },
): Omit<TestResult, "symbol"> {
  const { x, y, alternative = "two-sided" } = options;
  assertPairs(options);
  const differences = x.map((value, i) => value - y[i]!).filter((value) => Math.abs(value) > 1e-9);
  const sum = differences.reduce((total, value) => total + value, 0);
  const tails = flipTails(differences);
  const z = differences.length === 0 ? 0 : sum / Math.hypot(...differences);
  const { lower, upper } = tails ?? { lower: normalLower(z), upper: normalUpper(z) };
  const p =
    alternative === "greater"
      ? upper
      : alternative === "less"
        ? lower
        : Math.min(1, 2 * Math.min(lower, upper));
  return {
    method: `sign-flip test of the pairs, ${tails === null ? "normal" : "mid-p"}`,
    statistic: sum,
    df: [],
    p,
    alternative,
    n: [x.length],
  };
}

/** Mid-p of a sum at most and at least as large as the one seen; null where there are too many sums. */
function flipTails(
  differences: readonly number[],
): { readonly lower: number; readonly upper: number } | null {
  // A flip is 0 or 1 times twice the size of the difference, which the sum lies at or above its smallest value by.
  const parts = differences.map((difference) => ({
    step: Math.abs(difference),
    low: 0,
    chances: [0.5, 0.5],
    seen: difference > 0 ? 1 : 0,
  }));
  const tails = summedTails(parts, supportMax);
  if (tails === null) return null;
  return { lower: tails.lower - tails.at / 2, upper: tails.upper - tails.at / 2 };
}

/**
 * Mean of the paired differences of shares. Single trials: Newcombe's (1998) paired score interval. Units of several trials: the interval of
 * Bonett and Price (Journal of Educational and Behavioral Statistics 37 (2012) 479-488), which adds pairs of difference 1 and -1 to those
 * seen, here t^2 / 4 trials of each with Student's t on n - 1 degrees of freedom, and stays wider than nothing where all units are alike.
 *
 * @param options trials: of each level in one unit, 1 unless told.
 * @example pairedSharesDifference({ x: [0.75, 0.5, 1], y: [0.25, 0.5, 0.5] }).value // 0.333
 */
export function pairedSharesDifference(
  options: PairedShares & { readonly trials?: number; readonly level?: number },
): Estimate {
  const { x, y, trials = 1, level = 0.95 } = options;
  assertPairs(options);
  if (isSingle(options)) {
    const count = (first: number, second: number): number =>
      x.filter((value, i) => value === first && y[i] === second).length;
    const { correlation: _, ...estimate } = pairedProportionDifference({
      both: count(1, 1),
      onlyFirst: count(1, 0),
      onlySecond: count(0, 1),
      neither: count(0, 0),
      level,
    });
    return { ...estimate, method: "Newcombe's paired score interval" };
  }
  const n = x.length;
  const sum = x.reduce((total, value, i) => total + value - y[i]!, 0);
  const squares = x.reduce((total, value, i) => total + (value - y[i]!) ** 2, 0);
  const shared = { value: sum / n, level, method: "adjusted interval of Bonett and Price over units", n };
  if (n < 2) return { ...shared, low: -1, high: 1 };
  const t = studentTUpperQuantile((1 - level) / 2, n - 1);
  const added = t ** 2 / 2 / trials;
  const centre = sum / (n + added);
  const half = t * Math.sqrt(((squares + added) / (n + added) - centre ** 2) / (n + added));
  return { ...shared, low: Math.max(-1, centre - half), high: Math.min(1, centre + half) };
}

function isSingle({ x, y }: PairedShares): boolean {
  const isOutcome = (value: number): boolean => value === 0 || value === 1;
  return x.every(isOutcome) && y.every(isOutcome);
}

function assertPairs({ x, y }: PairedShares): void {
  assertSample(x, { name: "the first shares", least: 1 });
  assertSample(y, { name: "the second shares", least: 1 });
  if (x.length !== y.length)
    refuse("unequal-lengths", `pairs need lists of one length; they have ${x.length} and ${y.length}`);
}
