// Where to draw dots that would hide each other: a deterministic offset for each value, wider where values are dense.
// No random numbers: the offsets are van der Corput points scaled by a histogram, as in ggbeeswarm's "quasirandom".
import { extentOf } from "../analysis/estimates/extent.ts";

/**
 * Offsets in [-1, 1], one for each value, in the order of `values`.
 *
 * @param values finite numbers, any unit; an empty list gives an empty list.
 * @example spreadOf([1, 1, 1])  // [0, -0.5, 0.5]
 */
export function spreadOf(values: readonly number[]): readonly number[] {
  if (values.length < 2) return values.map(() => 0);
  const { low, high } = extentOf(values) ?? { low: 0, high: 0 };
  const bins = 24;
  const binOf = (value: number): number =>
    high > low ? Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins)) : 0;
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) counts[binOf(value)]!++;
  const smooth = counts.map((count, i) => ((counts[i - 1] ?? 0) + 2 * count + (counts[i + 1] ?? 0)) / 4);
  const densest = Math.max(...smooth);
  // Neighbours in value get neighbouring points of the sequence, so that equal values part evenly.
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
  const offsets = new Array<number>(values.length).fill(0);
  order.forEach((index, rank) => {
    const width = smooth[binOf(values[index]!)]! / densest;
    offsets[index] = (2 * vanDerCorput(rank + 1) - 1) * width;
  });
  return offsets;
}

/** The n-th point of the base-2 van der Corput sequence, in (0, 1). */
function vanDerCorput(n: number): number {
  let point = 0;
  let digit = 0.5;
  for (let rest = n; rest > 0; rest >>= 1, digit /= 2) point += digit * (rest & 1);
  return point;
}
