// A rate: how often something that is said of data is wrong, found by simulating the data. Files named *.rates.ts beside this one
// hold them by topic; a test runs each with a few hundred fixed seeds, `npm run coverage` with 4,000.
import { betaLower } from "../../../lib/stats/distribution/beta.ts";

/** One promise that can be shown wrong by simulation. Percentages are of the experiments that were not refused. */
export interface Rate {
  /** What errs, under which data: "gate passes at the boundary, exponential, n = 10". Unique within its topic. */
  readonly name: string;
  /** What is promised, in %. */
  readonly nominal: number;
  /** The most that is tolerated, in %; null for what is published but not promised. */
  readonly limit: number | null;
  /** The fewest errors that are believable, in %: below it an interval is needlessly wide. 0 unless told. */
  readonly least?: number;
  /** Seeds of the test; 200 unless told. Fewer for experiments that take more than a few milliseconds. */
  readonly testSeeds?: number;
  /**
   * One simulated experiment. All of its randomness comes from the seed, a whole number from 1.
   * True when it erred, null when there was no answer (refused, undecided on principle).
   */
  experiment(seed: number): boolean | null | Promise<boolean | null>;
}

/** What a number of experiments came to. */
export interface Tally {
  readonly experiments: number;
  readonly erred: number;
  readonly refused: number;
}

/** Runs the experiments with the seeds from `first` to `last`, both included. */
export async function tallyOf(
  rate: Rate,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<Tally> {
  let erred = 0;
  let refused = 0;
  for (let seed = first; seed <= last; seed++) {
    const outcome = await outcomeOf(rate, seed);
    if (outcome === null) refused++;
    else if (outcome) erred++;
  }
  return { experiments: last - first + 1, erred, refused };
}

async function outcomeOf(rate: Rate, seed: number): Promise<boolean | null> {
  try {
    return await rate.experiment(seed);
  } catch (error) {
    throw new Error(`${rate.name}, seed ${seed}`, { cause: error });
  }
}

/** Errors and their Monte Carlo standard error, in % of the answers; null where every experiment was refused. */
export function percentOf(tally: Tally): { readonly percent: number; readonly error: number } | null {
  const answers = tally.experiments - tally.refused;
  if (answers === 0) return null;
  const share = tally.erred / answers;
  return { percent: 100 * share, error: 100 * Math.sqrt((share * (1 - share)) / answers) };
}

/**
 * Why a tally breaks its rate's promise, or null. With `doubt` it must do so beyond chance: a rate that is exactly at its limit is
 * called broken with that probability at most (exact binomial tail). Without, the observed percentage itself is held to the limits.
 */
export function problemOf(rate: Rate, tally: Tally, doubt: number | null = null): string | null {
  const answers = tally.experiments - tally.refused;
  const observed = percentOf(tally);
  if (observed === null) return null;
  const { limit, least = 0 } = rate;
  const isAbove =
    limit !== null &&
    observed.percent > limit &&
    (doubt === null || upperTail(tally.erred, answers, limit / 100) < doubt);
  const isBelow =
    observed.percent < least &&
    (doubt === null || 1 - upperTail(tally.erred + 1, answers, least / 100) < doubt);
  if (!isAbove && !isBelow) return null;
  const bound = isAbove ? `at most ${limit}% is tolerated` : `at least ${least}% was expected`;
  return `${rate.name}: ${observed.percent.toFixed(2)}% of ${answers} erred, ${bound}`;
}

/** P(X >= successes) for a binomial X. */
function upperTail(successes: number, n: number, probability: number): number {
  if (successes <= 0) return 1;
  if (successes > n) return 0;
  if (probability <= 0) return 0;
  if (probability >= 1) return 1;
  return betaLower(probability, { a: successes, b: n - successes + 1 });
}
