// Quantiles of type 7 (Hyndman & Fan 1996): linear interpolation of order statistics, as R and numpy do by default.
import { assertSample, refuse } from "./refusal.ts";
import { sortNumbers } from "./sort-numbers.ts";

/** A sorted copy, ascending. */
export function sortedOf(values: ArrayLike<number>): Float64Array {
  return sortNumbers(values);
}

/**
 * Quantile of type 7.
 * @param values at least one finite number, in any order
 * @param p a probability in [0, 1]
 * @example quantile([1, 2, 3, 4], 0.25) // 1.75
 */
export function quantile(values: readonly number[], p: number): number {
  assertSample(values, { name: "the sample", least: 1 });
  if (!(p >= 0 && p <= 1)) refuse("bad-option", `a quantile at p = ${p} does not exist; p lies in [0, 1]`);
  return quantileSorted(sortedOf(values), p);
}

/** Median of a non-empty sample. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Quantile of type 7 of an ascending array. */
export function quantileSorted(sorted: ArrayLike<number>, p: number): number {
  const position = (sorted.length - 1) * p;
  const below = Math.min(Math.floor(position), sorted.length - 1);
  const low = sorted[below]!;
  const share = position - below;
  if (share === 0) return low;
  const high = sorted[below + 1]!;
  return low === high ? low : low + share * (high - low);
}
