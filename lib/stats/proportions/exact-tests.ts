// Exact tests of two proportions: Fisher's, which conditions on the margins, and the unconditional ones of Barnard and Boschloo, which
// do not and have more power.
import type { Alternative, Estimate, TestResult } from "../estimate.ts";
import { refuse } from "../refusal.ts";
import {
  conditionalInterval,
  conditionalOddsRatio,
  conditionalOf,
  medianUnbiased,
  noMoreProbable,
  tailsOf,
} from "./conditional-odds.ts";
import { assertTwoByTwo, logChoose, type TwoByTwo } from "./two-by-two.ts";

export interface ExactOptions extends TwoByTwo {
  /** Level of the odds ratio's interval; default 0.95. */
  readonly level?: number;
  /** "greater" means the first proportion is above the second. Two-sided unless told. */
  readonly alternative?: Alternative;
}

export interface Fisher extends TestResult {
  /** Conditional maximum likelihood estimate of the odds ratio, exact interval; ends may be 0 or Infinity. */
  readonly oddsRatio: Estimate;
}

/**
 * Fisher's (1935) exact test; two-sided p sums the tables no more probable than the one seen.
 *
 * @example fisherExact({ first: { successes: 9, n: 10 }, second: { successes: 3, n: 10 } }).p // 0.0198
 */
export function fisherExact(options: ExactOptions): Fisher {
  const { first, second, level = 0.95, alternative = "two-sided" } = options;
  assertTwoByTwo(options, level);
  const table = conditionalOf(options);
  const { lower, upper } = tailsOf(table, 0);
  return {
    method: "Fisher's exact test",
    symbol: "successes",
    statistic: first.successes,
    df: [],
    p: alternative === "less" ? lower : alternative === "greater" ? upper : noMoreProbable(table),
    alternative,
    n: [first.n, second.n],
    oddsRatio: {
      value: conditionalOddsRatio(table),
      ...conditionalInterval(table, (1 - level) / 2),
      level,
      method: "conditional odds ratio, exact interval",
      n: first.n + second.n,
    },
  };
}

export interface MidP extends TestResult {
  /** Median unbiased estimate of the odds ratio with the mid-p interval. */
  readonly oddsRatio: Estimate;
}

/**
 * The mid-p version of Fisher's test (Lancaster 1961): half of the probability of what was seen counts. Less conservative, and not
 * guaranteed to keep its level.
 *
 * @throws StatisticsRefusal where the margins allow one table only, or what was seen is at an end of what they allow.
 */
export function midPExact(options: Omit<ExactOptions, "alternative">): MidP {
  const { first, second, level = 0.95 } = options;
  assertTwoByTwo(options, level);
  const table = conditionalOf(options);
  if (table.seen === table.low || table.seen === table.low + table.log.length - 1)
    refuse(
      "not-estimable",
      "the odds ratio is 0 or infinite: the successes lie at an end of what the margins allow",
    );
  const { lower, upper } = tailsOf(table, 0, { mid: true });
  return {
    method: "mid-p exact test",
    symbol: "successes",
    statistic: first.successes,
    df: [],
    p: Math.min(1, 2 * Math.min(lower, upper)),
    alternative: "two-sided",
    n: [first.n, second.n],
    oddsRatio: {
      value: medianUnbiased(table),
      ...conditionalInterval(table, (1 - level) / 2, { mid: true }),
      level,
      method: "median unbiased odds ratio, mid-p interval",
      n: first.n + second.n,
    },
  };
}

/**
 * Barnard's (1945) unconditional test over the pooled z statistic: the largest probability, over the common proportion, of a
 * difference as extreme.
 *
 * @example barnardExact({ first: { successes: 9, n: 10 }, second: { successes: 3, n: 10 } }).p // 0.00693
 */
export function barnardExact(options: Omit<ExactOptions, "level">): TestResult {
  const { first, second, alternative = "two-sided" } = options;
  assertTwoByTwo(options);
  const seen = pooledZ(first.successes, second.successes, options);
  const isExtreme = (z: number): boolean =>
    alternative === "less"
      ? z <= seen + tie
      : alternative === "greater"
        ? z >= seen - tie
        : Math.abs(z) >= Math.abs(seen) - tie;
  return {
    method: "Barnard's exact test",
    symbol: "z",
    statistic: seen,
    df: [],
    p: largestChance(options, (x1, x2) => isExtreme(pooledZ(x1, x2, options))),
    alternative,
    n: [first.n, second.n],
  };
}

/**
 * Boschloo's (1970) unconditional test: orders tables by Fisher's one-sided p, and is never less powerful than Fisher's. Two-sided p is
 * twice the smaller one-sided one.
 *
 * @example boschlooExact({ first: { successes: 9, n: 10 }, second: { successes: 3, n: 10 } }).p // 0.00796
 */
