// A joint test of contrasts of independent cell means, each cell with a variance of its own: Welch's analysis of variance and
// Welch's t test are special cases. Used for main effects over cells and for interactions.
import { fUpper } from "../distribution/f.ts";
import type { TestResult } from "../estimate.ts";
import { positiveSolver } from "../linear-algebra.ts";
import { isNoise, type Moments, momentsOf, unitOf } from "../moments.ts";
import { assertSample, refuse } from "../refusal.ts";

/** Beyond this many contrasts a joint test takes minutes and answers no question that a reader has. */
const contrastsMax = 200;

/**
 * The Welch-James statistic with Johansen's degrees of freedom.
 *
 * For q contrasts C of means m with variances V = diag(s^2/n): T = (Cm)' (CVC')^-1 (Cm), P = V C' (CVC')^-1 C,
 * A = sum P_ii^2 / (n_i - 1), F = T / (q + 2A - 6A/(q + 2)) on q and q(q + 2)/(3A) degrees of freedom.
 * Source: Johansen, Biometrika 67 (1980) 85-92.
 *
 * @param options cells: one sample a cell; contrasts: q rows, each with one coefficient a cell, adding up to 0; method: what the
 * test is called in its result.
 * @throws StatisticsRefusal when a cell has fewer than two values, a row has not one coefficient a cell, or a contrast does not vary.
 * @example
 * // Does the effect of one factor depend on the other, in a 2 x 2 design?
 * welchJames({ cells: [[1, 2, 4], [3, 4, 6], [2, 3, 3], [7, 9, 8]], contrasts: [[1, -1, -1, 1]] }).p
 */
export function welchJames(options: {
  readonly cells: readonly ArrayLike<number>[];
  readonly contrasts: readonly (readonly number[])[];
  readonly method?: string;
}): TestResult {
  const { cells, contrasts, method = "Welch-James test of the contrasts" } = options;
  if (contrasts.length === 0) refuse("too-few", "a joint test needs at least one contrast");
  if (contrasts.length > contrastsMax) {
    refuse(
      "too-large",
      `a joint test of ${contrasts.length} contrasts is not made; the limit is ${contrastsMax}`,
    );
  }
  for (const row of contrasts)
    if (row.length !== cells.length)
      refuse("unequal-lengths", `a contrast has ${row.length} coefficients for ${cells.length} cells`);
  const moments = momentsOfCells(cells);
  const unit = unitOf(moments.reduce((most, { offset, sd }) => Math.max(most, Math.abs(offset), sd), 0));
  const parts = moments.map(({ offset, sd, n }) => ({
    mean: offset / unit,
    variance: (sd / unit) ** 2 / n,
    df: n - 1,
  }));
  const q = contrasts.length;
  const values = contrasts.map((row) => row.reduce((sum, weight, i) => sum + weight * parts[i]!.mean, 0));
  const covariance = contrasts.map((a) =>
    contrasts.map((b) => a.reduce((sum, weight, i) => sum + weight * b[i]! * parts[i]!.variance, 0)),
  );
  const size = moments.reduce((most, { mean }) => Math.max(most, Math.abs(mean)), 0) / unit;
  if (covariance.some((row, i) => isNoise(Math.sqrt(row[i]!), size)))
    refuse("no-variation", "a contrast of the comparison does not vary");
  const solve = positiveSolver(covariance);
  const solvedValues = solve(values);
  const t = values.reduce((sum, value, i) => sum + value * solvedValues[i]!, 0);
  const a = parts.reduce((sum, { variance, df }, i) => {
    const column = contrasts.map((row) => row[i]!);
    const solved = solve(column);
    const share = variance * column.reduce((total, weight, j) => total + weight * solved[j]!, 0);
    return sum + share ** 2 / df;
  }, 0);
  const statistic = t / (q + 2 * a - (6 * a) / (q + 2));
  const df2 = (q * (q + 2)) / (3 * a);
  return {
    method,
    symbol: "F",
    statistic,
    df: [q, df2],
    p: fUpper(statistic, { df1: q, df2 }),
    alternative: "two-sided",
    n: cells.map((cell) => cell.length),
  };
}

function momentsOfCells(cells: readonly ArrayLike<number>[]): readonly Moments[] {
  const origin = cells[0]?.[0] ?? 0;
  return cells.map((values) => {
    if (values.length < 2)
      refuse("too-few", `a cell of the comparison has n = ${values.length}; each needs 2 or more values`);
    assertSample(values, { name: "a cell of the comparison", least: 2 });
    return momentsOf(values, origin);
  });
}
