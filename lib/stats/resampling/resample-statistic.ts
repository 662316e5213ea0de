// What the bootstrap can be taken of: named statistics with a fast path, or any function of a sample.

import { trimmedMeanSorted } from "../means/trimmed-mean.ts";
import { momentsOf } from "../moments.ts";
import { quantileSorted, sortedOf } from "../quantile.ts";

/** A statistic by name, or a function of a sample (which must not keep or change the array it is given). */
export type Statistic = "mean" | "median" | "interquartile-mean" | ((values: Float64Array) => number);

/** The words for a statistic in a method description. */
export function statisticName(statistic: Statistic): string {
  return typeof statistic === "function" ? "custom statistic" : statistic.replace("-", " ");
}

/** The function behind a statistic; named ones may sort the array in place. */
export function statisticFunction(statistic: Statistic): (values: Float64Array) => number {
  if (typeof statistic === "function") return statistic;
  if (statistic === "mean") return meanInPlace;
  if (statistic === "median") return (values) => quantileSorted(values.sort(), 0.5);
  return (values) => trimmedMeanSorted(values.sort(), 0.25);
}

/** The statistic of the observed sample, computed with care. */
export function observedStatistic(values: readonly number[], statistic: Statistic): number {
  if (statistic === "mean") return momentsOf(values).mean;
  return statisticFunction(statistic)(
    typeof statistic === "function" ? Float64Array.from(values) : sortedOf(values),
  );
}

/** The statistic with each value left out in turn. */
export function leaveOneOutOf(values: ArrayLike<number>, statistic: Statistic): Float64Array {
  const n = values.length;
  const result = new Float64Array(n);
  if (statistic === "mean") {
    let total = 0;
    for (let i = 0; i < n; i += 1) total += values[i]!;
    for (let i = 0; i < n; i += 1) result[i] = (total - values[i]!) / (n - 1);
    return result;
  }
  const compute = statisticFunction(statistic);
  for (let i = 0; i < n; i += 1) {
    const rest = new Float64Array(n - 1);
    for (let j = 0, k = 0; j < n; j += 1) if (j !== i) rest[k++] = values[j]!;
    result[i] = compute(rest);
  }
  return result;
}

function meanInPlace(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]!;
  return sum / values.length;
}
