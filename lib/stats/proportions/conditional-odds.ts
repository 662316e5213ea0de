// What is known of an odds ratio once the margins are given: the noncentral hypergeometric distribution of the first group's
// successes, of one table or summed over strata. Fisher's test, its mid-p kin and exact tests over strata are all this.
import { findRoot } from "../distribution/find-root.ts";
import { logChoose, type TwoByTwo } from "./two-by-two.ts";

/** Log probabilities of the successes low, low + 1, ... when the odds ratio is 1, and what was seen. */
export interface Conditional {
  readonly low: number;
  readonly log: readonly number[];
  readonly seen: number;
}

/** Of one table. */
export function conditionalOf({ first, second }: TwoByTwo): Conditional {
  const successes = first.successes + second.successes;
  const low = Math.max(0, successes - second.n);
  const high = Math.min(first.n, successes);
  const all = logChoose(first.n + second.n, successes);
  const log = Array.from({ length: high - low + 1 }, (_, at) => {
    const x = low + at;
    return logChoose(first.n, x) + logChoose(second.n, successes - x) - all;
  });
  return { low, log, seen: first.successes };
}

/** Of the sum over strata: their distributions folded. */
export function conditionalSum(parts: readonly Conditional[]): Conditional {
  const [first, ...rest] = parts;
  return rest.reduce(
    (sum, part) => ({
      low: sum.low + part.low,
      log: folded(sum.log, part.log),
      seen: sum.seen + part.seen,
    }),
    first!,
  );
}

function folded(a: readonly number[], b: readonly number[]): readonly number[] {
  const result = new Array<number>(a.length + b.length - 1).fill(0);
  for (const [i, x] of a.entries()) for (const [j, y] of b.entries()) result[i + j]! += Math.exp(x + y);
  return result.map(Math.log);
}

/** Probabilities under an odds ratio, given as its logarithm. */
function probabilities({ log }: Conditional, logOdds: number): readonly number[] {
  const raw = log.map((value, at) => value + at * logOdds);
  const top = Math.max(...raw);
  const weights = raw.map((value) => Math.exp(value - top));
  const total = weights.reduce((sum, value) => sum + value, 0);
  return weights.map((value) => value / total);
}

/** P(X <= seen) and P(X >= seen), with half of P(X = seen) taken off both when `mid`. */
export function tailsOf(
  of: Conditional,
  logOdds: number,
  { mid = false } = {},
): { readonly lower: number; readonly upper: number } {
  const p = probabilities(of, logOdds);
  const at = of.seen - of.low;
  const half = mid ? p[at]! / 2 : 0;
  const sum = (from: number, to: number): number =>
    p.slice(from, to).reduce((total, value) => total + value, 0);
  return { lower: sum(0, at + 1) - half, upper: sum(at, p.length) - half };
}

/** The two-sided p that sums outcomes no more probable than the one seen; R's relative tolerance of 1e-7 for ties. */
export function noMoreProbable(of: Conditional): number {
  const p = probabilities(of, 0);
  const limit = p[of.seen - of.low]! * (1 + 1e-7);
  return Math.min(
    1,
    p.reduce((sum, value) => (value <= limit ? sum + value : sum), 0),
  );
}

/** The odds ratio under which what was seen is the mean: the conditional maximum likelihood estimate; 0 or Infinity at an end. */
export function conditionalOddsRatio(of: Conditional): number {
  if (of.seen === of.low) return 0;
  if (of.seen === of.low + of.log.length - 1) return Number.POSITIVE_INFINITY;
  const excess = (logOdds: number): number =>
    probabilities(of, logOdds).reduce((sum, value, at) => sum + value * (of.low + at), 0) - of.seen;
  return Math.exp(solved(excess));
}

/** The odds ratios at which a tail reaches `outside`: ends of the exact interval, 0 and Infinity where there is none. */
export function conditionalInterval(
  of: Conditional,
  outside: number,
  { mid = false } = {},
): { readonly low: number; readonly high: number } {
  const isLowest = of.seen === of.low;
  const isHighest = of.seen === of.low + of.log.length - 1;
  return {
    low: isLowest ? 0 : Math.exp(solved((logOdds) => tailsOf(of, logOdds, { mid }).upper - outside)),
    high: isHighest
      ? Number.POSITIVE_INFINITY
      : Math.exp(solved((logOdds) => outside - tailsOf(of, logOdds, { mid }).lower)),
  };
}

/** The odds ratio under which both mid-p tails are one half. */
export function medianUnbiased(of: Conditional): number {
  return Math.exp(solved((logOdds) => tailsOf(of, logOdds, { mid: true }).upper - 0.5));
}

/** The root of a function that rises with the logarithm of the odds ratio. */
function solved(rising: (logOdds: number) => number): number {
  let reach = 4;
  while (reach < 700 && !(rising(-reach) <= 0 && rising(reach) >= 0)) reach *= 2;
  return findRoot(rising, { low: -reach, high: reach });
}
