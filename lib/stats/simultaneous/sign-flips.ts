// Many contrasts of the same blocks at once, as points of a curve under common random numbers: each block's signs are flipped together,
// which keeps their dependence whatever it is.
import { randomFrom } from "../../random/random.ts";
import { assertOpenUnit, assertSample, refuse } from "../refusal.ts";

/** Blocks of paired differences: rows[i] is block i, one difference for each contrast. */
export interface FlipOptions {
  readonly rows: readonly (readonly number[])[];
  /** Up to so many blocks all 2^n flips are taken, and the answer is exact; beyond, `draws` of them by `seed`. */
  readonly exactBlocksMax?: number;
  /** Default 10,000. */
  readonly draws?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** One contrast. p values are in (0, 1]; the smallest possible is 2 / 2^n. */
export interface FlippedContrast {
  readonly t: number;
  /** Of the contrast by itself. */
  readonly p: number;
  /** Single-step: against the largest |t| of all. */
  readonly pSingleStep: number;
  /** Westfall and Young's (1993) step-down, never above the single-step one. */
  readonly pStepDown: number;
}

export interface SignFlips {
  readonly contrasts: readonly FlippedContrast[];
  readonly flips: number;
  readonly isExact: boolean;
}

const rounding = 1e-9;

/**
 * The sign-flip test of all contrasts: whether each mean difference is 0, judged together by the largest |t| over all sign patterns of the blocks.
 *
 * @throws StatisticsRefusal for fewer than 2 blocks, rows of unlike lengths, or a contrast that does not vary.
 * @example signFlipMaxT({ rows: [[0.1, 0.4], [0.3, -0.2], [0.2, 0.5]] }).contrasts[0]?.pStepDown
 */
export function signFlipMaxT(options: FlipOptions): SignFlips {
  const { rows } = options;
  assertRows(rows);
  const k = rows[0]!.length;
  const seen = tsOf(rows).map(Math.abs);
  // From the largest down: the step-down maximum of a contrast is over it and all smaller ones.
  const order = Array.from(seen.keys()).sort((a, b) => seen[b]! - seen[a]!);
  const counts = { own: new Float64Array(k), single: new Float64Array(k), step: new Float64Array(k) };
  const patterns = patternsOf(options);
  let flips = 0;
  for (const signs of patterns.signs) {
    flips += 1;
    const flipped = tsOf(rows, signs).map(Math.abs);
    const largest = Math.max(...flipped);
    let running = 0;
    for (let at = k - 1; at >= 0; at -= 1) {
      const j = order[at]!;
      running = Math.max(running, flipped[j]!);
      const reach = seen[j]! * (1 - rounding);
      if (flipped[j]! >= reach) counts.own[j]! += 1;
      if (largest >= reach) counts.single[j]! += 1;
      if (running >= reach) counts.step[j]! += 1;
    }
  }
  const ts = tsOf(rows);
  const step = new Float64Array(k);
  let least = 0;
  for (const j of order) {
    least = Math.max(least, counts.step[j]! / flips);
    step[j] = least;
  }
  return {
    contrasts: ts.map((t, j) => ({
      t,
      p: counts.own[j]! / flips,
      pSingleStep: counts.single[j]! / flips,
      pStepDown: step[j]!,
    })),
    flips,
    isExact: patterns.isExact,
  };
}

/** A band that holds all means at once. */
export interface SimultaneousBand {
  readonly mean: readonly number[];
  readonly standardError: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** What every standard error is multiplied by. */
  readonly critical: number;
  readonly level: number;
  readonly flips: number;
  readonly isExact: boolean;
}

/**
 * The band of the means of all contrasts: means -+ critical standard errors, the critical value that of the largest |t| of the centred
 * blocks under sign flips.
 *
 * @example signFlipBand({ rows: curves, level: 0.95 }).low
 */
export function signFlipBand(options: FlipOptions & { readonly level?: number }): SimultaneousBand {
  const { rows, level = 0.95 } = options;
  assertRows(rows);
  assertOpenUnit(level, "level");
  const n = rows.length;
  const mean = rows[0]!.map((_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / n);
  const standardError = mean.map((centre, j) =>
    Math.sqrt(rows.reduce((sum, row) => sum + (row[j]! - centre) ** 2, 0) / (n - 1) / n),
  );
  const centred = rows.map((row) => row.map((value, j) => value - mean[j]!));
  const patterns = patternsOf(options);
  const largest = Float64Array.from(patterns.signs, (signs) =>
    Math.max(...tsOf(centred, signs).map(Math.abs)),
  ).sort();
  const critical = largest[Math.ceil(level * largest.length - rounding) - 1]!;
  return {
    mean,
    standardError,
    low: mean.map((value, j) => value - critical * standardError[j]!),
    high: mean.map((value, j) => value + critical * standardError[j]!),
    critical,
    level,
    flips: largest.length,
    isExact: patterns.isExact,
  };
}

function assertRows(rows: FlipOptions["rows"]): void {
  if (rows.length < 2) refuse("too-few", `there are ${rows.length} blocks; at least 2 are needed`);
  for (const [i, row] of rows.entries()) {
    assertSample(row, { name: `block ${i + 1}`, least: 1 });
    if (row.length !== rows[0]!.length)
      refuse(
        "unequal-lengths",
        `block ${i + 1} has ${row.length} contrasts and the first has ${rows[0]!.length}`,
      );
  }
  for (const [j] of rows[0]!.entries())
    if (rows.every((row) => row[j] === rows[0]![j]))
      refuse("no-variation", `contrast ${j + 1} is the same in all blocks, so it has no error`);
}

/** One-sample t of each column, its rows multiplied by signs. */
function tsOf(rows: FlipOptions["rows"], signs?: readonly number[]): readonly number[] {
  const n = rows.length;
  return rows[0]!.map((_, j) => {
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += (signs?.[i] ?? 1) * rows[i]![j]!;
    const mean = sum / n;
    let squares = 0;
    for (let i = 0; i < n; i += 1) squares += ((signs?.[i] ?? 1) * rows[i]![j]! - mean) ** 2;
    // A pattern that makes all values equal is as extreme as can be; one of zeros says nothing.
    if (squares === 0) return mean === 0 ? 0 : Math.sign(mean) * Number.MAX_VALUE;
    return mean / Math.sqrt(squares / (n - 1) / n);
  });
}

/** All 2^n sign patterns of the blocks, or draws of them beside the one that was seen. */
export function patternsOf({ rows, exactBlocksMax = 12, draws = 10_000, seed = 1 }: FlipOptions): {
  readonly signs: Iterable<readonly number[]>;
  readonly isExact: boolean;
} {
  const n = rows.length;
  if (n <= exactBlocksMax) return { signs: allSigns(n), isExact: true };
  return { signs: drawnSigns(n, { draws, seed }), isExact: false };
}

function* allSigns(n: number): Generator<readonly number[]> {
  for (let pattern = 0; pattern < 2 ** n; pattern += 1)
    yield Array.from({ length: n }, (_, i) => ((pattern >> i) & 1 ? -1 : 1));
}

/** The pattern that was seen, and draws beside it: so the smallest p is 1 / (draws + 1). */
function* drawnSigns(
  n: number,
  { draws, seed }: { draws: number; seed: number },
): Generator<readonly number[]> {
  const random = randomFrom(seed);
  yield new Array<number>(n).fill(1);
  for (let draw = 0; draw < draws; draw += 1)
    yield Array.from({ length: n }, () => (random.boolean(0.5) ? 1 : -1));
}
