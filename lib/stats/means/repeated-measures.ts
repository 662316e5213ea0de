// Repeated measures and randomised complete blocks: every block (subject, replicate under common random numbers) holds
// one value of each treatment. Sphericity is corrected for by Greenhouse-Geisser and Huynh-Feldt.

import { fUpper } from "../distribution/f.ts";
import type { VarianceRow } from "../effect-size/variance-explained.ts";
import type { TestResult } from "../estimate.ts";
import { meanOf } from "../moments.ts";
import { assertSample, refuse } from "../refusal.ts";

/** One row a block, one column a treatment. */
export type Blocks = readonly (readonly number[])[];

/** Analysis of variance of randomised complete blocks. */
export interface BlockAnova extends TestResult {
  readonly symbol: "F";
  readonly treatments: VarianceRow;
  readonly blocks: {
    readonly sumOfSquares: number;
    readonly df: number;
    readonly f: number;
    readonly p: number;
  };
}

/** A block analysis with its corrections for sphericity. */
export interface RepeatedMeasures extends BlockAnova {
  /** Greenhouse & Geisser's (1959) and Huynh & Feldt's (1976) epsilon, at most 1, and the p values they give. */
  readonly greenhouseGeisser: { readonly epsilon: number; readonly p: number };
  readonly huynhFeldt: { readonly epsilon: number; readonly p: number };
}

/**
 * Randomised complete blocks: F of treatments with the block-by-treatment residual.
 * @throws StatisticsRefusal for ragged blocks, fewer than two of either, or no residual variation
 */
export function randomisedBlocks(blocks: Blocks): BlockAnova {
  const k = blocks[0]?.length ?? 0;
  const b = blocks.length;
  if (b < 2) refuse("too-few", `${b} block(s) given; at least 2 are needed`);
  if (k < 2) refuse("too-few", `${k} treatment(s) given; at least 2 are needed`);
  blocks.forEach((block, i) => {
    if (block.length !== k)
      refuse("unbalanced", `block ${i + 1} has ${block.length} values; every block needs ${k}`);
    assertSample(block, { name: `block ${i + 1}`, least: 2 });
  });
  const origin = blocks[0]![0]!;
  const moved = blocks.map((block) => block.map((value) => value - origin));
  const rowMeans = moved.map(meanOf);
  const columnMeans = Array.from({ length: k }, (_, j) => meanOf(moved.map((row) => row[j]!)));
  const grand = meanOf(rowMeans);
  const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + (value - grand) ** 2, 0);
  const treatmentSquares = b * squares(columnMeans);
  const blockSquares = k * squares(rowMeans);
  let residual = 0;
  let size = 0;
  moved.forEach((row, i) => {
    row.forEach((value, j) => {
      residual += (value - rowMeans[i]! - columnMeans[j]! + grand) ** 2;
      size = Math.max(size, Math.abs(value));
    });
  });
  const df1 = k - 1;
  const df2 = (k - 1) * (b - 1);
  if (!(residual > df2 * (1e-14 * size) ** 2))
    refuse(
      "no-variation",
      "treatments differ by the same amount in every block; there is no residual variation to test against",
    );
  const f = treatmentSquares / df1 / (residual / df2);
  const blockF = blockSquares / (b - 1) / (residual / df2);
  return {
    method: "randomised complete blocks, F test of treatments",
    symbol: "F",
    statistic: f,
    df: [df1, df2],
    p: fUpper(f, { df1, df2 }),
    alternative: "two-sided",
    n: [b],
    treatments: {
      sumOfSquares: treatmentSquares,
      df: df1,
      residualSumOfSquares: residual,
      residualDf: df2,
      n: b * k,
    },
    blocks: { sumOfSquares: blockSquares, df: b - 1, f: blockF, p: fUpper(blockF, { df1: b - 1, df2 }) },
  };
}

/** Repeated measures: randomised blocks with corrections for unequal variances of differences (sphericity). */
export function repeatedMeasures(blocks: Blocks): RepeatedMeasures {
  const base = randomisedBlocks(blocks);
  const b = blocks.length;
  const k = blocks[0]!.length;
  // Box's epsilon is (sum of eigenvalues)^2 / ((k - 1) sum of their squares): a trace, and the sum of all squared entries.
  const covariance = doublyCentredCovariance(blocks);
  const sum = covariance.reduce((total, row, i) => total + row[i]!, 0);
  const squares = covariance.reduce(
    (total, row) => total + row.reduce((own, value) => own + value ** 2, 0),
    0,
  );
  const greenhouse = Math.min(1, Math.max(1 / (k - 1), sum ** 2 / ((k - 1) * squares)));
  const room = b - 1 - (k - 1) * greenhouse;
  const huynh = room > 0 ? Math.min(1, (b * (k - 1) * greenhouse - 2) / ((k - 1) * room)) : 1;
  const [df1, df2] = [k - 1, (k - 1) * (b - 1)];
  const corrected = (epsilon: number) => ({
    epsilon,
    p: fUpper(base.statistic, { df1: epsilon * df1, df2: epsilon * df2 }),
  });
  return {
    ...base,
    method: "repeated-measures analysis of variance",
    greenhouseGeisser: corrected(greenhouse),
    huynhFeldt: corrected(Math.max(huynh, 1 / (k - 1))),
  };
}

/** Covariance of the treatments with row and column means taken out; how unlike its k - 1 non-zero eigenvalues are measures sphericity. */
function doublyCentredCovariance(blocks: Blocks): number[][] {
  const b = blocks.length;
  const k = blocks[0]!.length;
  const centred = blocks.map((block) => {
    const mean = meanOf(block);
    return block.map((value) => value - mean);
  });
  const means = Array.from({ length: k }, (_, j) => meanOf(centred.map((row) => row[j]!)));
  return Array.from({ length: k }, (_, i) =>
    Array.from({ length: k }, (_, j) =>
      centred.reduce((sum, row) => sum + ((row[i]! - means[i]!) * (row[j]! - means[j]!)) / (b - 1), 0),
    ),
  );
}
