// The Hodges-Lehmann estimates: medians of all pairwise differences (two samples) or Walsh averages (one sample).
// Order statistics are found by counting, so 5,000 x 5,000 pairs need no array of 25 million numbers.
import { sortedOf } from "../quantile.ts";

/** Median and the order statistics number `cut` + 1 from both ends of the differences x[i] - y[j]. */
export function pairwiseQuantiles(options: { x: readonly number[]; y: readonly number[]; cut: number }): {
  middle: number;
  low: number;
  high: number;
} {
  const x = sortedOf(options.x);
  const y = sortedOf(options.y);
  const pairs = x.length * y.length;
  if (pairs <= 2_000_000) {
    const all = new Float64Array(pairs);
    let k = 0;
    for (const a of x) for (const b of y) all[k++] = a - b;
    all.sort();
    return orderStatistics(pairs, options.cut, (index) => all[index]!);
  }
  const countBelow = (bound: number) => {
    let count = 0;
    let j = y.length;
    // From the largest x down, the y values with x - y <= bound only grow in number.
    for (let i = x.length - 1; i >= 0; i -= 1) {
      while (j > 0 && x[i]! - y[j - 1]! <= bound) j -= 1;
      count += y.length - j;
    }
    return count;
  };
  return orderStatistics(pairs, options.cut, (index) =>
    select(countBelow, { index, low: x[0]! - y[y.length - 1]!, high: x[x.length - 1]! - y[0]! }),
  );
}

/** Median and the order statistics number `cut` + 1 from both ends of the Walsh averages (d[i] + d[j])/2, i <= j. */
export function walshQuantiles(
  differences: readonly number[],
  cut: number,
): { middle: number; low: number; high: number } {
  const d = sortedOf(differences);
  const n = d.length;
  const pairs = (n * (n + 1)) / 2;
  if (pairs <= 2_000_000) {
    const all = new Float64Array(pairs);
    let k = 0;
    for (let i = 0; i < n; i += 1) for (let j = i; j < n; j += 1) all[k++] = (d[i]! + d[j]!) / 2;
    all.sort();
    return orderStatistics(pairs, cut, (index) => all[index]!);
  }
  const countBelow = (bound: number) => {
    let count = 0;
    let j = n - 1;
    for (let i = 0; i < n && j >= i; i += 1) {
      while (j >= i && (d[i]! + d[j]!) / 2 > bound) j -= 1;
      count += Math.max(0, j - i + 1);
    }
    return count;
  };
  return orderStatistics(pairs, cut, (index) => select(countBelow, { index, low: d[0]!, high: d[n - 1]! }));
}

function orderStatistics(count: number, cut: number, at: (index: number) => number) {
  const bounded = Math.min(cut, Math.floor((count - 1) / 2));
  const middle = (at(Math.floor((count - 1) / 2)) + at(Math.floor(count / 2))) / 2;
  return { middle, low: at(bounded), high: at(count - 1 - bounded) };
}

/** The smallest double whose count reaches index + 1, by bisection on the value. */
function select(
  countBelow: (bound: number) => number,
  options: { index: number; low: number; high: number },
): number {
  let { low, high } = options;
  for (let i = 0; i < 200; i += 1) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (countBelow(middle) > options.index) high = middle;
    else low = middle;
  }
  return countBelow(low) > options.index ? low : high;
}
