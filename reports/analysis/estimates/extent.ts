// How far numbers reach: the smallest and the largest of a list of any length (Math.min(...list) overflows the stack near 10^5 numbers).
import type { MetricSummary } from "../analysis.ts";

/** Null for an empty list. */
export function extentOf(values: Iterable<number>): { readonly low: number; readonly high: number } | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : null;
}

/** Beyond this size a sum of squares no longer fits into a double: a metric is described, and neither analysed nor drawn. */
export const vast = 1e150;

/** The largest size of any value of a metric; 0 for a category and for a metric without values. */
export function sizeOf({ cells }: MetricSummary): number {
  return cells.reduce((most, { min, max }) => Math.max(most, Math.abs(min ?? 0), Math.abs(max ?? 0)), 0);
}
