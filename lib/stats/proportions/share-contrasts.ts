// Contrasts of shares over independent cells, alone and jointly, that exist where all trials of a cell end alike.
import { chiSquaredUpper } from "../distribution/chi-squared.ts";
import { normalUpper, normalUpperQuantile } from "../distribution/normal.ts";
import type { Estimate, TestResult } from "../estimate.ts";
import { positiveSolver } from "../linear-algebra.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";
import { assertTwoByTwo, type SuccessCount } from "./two-by-two.ts";

/**
 * A linear combination of shares: the estimate is that of the observed shares; interval and p value come from shares with 2/m added to the
 * successes and as much to the failures of each of the m cells that count. The adjusted Wald interval of Price and Bonett, Computational
 * Statistics and Data Analysis 45 (2004) 449-456; for two cells it is Agresti and Caffo's.
 *
 * @throws StatisticsRefusal for counts that are none, or a combination without cells.
 * @example shareContrast({ cells: [{ successes: 0, n: 20 }, { successes: 20, n: 20 }], weights: [-1, 1] }).low
 */
export function shareContrast(options: {
  readonly cells: readonly SuccessCount[];
  readonly weights: readonly number[];
  readonly level?: number;
}): Estimate & { readonly standardError: number; readonly p: number } {
  const { cells, weights, level = 0.95 } = options;
  assertOpenUnit(level, "level");
  for (const cell of cells) assertTwoByTwo({ first: cell, second: cells[0]! });
  const m = weights.filter((weight) => weight !== 0).length;
  if (m === 0) refuse("too-few", "a combination of shares needs a cell");
  const parts = adjusted(cells, 2 / m);
  const centre = weights.reduce((sum, weight, i) => sum + weight * parts[i]!.share, 0);
  const standardError = Math.sqrt(
    weights.reduce((sum, weight, i) => sum + weight ** 2 * parts[i]!.variance, 0),
  );
  const value = weights.reduce((sum, weight, i) => sum + (weight * cells[i]!.successes) / cells[i]!.n, 0);
  const half = normalUpperQuantile((1 - level) / 2) * standardError;
  return {
    value,
    low: Math.min(value, centre - half),
    high: Math.max(value, centre + half),
    level,
    method: "adjusted Wald interval of a combination of shares (Price and Bonett)",
    n: cells.reduce((sum, { n }, i) => (weights[i] === 0 ? sum : sum + n), 0),
    standardError,
    p: Math.min(1, 2 * normalUpper(Math.abs(centre) / standardError)),
  };
}

/**
 * Whether several combinations of shares are all 0: Wald's chi-squared with 2/m successes and failures added to each cell, as above.
 *
 * @param options contrasts: q rows, one weight a cell; counted: m, the cells of the simplest of these contrasts.
 * @throws StatisticsRefusal for counts that are none and contrasts that depend on each other.
 */
export function shareContrasts(options: {
  readonly cells: readonly SuccessCount[];
  readonly contrasts: readonly (readonly number[])[];
  readonly counted: number;
  readonly method?: string;
}): TestResult {
  const { cells, contrasts, counted, method = "Wald test of the contrasts of shares" } = options;
  if (contrasts.length === 0) refuse("too-few", "a joint test needs at least one contrast");
  for (const cell of cells) assertTwoByTwo({ first: cell, second: cells[0]! });
  const parts = adjusted(cells, 2 / counted);
  const values = contrasts.map((row) => row.reduce((sum, weight, i) => sum + weight * parts[i]!.share, 0));
  const covariance = contrasts.map((one) =>
    contrasts.map((other) =>
      one.reduce((sum, weight, i) => sum + weight * other[i]! * parts[i]!.variance, 0),
    ),
  );
  const solved = positiveSolver(covariance)(values);
  const statistic = values.reduce((sum, value, i) => sum + value * solved[i]!, 0);
  return {
    method,
    symbol: "chi2",
    statistic,
    df: [contrasts.length],
    p: chiSquaredUpper(statistic, contrasts.length),
    alternative: "two-sided",
    n: cells.map(({ n }) => n),
  };
}

function adjusted(cells: readonly SuccessCount[], added: number) {
  return cells.map(({ successes, n }) => {
    const trials = n + 2 * added;
    const share = (successes + added) / trials;
    return { share, variance: (share * (1 - share)) / trials };
  });
}
