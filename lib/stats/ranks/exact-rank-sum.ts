// Exact null distributions of rank sums, counted: how many subsets (or sign patterns) give each sum of scores.
// Scores are doubled midranks, so ties are exact too. Counts stay below 1e300 for every size admitted here.
// Source: Streitberg & Roehmel (1986), the shift algorithm.

/** The exact probabilities of a sum at or below, at or above, and as far from the middle as the observed one. */
export interface ExactTails {
  readonly lower: number;
  readonly upper: number;
  /** P(|T - E T| >= |t - E T|), the two-sided p of coin and exactRankTests. */
  readonly distance: number;
}

/** Sum of scores of a random subset of the given size; scores and the observed sum are whole numbers >= 0. */
export function subsetSumTails(
  scores: readonly number[],
  options: { size: number; observed: number },
): ExactTails {
  const { size, observed } = options;
  const total = scores.reduce((sum, score) => sum + score, 0);
  // counts[k] lists the number of k-subsets of the scores so far with each sum.
  const counts = Array.from({ length: size + 1 }, () => new Float64Array(total + 1));
  counts[0]![0] = 1;
  let reach = 0;
  scores.forEach((score, index) => {
    reach += score;
    for (let k = Math.min(size, index + 1); k >= 1; k -= 1) {
      const from = counts[k - 1]!;
      const to = counts[k]!;
      for (let s = reach; s >= score; s -= 1) to[s]! += from[s - score]!;
    }
  });
  return tailsOf(counts[size]!, { observed, centre: (total * size) / scores.length });
}

/** Sum of the scores that a fair coin picks; scores and the observed sum are whole numbers >= 0. */
export function signSumTails(scores: readonly number[], observed: number): ExactTails {
  const total = scores.reduce((sum, score) => sum + score, 0);
  const counts = new Float64Array(total + 1);
  counts[0] = 1;
  let reach = 0;
  for (const score of scores) {
    reach += score;
    // Halved at every step, so that counts are probabilities and 2^n cannot overflow.
    for (let s = reach; s >= 0; s -= 1) counts[s] = (counts[s]! + (s >= score ? counts[s - score]! : 0)) / 2;
  }
  return tailsOf(counts, { observed, centre: total / 2 });
}

function tailsOf(
  counts: Float64Array,
  { observed, centre }: { observed: number; centre: number },
): ExactTails {
  const distance = Math.abs(observed - centre) - 1e-9;
  let all = 0;
  let lower = 0;
  let upper = 0;
  let far = 0;
  counts.forEach((count, sum) => {
    all += count;
    if (sum <= observed) lower += count;
    if (sum >= observed) upper += count;
    if (Math.abs(sum - centre) >= distance) far += count;
  });
  return { lower: lower / all, upper: upper / all, distance: far / all };
}
