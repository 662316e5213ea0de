// A joint test of orthonormal contrasts formed within blocks, with as many or more contrasts than blocks: repeated measures with the
// correction of Greenhouse and Geisser. Hotelling's T squared needs more blocks than contrasts.
import { fUpper } from "../distribution/f.ts";
import type { TestResult } from "../estimate.ts";
import { isNoise, unitOf } from "../moments.ts";
import { assertSample, refuse } from "../refusal.ts";
import { patternsOf } from "../simultaneous/sign-flips.ts";

export interface BlockContrasts extends TestResult {
  /** Box's epsilon as Greenhouse and Geisser estimate it: 1 where all contrasts scatter alike and independently, 1 / contrasts at least. */
  readonly epsilon: number;
}

/**
 * Whether the means of q orthonormal contrasts are all 0. With their mean m over b blocks and covariance S: F = b |m|^2 / trace(S) on
 * e q and e q (b - 1) degrees of freedom, e = trace(S)^2 / (q trace(S^2)). It does not depend on which orthonormal basis is given. Over the
 * contrasts of one factor it is repeated-measures analysis of variance, over those of an interaction the test of that term.
 * Source: Greenhouse and Geisser, Psychometrika 24 (1959) 95-112.
 *
 * @param rows one a block: its q contrasts.
 * @throws StatisticsRefusal for fewer than two blocks, rows of unlike lengths, or contrasts that do not vary between blocks.
 * @example blockContrasts([[0.2, 1.1], [0.4, 0.7], [0.1, 1.3]]).p
 */
export function blockContrasts(
  rows: readonly (readonly number[])[],
  options: { readonly method?: string } = {},
): BlockContrasts {
  const { method = "repeated measures with Greenhouse and Geisser's correction" } = options;
  const b = rows.length;
  const q = rows[0]?.length ?? 0;
  assertRows(rows);
  const unit = unitOf(
    rows.reduce((most, row) => row.reduce((own, value) => Math.max(own, Math.abs(value)), most), 0),
  );
  const scaled = rows.map((row) => row.map((value) => value / unit));
  const mean = Array.from({ length: q }, (_, j) => scaled.reduce((sum, row) => sum + row[j]! / b, 0));
  const centred = scaled.map((row) => row.map((value, j) => value - mean[j]!));
  const trace =
    centred.reduce((sum, row) => sum + row.reduce((own, value) => own + value ** 2, 0), 0) / (b - 1);
  if (isNoise(Math.sqrt(trace), 1))
    refuse(
      "no-variation",
      "the contrasts are the same in every block; there is no variation to test against",
    );
  // trace(S^2) from the b x b products of blocks, which has the same non-zero eigenvalues.
  let squares = 0;
  for (const one of centred)
    for (const other of centred)
      squares += (one.reduce((sum, value, j) => sum + value * other[j]!, 0) / (b - 1)) ** 2;
  const epsilon = Math.min(1, Math.max(1 / q, trace ** 2 / (q * squares)));
  const statistic = (b * mean.reduce((sum, value) => sum + value ** 2, 0)) / trace;
  const [df1, df2] = [epsilon * q, epsilon * q * (b - 1)];
  return {
    method,
    symbol: "F",
    statistic,
    df: [df1, df2],
    p: fUpper(statistic, { df1, df2 }),
    alternative: "two-sided",
    n: [b],
    epsilon,
  };
}

/**
 * The same question for shares, which may not vary at all: the squared length of the mean against that under sign flips of whole blocks, all
 * 2^b up to 12 blocks and 9,999 seeded draws beyond. Under the null hypothesis blocks are taken to be symmetric about 0.
 *
 * @throws StatisticsRefusal for fewer than two blocks, or rows of unlike lengths.
 * @example flippedContrasts([[1, 0], [1, 0], [1, 1]]).p
 */
export function flippedContrasts(
  rows: readonly (readonly number[])[],
  options: { readonly seed?: number; readonly method?: string } = {},
): TestResult {
  const { seed = 1, method = "sign-flip test of the contrasts" } = options;
  assertRows(rows);
  const b = rows.length;
  const lengthOf = (signs: readonly number[]): number =>
    rows[0]!.reduce(
      (sum, _, j) => sum + (rows.reduce((own, row, i) => own + signs[i]! * row[j]!, 0) / b) ** 2,
      0,
    );
  const statistic = lengthOf(new Array<number>(b).fill(1));
  const { signs, isExact } = patternsOf({ rows, draws: 9999, seed });
  let flips = 0;
  let extreme = 0;
  for (const pattern of signs) {
    flips += 1;
    if (lengthOf(pattern) >= statistic * (1 - 1e-9)) extreme += 1;
  }
  return {
    method: `${method}, ${isExact ? `all ${flips} patterns` : `${flips} patterns, seed ${seed}`}`,
    symbol: "|m|^2",
    statistic,
    df: [],
    p: extreme / flips,
    alternative: "two-sided",
    n: [b],
  };
}

function assertRows(rows: readonly (readonly number[])[]): void {
  const q = rows[0]?.length ?? 0;
  const b = rows.length;
  if (q === 0) refuse("too-few", "a joint test needs at least one contrast and a block");
  if (b < 2) refuse("too-few", "there is 1 complete block; 2 or more are needed");
  for (const row of rows) {
    if (row.length !== q)
      refuse("unequal-lengths", `a block has ${row.length} contrasts; the first has ${q}`);
    assertSample(row, { name: "a block", least: 1 });
  }
}
