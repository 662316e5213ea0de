// Exact permutation tails of a sum of real numbers, by meeting in the middle: the values are cut in two halves, all
// subset sums of each half are sorted, and pairs are counted with two pointers. 44 values need 2 x 2^22 sums, not 2^44.

/** Exact (or estimated) tails of a permutation distribution, and over how many arrangements. */
export interface CountedTails {
  readonly lower: number;
  readonly upper: number;
  /** P(|T - E T| >= |t - E T|). */
  readonly distance: number;
  readonly count: number;
}

/** Tails of the sum of the values that land in the first sample, over all subsets of its size. */
export function subsetTails({ x, y }: { x: readonly number[]; y: readonly number[] }): CountedTails {
  const m = x.length;
  const origin = x[0]!;
  const values = [...x, ...y].map((value) => value - origin);
  const half = values.length >> 1;
  const left = sumsBySize(values.slice(0, half));
  const right = sumsBySize(values.slice(half));
  const observed = values.slice(0, m).reduce((sum, value) => sum + value, 0);
  const centre = (values.reduce((sum, value) => sum + value, 0) * m) / values.length;
  const slack = 1e-12 * values.reduce((sum, value) => sum + Math.abs(value), 0);
  const pairs: (readonly [Float64Array, Float64Array])[] = [];
  for (let k = 0; k <= m; k += 1) {
    const a = left[k];
    const b = right[m - k];
    if (a !== undefined && b !== undefined) pairs.push([a, b]);
  }
  return tailsOf(pairs, { observed, centre, slack });
}

/** Tails of the sum of the values under all 2^n sign patterns. */
export function signFlipTails(values: readonly number[]): CountedTails {
  const half = values.length >> 1;
  const left = signedSums(values.slice(0, half));
  const right = signedSums(values.slice(half));
  const observed = values.reduce((sum, value) => sum + value, 0);
  const slack = 1e-12 * values.reduce((sum, value) => sum + Math.abs(value), 0);
  return tailsOf([[left, right]], { observed, centre: 0, slack });
}

/** Sorted subset sums of the values, by subset size. */
function sumsBySize(values: readonly number[]): Float64Array[] {
  const n = values.length;
  const sums = new Float64Array(2 ** n);
  const sizes = new Uint8Array(2 ** n);
  const lists: number[] = new Array<number>(n + 1).fill(0);
  lists[0] = 1;
  for (let i = 0, block = 1; i < n; i += 1, block *= 2)
    for (let code = 0; code < block; code += 1) {
      sums[block + code] = sums[code]! + values[i]!;
      const size = sizes[code]! + 1;
      sizes[block + code] = size;
      lists[size]! += 1;
    }
  const result = lists.map((length) => new Float64Array(length));
  const at = new Uint32Array(n + 1);
  for (let code = 0; code < sums.length; code += 1) {
    const size = sizes[code]!;
    result[size]![at[size]!++] = sums[code]!;
  }
  for (const list of result) list.sort();
  return result;
}

function signedSums(values: readonly number[]): Float64Array {
  let sums = Float64Array.of(0);
  for (const value of values) {
    const next = new Float64Array(2 * sums.length);
    sums.forEach((sum, i) => {
      next[2 * i] = sum + value;
      next[2 * i + 1] = sum - value;
    });
    sums = next;
  }
  return sums.sort();
}

function tailsOf(
  pairs: readonly (readonly [Float64Array, Float64Array])[],
  { observed, centre, slack }: { observed: number; centre: number; slack: number },
): CountedTails {
  const distance = Math.abs(observed - centre) - slack;
  let count = 0;
  let lower = 0;
  let above = 0;
  let within = 0;
  for (const [a, b] of pairs) {
    count += a.length * b.length;
    lower += countAtMost(a, b, observed + slack);
    above += countAtMost(a, b, belowOf(observed - slack));
    // Strictly closer to the centre than the observed sum.
    if (distance > 0)
      within += countAtMost(a, b, belowOf(centre + distance)) - countAtMost(a, b, centre - distance);
  }
  return {
    lower: lower / count,
    upper: (count - above) / count,
    distance: distance > 0 ? (count - within) / count : 1,
    count,
  };
}

/** Pairs with a + b <= bound; both arrays ascending. */
function countAtMost(a: Float64Array, b: Float64Array, bound: number): number {
  let count = 0;
  let j = b.length;
  for (let i = 0; i < a.length; i += 1) {
    while (j > 0 && a[i]! + b[j - 1]! > bound) j -= 1;
    count += j;
  }
  return count;
}

/** A number just below x, so that "<= belowOf(x)" is "< x" for sums that differ by more than rounding. */
function belowOf(x: number): number {
  return x - Math.abs(x) * Number.EPSILON;
}
