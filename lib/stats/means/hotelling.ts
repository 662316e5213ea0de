// Hotelling's one-sample T squared: whether a vector of means is zero, with no assumption on its covariance matrix.
import { fUpper } from "../distribution/f.ts";
import type { TestResult } from "../estimate.ts";
import { positiveSolver } from "../linear-algebra.ts";
import { unitOf } from "../moments.ts";
import { assertSample, refuse } from "../refusal.ts";

/**
 * T^2 = n m' S^-1 m for n observations with mean m and covariance S; F = T^2 (n - k) / (k (n - 1)) on k and n - k degrees of
 * freedom. Source: Hotelling, Annals of Mathematical Statistics 2 (1931) 360-378.
 *
 * @param rows n observations of k finite values each; n > k.
 * @param options method: what the test is called in its result.
 * @throws StatisticsRefusal when n <= k, rows differ in length, a value is not finite or the covariance matrix is singular.
 * @example hotelling([[1], [2], [4]])  // the square of the one-sample t test
 */
export function hotelling(
  rows: readonly (readonly number[])[],
  options: { readonly method?: string } = {},
): TestResult {
  const { method = "Hotelling's T squared" } = options;
  const n = rows.length;
  const k = rows[0]?.length ?? 0;
  if (k === 0 || n <= k)
    refuse("too-few", `${n} complete blocks are too few for ${k} differences; ${k + 1} or more are needed`);
  for (const row of rows) {
    if (row.length !== k)
      refuse("unequal-lengths", `an observation has ${row.length} values; the first has ${k}`);
    assertSample(row, { name: "an observation", least: 1 });
  }
  // Each column in a unit of its own, so that squares stay in range: the statistic does not depend on units.
  const units = Array.from({ length: k }, (_, j) =>
    unitOf(rows.reduce((most, row) => Math.max(most, Math.abs(row[j]!)), 0)),
  );
  const scaled = rows.map((row) => row.map((value, j) => value / units[j]!));
  const mean = Array.from({ length: k }, (_, j) => scaled.reduce((sum, row) => sum + row[j]!, 0) / n);
  const covariance = Array.from({ length: k }, (_, i) =>
    Array.from(
      { length: k },
      (_, j) => scaled.reduce((sum, row) => sum + (row[i]! - mean[i]!) * (row[j]! - mean[j]!), 0) / (n - 1),
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
