// One test over all levels of a factor at once for trials that succeed or not: of independent groups, of groups over cells, of blocks.
import { chiSquaredUpper } from "../distribution/chi-squared.ts";
import type { TestResult } from "../estimate.ts";
import { assertCount, refuse } from "../refusal.ts";
import { type ResamplingRandom, resamplingRandom } from "../resampling/resampling-random.ts";
import { type SharedExcess, sharedQuadratic } from "./shared-quadratic.ts";
import { assertTwoByTwo, logChoose, type SuccessCount } from "./two-by-two.ts";

/** Tables that an exact test goes through at most. */
const tablesMax = 100_000;
/** Draws of a test by simulation; what was seen counts as one more, so no p is below 1e-4. */
const draws = 9999;

/**
 * Whether k independent groups have one share. With fewer than 5 successes or failures expected in a group: exact (Freeman and Halton,
 * Biometrika 38 (1951) 141-149), summing the tables with the same margins that are no more probable; else Pearson's chi-squared, with
 * N - 1 for N as in the Cochran-Mantel-Haenszel test. Where all trials end alike p is 1.
 *
 * @throws StatisticsRefusal for fewer than two groups, or counts that are none.
 * @example severalShares([{ successes: 2, n: 10 }, { successes: 9, n: 10 }, { successes: 5, n: 10 }]).p // 0.0096
 */
export function severalShares(groups: readonly SuccessCount[]): TestResult {
  assertGroups(groups);
  const n = groups.map((group) => group.n);
  const total = n.reduce((sum, value) => sum + value, 0);
  const successes = groups.reduce((sum, group) => sum + group.successes, 0);
  const expected = (Math.min(successes, total - successes) * Math.min(...n)) / total;
  const exact = expected < 5 ? freemanHalton(groups) : null;
  const { statistic } = sharedQuadratic([excessOf({ groups, weight: 1 })]);
  const shared = { symbol: "chi2", statistic, alternative: "two-sided" as const, n };
  if (exact !== null) return { ...shared, method: "Fisher-Freeman-Halton exact test", df: [], p: exact };
  const df = groups.length - 1;
  return {
    ...shared,
    method: `Pearson's chi-squared test of ${groups.length} shares`,
    df: [df],
    p: chiSquaredUpper(statistic, df),
  };
}

/** Null where there are too many tables. */
function freemanHalton(groups: readonly SuccessCount[]): number | null {
  const sizes = groups.map(({ n }) => n);
  const room = sizes.map((_, i) => sizes.slice(i + 1).reduce((sum, n) => sum + n, 0));
  const successes = groups.reduce((sum, group) => sum + group.successes, 0);
  const all = logChoose(
    sizes.reduce((sum, n) => sum + n, 0),
    successes,
  );
  const seen = groups.reduce((sum, group) => sum + logChoose(group.n, group.successes), 0) - all;
  let tables = 0;
  let p = 0;
  const visit = (group: number, left: number, log: number): void => {
    if (tables > tablesMax) return;
    if (group === sizes.length) {
      tables += 1;
      // The relative tolerance of R for tables that are equally probable but for rounding.
      if (log <= seen + 1e-7) p += Math.exp(log);
      return;
    }
    const n = sizes[group]!;
    for (let x = Math.max(0, left - room[group]!); x <= Math.min(n, left); x += 1)
      visit(group + 1, left - x, log + logChoose(n, x));
  };
  visit(0, successes, -all);
  return tables > tablesMax ? null : Math.min(1, p);
}

/** The groups' trials in one cell of the other factors, and the cell's weight in the averaged shares. */
export interface SharesStratum {
  readonly groups: readonly SuccessCount[];
  readonly weight: number;
}

/**
 * Whether k groups have one share in every cell: the generalised Cochran-Mantel-Haenszel test (Landis, Heyman and Koch, International
 * Statistical Review 46 (1978) 237-254) with the cells weighted as the averaged shares are. Where fewer than 5 successes or failures are
 * expected of a group over all cells, p comes from 9,999 seeded draws of tables with the same margins. Where all trials of every cell end
 * alike p is 1.
 */
export function severalAveragedShares(
  strata: readonly SharesStratum[],
  { seed = 1 }: { readonly seed?: number } = {},
): TestResult {
  assertCount(strata.length, { name: "the number of cells", least: 1 });
  for (const { groups } of strata) assertGroups(groups);
  const k = strata[0]!.groups.length;
  if (strata.some(({ groups }) => groups.length !== k))
    refuse("empty-cell", "a cell lacks one of the groups");
  const found = sharedQuadratic(strata.map(excessOf));
  const shared = {
    symbol: "chi2",
    alternative: "two-sided" as const,
    n: strata[0]!.groups.map((_, j) => strata.reduce((sum, { groups }) => sum + groups[j]!.n, 0)),
  };
  const method = "generalised Cochran-Mantel-Haenszel test";
  if (!isFew(strata)) {
    const p = chiSquaredUpper(found.statistic, k - 1);
    return { ...shared, method, statistic: found.statistic, df: [k - 1], p };
  }
  const random = resamplingRandom(seed);
  let extreme = 1;
  for (let draw = 0; draw < draws; draw += 1) {
    const drawn = strata.map(({ groups }) => redrawn(groups, random));
    if (found.of(drawn) >= found.statistic * (1 - 1e-9)) extreme += 1;
  }
  return {
    ...shared,
    method: `${method}, ${draws + 1} tables with the same margins, seed ${seed}`,
    statistic: found.statistic,
    df: [],
    p: extreme / (draws + 1),
  };
}

