// Two proportions compared within strata and then together: Cochran-Mantel-Haenszel, its exact form, and the stratified difference.
import { chiSquaredUpper } from "../distribution/chi-squared.ts";
import { normalUpperQuantile } from "../distribution/normal.ts";
import type { Estimate, TestResult } from "../estimate.ts";
import { assertCount, refuse } from "../refusal.ts";
import {
  conditionalInterval,
  conditionalOddsRatio,
  conditionalOf,
  conditionalSum,
  noMoreProbable,
} from "./conditional-odds.ts";
import { assertTwoByTwo, type TwoByTwo } from "./two-by-two.ts";
import { logInterval } from "./two-proportions.ts";

export interface Strata {
  /** One table a stratum, at least one. */
  readonly strata: readonly TwoByTwo[];
  /** Default 0.95. */
  readonly level?: number;
}

export interface StratifiedTest extends TestResult {
  /** The odds ratio that all strata are taken to share. */
  readonly oddsRatio: Estimate;
}

function assertStrata({ strata, level }: Strata): void {
  assertCount(strata.length, { name: "the number of strata", least: 1 });
  for (const table of strata) assertTwoByTwo(table, level);
}

/** Cells of a table: a, b the first group's successes and failures, c, d the second's. */
function cells({ first, second }: TwoByTwo) {
  const [a, b] = [first.successes, first.n - first.successes];
  const [c, d] = [second.successes, second.n - second.successes];
  return { a, b, c, d, n: first.n + second.n };
}

/**
 * The Cochran-Mantel-Haenszel test with the Mantel-Haenszel odds ratio and the interval of Robins, Breslow and Greenland (1986).
 *
 * @param options continuity: R's correction of one half; none unless told.
 * @throws StatisticsRefusal where no stratum has both a success and a failure, or the common odds ratio is 0 or infinite.
 * @example cochranMantelHaenszel({ strata: [{ first: { successes: 12, n: 16 }, second: { successes: 15, n: 20 } }] }).p
 */
export function cochranMantelHaenszel(options: Strata & { readonly continuity?: boolean }): StratifiedTest {
  const { strata, level = 0.95, continuity = false } = options;
  assertStrata(options);
  let gap = 0;
  let variance = 0;
  const sums = { r: 0, s: 0, pr: 0, psqr: 0, qs: 0 };
  for (const table of strata) {
    const { a, b, c, d, n } = cells(table);
    const successes = a + c;
    if (n < 2) continue;
    gap += a - (table.first.n * successes) / n;
    variance += (table.first.n * table.second.n * successes * (n - successes)) / (n ** 2 * (n - 1));
    const [r, s] = [(a * d) / n, (b * c) / n];
    const [p, q] = [(a + d) / n, (b + c) / n];
    sums.r += r;
    sums.s += s;
    sums.pr += p * r;
    sums.psqr += p * s + q * r;
    sums.qs += q * s;
  }
  if (variance === 0) refuse("no-variation", "no stratum has both a success and a failure in it");
  if (sums.r === 0 || sums.s === 0) refuse("not-estimable", "the common odds ratio is 0 or infinite");
  const statistic = (Math.abs(gap) - (continuity ? Math.min(0.5, Math.abs(gap)) : 0)) ** 2 / variance;
  const standardError = Math.sqrt(
    sums.pr / (2 * sums.r ** 2) + sums.psqr / (2 * sums.r * sums.s) + sums.qs / (2 * sums.s ** 2),
  );
  const n = strata.reduce((sum, table) => sum + table.first.n + table.second.n, 0);
  return {
    method: `Cochran-Mantel-Haenszel test${continuity ? ", continuity correction" : ""}`,
    symbol: "chi2",
    statistic,
    df: [1],
    p: chiSquaredUpper(statistic, 1),
    alternative: "two-sided",
    n: [n],
    oddsRatio: logInterval({
      value: sums.r / sums.s,
      standardError,
      level,
      method: "Mantel-Haenszel odds ratio, Robins-Breslow-Greenland interval",
      n,
    }),
  };
}

/**
 * The exact test of a common odds ratio of 1 over strata: the successes of the first group given all margins.
 *
 * @example stratifiedExact({ strata }).oddsRatio // conditional estimate with its exact interval
 */
export function stratifiedExact(options: Strata): StratifiedTest {
  const { strata, level = 0.95 } = options;
  assertStrata(options);
  const sum = conditionalSum(strata.map(conditionalOf));
  const n = strata.reduce((count, table) => count + table.first.n + table.second.n, 0);
  return {
    method: "exact conditional test over strata",
    symbol: "successes",
    statistic: sum.seen,
    df: [],
    p: noMoreProbable(sum),
    alternative: "two-sided",
    n: [n],
    oddsRatio: {
      value: conditionalOddsRatio(sum),
      ...conditionalInterval(sum, (1 - level) / 2),
      level,
      method: "conditional odds ratio over strata, exact interval",
      n,
    },
  };
}

/**
 * The Mantel-Haenszel difference of proportions over strata with Sato's (1989) variance, which holds for few large strata and for many
 * small ones.
 *
 * @example stratifiedDifference({ strata }).value // first minus second
 */
export function stratifiedDifference(options: Strata): Estimate {
  const { strata, level = 0.95 } = options;
  assertStrata(options);
  let weights = 0;
  let weighted = 0;
  let p = 0;
  let q = 0;
  for (const table of strata) {
    const [n1, n2, x1, x2] = [table.first.n, table.second.n, table.first.successes, table.second.successes];
    const n = n1 + n2;
    weights += (n1 * n2) / n;
    weighted += (x1 * n2 - x2 * n1) / n;
    p += (n1 ** 2 * x2 - n2 ** 2 * x1 + (n1 * n2 * (n2 - n1)) / 2) / n ** 2;
    q += (x1 * (n2 - x2) + x2 * (n1 - x1)) / (2 * n);
  }
  const value = weighted / weights;
  const variance = (value * p + q) / weights ** 2;
  if (!(variance > 0)) refuse("no-variation", "all trials of every stratum end alike");
  const standardError = Math.sqrt(variance);
  const half = normalUpperQuantile((1 - level) / 2) * standardError;
  return {
    value,
    low: value - half,
    high: value + half,
    level,
    method: "Mantel-Haenszel difference of proportions over strata, Sato's variance",
    n: strata.reduce((sum, table) => sum + table.first.n + table.second.n, 0),
    standardError,
  };
}
