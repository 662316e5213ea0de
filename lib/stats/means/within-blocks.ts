// A joint test of contrasts that every block (replicate, subject, task) answers by itself: repeated measures without sphericity, for one
// factor or the interaction of several.
import { fUpper } from "../distribution/f.ts";
import type { TestResult } from "../estimate.ts";
import { momentsOf, unitOf } from "../moments.ts";
import { assertSample, refuse } from "../refusal.ts";

export interface WithinBlocksTest extends TestResult {
  readonly symbol: "F";
  /** Box's epsilon as Greenhouse and Geisser estimate it, in [1 / contrasts, 1]; `df` is already multiplied by it. */
  readonly epsilon: number;
  /** Number of contrasts. */
  readonly contrasts: number;
}

/**
 * Orthonormal contrasts of k levels, k - 1 rows (Helmert's).
 *
 * @example orthonormalContrasts(2)  // [[-0.707, 0.707]]
 */
export function orthonormalContrasts(k: number): readonly (readonly number[])[] {
  return Array.from({ length: k - 1 }, (_, i) => {
    const size = Math.sqrt((i + 1) * (i + 2));
    return Array.from({ length: k }, (__, j) => (j <= i ? -1 / size : j === i + 1 ? (i + 1) / size : 0));
  });
}

/** The orthonormal contrasts of the levels of one block, in as many steps as it has levels: `orthonormalContrasts` times the values. */
export function contrastsOf(values: readonly number[]): readonly number[] {
  // About the first value, so that what the block shares does not take digits.
  const origin = values[0] ?? 0;
  let sum = 0;
  return values.slice(1).map((value, i) => {
    sum += values[i]! - origin;
    return ((i + 1) * (value - origin) - sum) / Math.sqrt((i + 1) * (i + 2));
  });
}

/**
 * Orthonormal interaction contrasts of factors with so many levels: rows over all combinations, the last factor's levels fastest.
 *
 * @example interactionContrasts([2, 3]).length  // 2
 */
export function interactionContrasts(levels: readonly number[]): readonly (readonly number[])[] {
  return levels
    .map(orthonormalContrasts)
    .reduce<readonly (readonly number[])[]>(
      (all, own) => all.flatMap((a) => own.map((b) => a.flatMap((x) => b.map((y) => x * y)))),
      [[1]],
    );
}

/**
 * Whether all contrasts are 0: F of their mean squares against their scatter between blocks, its degrees of freedom multiplied by Greenhouse
 * and Geisser's epsilon. Unlike Hotelling's T squared it has an answer from two blocks on, and unlike it errs about as often as promised
 * where noise is skewed and of unlike scale.
 *
 * Sources: Box, Annals of Mathematical Statistics 25 (1954) 484-498; Greenhouse and Geisser, Psychometrika 24 (1959) 95-112.
 * @param rows rows[i][j] is orthonormal contrast j in block i.
 * @throws StatisticsRefusal for fewer than two blocks, rows of unlike lengths, or contrasts that are the same in all blocks.
 * @example withinBlocksTest([[1, 2, 4], [2, 2, 5], [1, 3, 3]].map(contrastsOf)).p
 */
export function withinBlocksTest(
  rows: readonly (readonly number[])[],
  options: { readonly method?: string } = {},
): WithinBlocksTest {
  const { method = "repeated-measures F test, Greenhouse-Geisser" } = options;
  const n = rows.length;
  const q = rows[0]?.length ?? 0;
  if (n < 2)
    refuse("too-few", `there ${n === 1 ? "is 1 complete block" : `are ${n} complete blocks`}; 2 are needed`);
  if (q === 0) refuse("too-few", "there is nothing to contrast");
  for (const row of rows) {
    if (row.length !== q)
      refuse("unequal-lengths", `a block has ${row.length} contrasts; the first has ${q}`);
    assertSample(row, { name: "a block", least: 1 });
  }
  // One unit for all, which leaves F and epsilon as they are, so that squares stay in range.
  const size = rows.reduce(
    (most, row) => row.reduce((own, value) => Math.max(own, Math.abs(value)), most),
    0,
  );
  const unit = unitOf(size);
  const scaled = rows.map((row) => row.map((value) => value / unit));
  const columns = Array.from({ length: q }, (_, j) => momentsOf(scaled.map((row) => row[j]!)));
  const trace = columns.reduce((sum, { sd }) => sum + sd ** 2, 0);
  if (!(trace > q * (1e-13 * (size / unit)) ** 2))
    refuse(
      "no-variation",
      "levels differ by the same amount in every block; there is no variation to test against",
    );
  const f = (n * columns.reduce((sum, { mean }) => sum + mean ** 2, 0)) / trace;
  const epsilon = Math.min(1, Math.max(1 / q, trace ** 2 / (q * squaresOf(scaled, columns))));
  const df = [epsilon * q, epsilon * q * (n - 1)] as const;
  return {
    method,
    symbol: "F",
    statistic: f,
    df,
    p: fUpper(f, { df1: df[0], df2: df[1] }),
    alternative: "two-sided",
    n: [n],
    epsilon,
    contrasts: q,
  };
}

/** Sum of the squared entries of the contrasts' covariance matrix, by way of the smaller of its two Gram matrices. */
function squaresOf(
  rows: readonly (readonly number[])[],
  columns: readonly { readonly mean: number }[],
): number {
  const n = rows.length;
  const centred = rows.map((row) => row.map((value, j) => value - columns[j]!.mean));
  const vectors = n < columns.length ? centred : columns.map((_, j) => centred.map((row) => row[j]!));
  let sum = 0;
  for (const a of vectors)
    for (const b of vectors) {
      let product = 0;
      for (let i = 0; i < a.length; i += 1) product += a[i]! * b[i]!;
      sum += product ** 2;
    }
  return sum / (n - 1) ** 2;
}