export function boschlooExact(options: Omit<ExactOptions, "level">): TestResult {
  const { first, second, alternative = "two-sided" } = options;
  assertTwoByTwo(options);
  const oneSided = (side: "less" | "greater"): { readonly statistic: number; readonly p: number } => {
    const fisher = fisherTable(options, side);
    const statistic = fisher(first.successes, second.successes);
    return { statistic, p: largestChance(options, (x1, x2) => fisher(x1, x2) <= statistic * (1 + tie)) };
  };
  const sides =
    alternative === "two-sided" ? [oneSided("less"), oneSided("greater")] : [oneSided(alternative)];
  const [best] = sides.sort((one, other) => one.p - other.p);
  return {
    method: "Boschloo's exact test",
    symbol: "p(Fisher)",
    statistic: best!.statistic,
    df: [],
    p: Math.min(1, sides.length * best!.p),
    alternative,
    n: [first.n, second.n],
  };
}

/** Statistics this near are the same but for rounding. */
export const tie = 1e-10;

function pooledZ(x1: number, x2: number, { first, second }: TwoByTwo): number {
  const pooled = (x1 + x2) / (first.n + second.n);
  const variance = pooled * (1 - pooled) * (1 / first.n + 1 / second.n);
  return variance === 0 ? 0 : (x1 / first.n - x2 / second.n) / Math.sqrt(variance);
}

/** Fisher's one-sided p of every table with these group sizes, by its margins' distribution. */
export function fisherTable(
  { first, second }: TwoByTwo,
  side: "less" | "greater",
): (x1: number, x2: number) => number {
  const known = new Map<number, readonly number[]>();
  return (x1, x2) => {
    const successes = x1 + x2;
    const low = Math.max(0, successes - second.n);
    let tails = known.get(successes);
    if (tails === undefined) {
      const table = conditionalOf({
        first: { ...first, successes: low },
        second: { ...second, successes: successes - low },
      });
      const p = table.log.map(Math.exp);
      tails = side === "less" ? accumulated(p) : accumulated([...p].reverse()).reverse();
      known.set(successes, tails);
    }
    return tails[x1 - low]!;
  };
}

function accumulated(values: readonly number[]): number[] {
  let sum = 0;
  return values.map((value) => {
    sum += value;
    return sum;
  });
}

/** The largest probability, over the common proportion, that a table is extreme: a grid, then golden sections around its best points. */
export function largestChance(
  { first, second }: TwoByTwo,
  isExtreme: (x1: number, x2: number) => boolean,
): number {
  // Extreme tables by the number of successes: the probability is a polynomial in the proportion of that degree.
  const total = first.n + second.n;
  const weight = new Array<number>(total + 1).fill(0);
  for (let x1 = 0; x1 <= first.n; x1 += 1)
    for (let x2 = 0; x2 <= second.n; x2 += 1)
      if (isExtreme(x1, x2))
        weight[x1 + x2]! += Math.exp(
          logChoose(first.n, x1) + logChoose(second.n, x2) - logChoose(total, x1 + x2),
        );
  const chance = (p: number): number => {
    if (p <= 0) return weight[0]!;
    if (p >= 1) return weight[total]!;
    const [logP, logQ] = [Math.log(p), Math.log1p(-p)];
    return weight.reduce(
      (sum, share, k) =>
        share === 0 ? sum : sum + share * Math.exp(logChoose(total, k) + k * logP + (total - k) * logQ),
      0,
    );
  };
  const cells = 4 * Math.max(64, Math.ceil(Math.sqrt(total) * 16));
  const heights = Array.from({ length: cells + 1 }, (_, at) => chance(at / cells));
  const peaks = Array.from(heights.keys())
    .filter((at) => heights[at]! >= (heights[at - 1] ?? 0) && heights[at]! >= (heights[at + 1] ?? 0))
    .sort((a, b) => heights[b]! - heights[a]!)
    .slice(0, 5);
  const best = peaks.map((at) =>
    highest(chance, Math.max(0, (at - 1) / cells), Math.min(1, (at + 1) / cells)),
  );
  return Math.min(1, Math.max(...best, ...heights));
}

function highest(f: (x: number) => number, from: number, to: number): number {
  const golden = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [a, b] = [high - golden * (high - low), low + golden * (high - low)];
  let [fa, fb] = [f(a), f(b)];
  for (let step = 0; step < 60 && high - low > 1e-12; step += 1) {
    if (fa >= fb) {
      [high, b, fb] = [b, a, fa];
      a = high - golden * (high - low);
      fa = f(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + golden * (high - low);
      fb = f(b);
    }
  }
  return Math.max(fa, fb);
}
