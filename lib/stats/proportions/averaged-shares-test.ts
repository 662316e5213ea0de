// Whether two levels have the same share in every cell: the Cochran-Mantel-Haenszel test with the cells weighted as the averaged share
// weights them, exact over the margins where the counts are small.
import { normalLower, normalUpper } from "../distribution/normal.ts";
import type { Alternative, TestResult } from "../estimate.ts";
import { assertCount } from "../refusal.ts";
import { boschlooExact, fisherExact } from "./exact-tests.ts";
import { summedTails } from "./summed-tails.ts";
import { assertTwoByTwo, logChoose, type TwoByTwo } from "./two-by-two.ts";

/** The trials of both levels in one cell of the other factors, and the cell's weight in the averaged shares. */
export interface ShareStratum extends TwoByTwo {
  readonly weight: number;
}

/** Boschloo's test of larger groups costs seconds, and gains nothing on Fisher's that a reader would see. */
const unconditionalMax = 200;
/** Different values of the averaged difference that an exact test follows at most. */
const supportMax = 5000;

/**
 * The test of equal shares. One cell: Boschloo's exact test, Fisher's where a group has more than 200 trials. Several: z is the averaged
 * difference of shares over its standard deviation given the margins of every cell; with balanced cells its square is the
 * Cochran-Mantel-Haenszel statistic. Where the successes or failures are few (Mantel and Fleiss, American Journal of Epidemiology 112 (1980)
 * 129-134: fewer than 5 expected below or above) p is exact: twice the smaller tail over all tables with these margins.
 * Where all trials of every cell end alike nothing speaks against equal shares, and p is 1.
 *
 * @param options alternative: "greater" means that the first level has the larger share.
 * @example averagedSharesTest({ strata: [{ first: { successes: 0, n: 20 }, second: { successes: 20, n: 20 }, weight: 1 }] }).p // 1.8e-12
 */
export function averagedSharesTest(options: {
  readonly strata: readonly ShareStratum[];
  readonly alternative?: Alternative;
}): TestResult {
  const { strata, alternative = "two-sided" } = options;
  assertCount(strata.length, { name: "the number of cells", least: 1 });
  for (const stratum of strata) assertTwoByTwo(stratum);
  const [only] = strata;
  if (strata.length === 1 && only !== undefined) {
    const isSmall = Math.max(only.first.n, only.second.n) <= unconditionalMax;
    const { method, symbol, statistic, df, p, n } = (isSmall ? boschlooExact : fisherExact)({
      first: only.first,
      second: only.second,
      alternative,
    });
    return { method, symbol, statistic, df, p, alternative, n };
  }
  const n = [0, 0];
  for (const { first, second } of strata) {
    n[0]! += first.n;
    n[1]! += second.n;
  }
  const shared = { alternative, n, df: [] };
  const z = zOf(strata);
  if (isSparse(strata)) {
    const tails = exactTails(strata);
    if (tails !== null)
      return {
        ...shared,
        method: "exact Cochran-Mantel-Haenszel test",
        symbol: "z",
        statistic: z,
        p: sided(tails, alternative),
      };
  }
  const p = sided({ lower: normalLower(z), upper: normalUpper(z) }, alternative);
  return { ...shared, method: "Cochran-Mantel-Haenszel test", symbol: "z", statistic: z, p };
}

interface Tails {
  readonly lower: number;
  readonly upper: number;
}

function sided({ lower, upper }: Tails, alternative: Alternative): number {
  if (alternative === "less") return Math.min(1, lower);
  if (alternative === "greater") return Math.min(1, upper);
  return Math.min(1, 2 * Math.min(lower, upper));
}

/** Given the margins of a cell: successes of the first group at least and at most, their mean, and what each adds to the averaged difference. */
function marginsOf({ first, second, weight }: ShareStratum) {
  const n = first.n + second.n;
  const successes = first.successes + second.successes;
  return {
    successes,
    low: Math.max(0, successes - second.n),
    high: Math.min(first.n, successes),
    mean: (first.n * successes) / n,
    variance: n < 2 ? 0 : (first.n * second.n * successes * (n - successes)) / (n ** 2 * (n - 1)),
    step: (weight * n) / (first.n * second.n),
  };
}

/** The averaged difference over its standard deviation given the margins; 0 where no table but the one seen has them. */
function zOf(strata: readonly ShareStratum[]): number {
  let gap = 0;
  let variance = 0;
  for (const stratum of strata) {
    const { mean, variance: own, step } = marginsOf(stratum);
    gap += step * (stratum.first.successes - mean);
    variance += step ** 2 * own;
  }
  return variance === 0 ? 0 : gap / Math.sqrt(variance);
}

function isSparse(strata: readonly ShareStratum[]): boolean {
  let below = 0;
  let above = 0;
  for (const stratum of strata) {
    const { low, high, mean } = marginsOf(stratum);
    below += mean - low;
    above += high - mean;
  }
  return Math.min(below, above) < 5;
}

/** Of the averaged difference over all tables with these margins; null where it takes too many values. */
function exactTails(strata: readonly ShareStratum[]): Tails | null {
  const parts = strata.map((stratum) => {
    const { first, second } = stratum;
    const { successes, low, high, step } = marginsOf(stratum);
    const all = logChoose(first.n + second.n, successes);
    const chances = Array.from({ length: high - low + 1 }, (_, index) =>
      Math.exp(logChoose(first.n, low + index) + logChoose(second.n, successes - low - index) - all),
    );
    return { step, low, chances, seen: first.successes };
  });
  return summedTails(parts, supportMax);
}
