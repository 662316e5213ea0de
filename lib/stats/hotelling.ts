// Hotelling's one-sample T squared: whether a vector of means is zero, with no assumption on its covariance matrix.
import { fUpper } from "./distribution/f.ts";
import type { TestResult } from "./estimate.ts";
import { refuse } from "./refusal.ts";
import { positiveSolver } from "./solve-positive.ts";

/**
 * Source: Hotelling, Annals of Mathematical Statistics 2 (1931); F = T^2 (n - k) / (k (n - 1)) on k and n - k degrees of freedom.
 *
 * @param rows n observations of k values each; n > k.
 * @throws StatisticsRefusal when n <= k or the covariance matrix is singular.
 * @example hotelling([[1], [2], [4]], "test")  // the square of the one-sample t test
 */
export function hotelling(rows: readonly (readonly number[])[], method: string): TestResult {
  const n = rows.length;
  const k = rows[0]?.length ?? 0;
  if (k === 0 || n <= k)
    refuse("too-few", `${n} complete blocks are too few for ${k} differences; ${k + 1} or more are needed`);
  const mean = Array.from({ length: k }, (_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / n);
  const covariance = Array.from({ length: k }, (_, i) =>
    Array.from(
      { length: k },
      (_, j) => rows.reduce((sum, row) => sum + (row[i]! - mean[i]!) * (row[j]! - mean[j]!), 0) / (n - 1),
    ),
  );
  const solved = positiveSolver(covariance)(mean);
  const tSquared = n * mean.reduce((sum, value, i) => sum + value * solved[i]!, 0);
  const statistic = (tSquared * (n - k)) / (k * (n - 1));
  return {
    method,
    symbol: "F",
    statistic,
    df: [k, n - k],
    p: fUpper(statistic, { df1: k, df2: n - k }),
    alternative: "two-sided",
    n: [n],
  };
}