/** Whether some group expects fewer than 5 successes, or fewer than 5 failures, over all cells. */
function isFew(strata: readonly SharesStratum[]): boolean {
  return strata[0]!.groups.some((_, j) => {
    let yes = 0;
    let no = 0;
    for (const { groups } of strata) {
      const n = groups.reduce((sum, group) => sum + group.n, 0);
      const successes = groups.reduce((sum, group) => sum + group.successes, 0);
      yes += (groups[j]!.n * successes) / n;
      no += (groups[j]!.n * (n - successes)) / n;
    }
    return Math.min(yes, no) < 5;
  });
}

/** The excess of each group when the successes of a cell are dealt anew to its trials. */
function redrawn(groups: readonly SuccessCount[], random: ResamplingRandom): readonly number[] {
  let left = groups.reduce((sum, group) => sum + group.successes, 0);
  let trials = groups.reduce((sum, group) => sum + group.n, 0);
  const share = left / trials;
  return groups.map(({ n }) => {
    let successes = 0;
    for (let trial = 0; trial < n; trial += 1) {
      if (random.below(trials) < left) {
        successes += 1;
        left -= 1;
      }
      trials -= 1;
    }
    return successes / n - share;
  });
}

function excessOf({ groups, weight }: SharesStratum): SharedExcess {
  const n = groups.reduce((sum, group) => sum + group.n, 0);
  const successes = groups.reduce((sum, group) => sum + group.successes, 0);
  return {
    weight,
    spread: n < 2 ? 0 : (successes * (n - successes)) / (n ** 2 * (n - 1)),
    shares: groups.map((group) => group.n / n),
    excess: groups.map((group) => group.successes / group.n - successes / n),
  };
}

/**
 * Whether k levels have one share over the blocks that all of them met: Cochran's (1950) Q, the largest of the levels' sums against the spread
 * within blocks; with blocks that hold several trials their shares stand for the outcomes. p comes from 9,999 seeded exchanges of levels
 * within blocks up to 100 blocks, from chi-squared with k - 1 degrees of freedom beyond. Where no block differs p is 1.
 *
 * @param rows one a block, a share for each level.
 */
export function blockedShares(
  rows: readonly (readonly number[])[],
  { seed = 1 }: { readonly seed?: number } = {},
): TestResult {
  const k = rows[0]?.length ?? 0;
  if (rows.length < 1 || k < 2) refuse("too-few", "a test over blocks needs two levels and a block");
  if (rows.some((row) => row.length !== k)) refuse("unequal-lengths", "a block lacks one of the levels");
  const within = rows.reduce((sum, row) => {
    const mean = row.reduce((total, value) => total + value / k, 0);
    return sum + row.reduce((total, value) => total + (value - mean) ** 2, 0);
  }, 0);
  const shared = { symbol: "Q", alternative: "two-sided" as const, n: [rows.length] };
  if (within < 1e-12) return { ...shared, method: "Cochran's Q test", statistic: 0, df: [k - 1], p: 1 };
  const statisticOf = (of: readonly (readonly number[])[]): number => {
    const sums = Array.from({ length: k }, (_, j) => of.reduce((sum, row) => sum + row[j]!, 0));
    const mean = sums.reduce((sum, value) => sum + value / k, 0);
    return ((k - 1) * sums.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / within;
  };
  const statistic = statisticOf(rows);
  if (rows.length > 100)
    return {
      ...shared,
      method: "Cochran's Q test",
      statistic,
      df: [k - 1],
      p: chiSquaredUpper(statistic, k - 1),
    };
  const random = resamplingRandom(seed);
  const work = rows.map((row) => [...row]);
  let extreme = 1;
  for (let draw = 0; draw < draws; draw += 1) {
    for (const row of work)
      for (let j = k - 1; j > 0; j -= 1) {
        const other = random.below(j + 1);
        [row[j], row[other]] = [row[other]!, row[j]!];
      }
    if (statisticOf(work) >= statistic * (1 - 1e-9)) extreme += 1;
  }
  return {
    ...shared,
    method: `Cochran's Q test, ${draws + 1} exchanges within blocks, seed ${seed}`,
    statistic,
    df: [],
    p: extreme / (draws + 1),
  };
}

function assertGroups(groups: readonly SuccessCount[]): void {
  if (groups.length < 2) refuse("too-few", "a test over groups needs at least two");
  for (const group of groups) assertTwoByTwo({ first: group, second: groups[0]! });
}
