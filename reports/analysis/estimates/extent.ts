// The smallest and the largest of a list of any length (Math.min(...list) overflows the stack near 10^5 numbers).

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
