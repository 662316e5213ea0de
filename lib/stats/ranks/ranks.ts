// Midranks and tie counts, the raw material of every rank test.

/** Midranks of a sample (ties share their mean rank) and what ties it has. */
export interface Ranking {
  /** Midrank of each value, in the order given; 1 is the smallest. */
  readonly ranks: Float64Array;
  /** Sizes of the groups of equal values that have more than one member. */
  readonly ties: readonly number[];
  /** Sum of t^3 - t over the tie groups. */
  readonly tieSum: number;
}

/** Ranks a sample of finite numbers. */
export function rank(values: ArrayLike<number>): Ranking {
  const n = values.length;
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(n);
  const ties: number[] = [];
  let tieSum = 0;
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && values[order[end]!] === values[order[start]!]) end += 1;
    const shared = (start + 1 + end) / 2;
    for (let i = start; i < end; i += 1) ranks[order[i]!] = shared;
    const size = end - start;
    if (size > 1) {
      ties.push(size);
      tieSum += size ** 3 - size;
    }
    start = end;
  }
  return { ranks, ties, tieSum };
}
