// Trimmed and interquartile means: the mean of what is left when equal numbers of values are dropped at each end.
import { sumOf } from "../moments.ts";
import { sortedOf } from "../quantile.ts";
import { assertSample, refuse } from "../refusal.ts";

/**
 * Mean after dropping floor(trim * n) values at each end (R's mean(x, trim), SciPy's trim_mean).
 * @param trim share dropped at each end, in [0, 0.5)
 */
export function trimmedMean(values: readonly number[], trim: number): number {
  assertSample(values, { name: "the sample", least: 1 });
  if (!(trim >= 0 && trim < 0.5)) refuse("bad-option", `trim is ${trim}; it must lie in [0, 0.5)`);
  return trimmedMeanSorted(sortedOf(values), trim);
}

/** The interquartile mean: floor(n/4) values dropped at each end (Agarwal et al. 2021, "rliable"). */
export function interquartileMean(values: readonly number[]): number {
  return trimmedMean(values, 0.25);
}

/** Trimmed mean of an ascending array. */
export function trimmedMeanSorted(sorted: Float64Array, trim: number): number {
  const drop = Math.floor(trim * sorted.length);
  const kept = sorted.subarray(drop, sorted.length - drop);
  const origin = kept[0]!;
  return origin + sumOf(kept.map((value) => value - origin)) / kept.length;
}
