// E-values: evidence against a null that may be looked at after every value and multiplied over independent runs.
// An e-value has expectation at most 1 under the null, so e >= 1/alpha happens with probability at most alpha, ever.
import { assertOpenUnit, assertSample, refuse } from "./refusal.ts";

/** An e-process: its value after each observation, and the p value that is valid at any time. */
export interface EProcess {
  readonly method: string;
  /** The wealth after each value; starts from 1 before the first. */
  readonly values: readonly number[];
  /** The last e-value. */
  readonly e: number;
  /** min(1, 1/largest e-value so far): valid under continuous peeking (Ville's inequality). */
  readonly anytimeP: number;
}

/**
 * The hedged betting e-process for the null "the mean is `null`", for values in a declared range.
 * Source: Waudby-Smith & Ramdas (2023), section 4, with predictable plug-in bets truncated at half the admissible size.
 * @example eProcess([0.9, 0.8, 1, 0.7], { range: [0, 1], mean: 0.5 }).e
 */
export function eProcess(
  values: readonly number[],
  options: { range: readonly [number, number]; mean: number; alpha?: number },
): EProcess {
  const { range, mean: expected, alpha = 0.05 } = options;
  assertSample(values, { name: "the sample", least: 1 });
  assertOpenUnit(alpha, "alpha");
  const [least, most] = range;
  if (!(least < expected && expected < most))
    refuse("bad-option", `the null mean ${expected} must lie inside the range [${least}, ${most}]`);
  const width = most - least;
  const m = (expected - least) / width;
  const log = Math.log(2 / alpha);
  let up = 1;
  let down = 1;
  let sum = 0;
  let squares = 0;
  let variance = 0.25;
  let best = 1;
  const wealth = values.map((value, i) => {
    if (value < least || value > most)
      refuse(
        "bad-option",
        `value ${value} at position ${i} lies outside the declared range [${least}, ${most}]`,
      );
    const n = i + 1;
    const x = (value - least) / width;
    const bet = Math.sqrt((2 * log) / (variance * n * Math.log(1 + n)));
    up *= 1 + Math.min(bet, 0.5 / m) * (x - m);
    down *= 1 - Math.min(bet, 0.5 / (1 - m)) * (x - m);
    sum += x;
    squares += (x - (0.5 + sum) / (n + 1)) ** 2;
    variance = (0.25 + squares) / (n + 1);
    const e = (up + down) / 2;
    best = Math.max(best, e);
    return e;
  });
  return {
    method: `hedged betting e-process for mean = ${expected}, range [${least}, ${most}]`,
    values: wealth,
    e: wealth[wealth.length - 1]!,
    anytimeP: Math.min(1, 1 / best),
  };
}

/** The average of e-values of one null: an e-value whatever their dependence (Vovk & Wang 2021). */
export function averageE(values: readonly number[]): number {
  assertE(values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The product of e-values from independent runs: an e-value of their common null. */
export function productE(values: readonly number[]): number {
  assertE(values);
  return values.reduce((product, value) => product * value, 1);
}

/**
 * The e-BH procedure (Wang & Ramdas 2022): which nulls of a family are rejected at false discovery rate alpha,
 * under any dependence. One boolean an e-value, in the order given.
 */
export function eBenjaminiHochberg(values: readonly number[], alpha = 0.05): boolean[] {
  assertE(values);
  assertOpenUnit(alpha, "alpha");
  const k = values.length;
  const sorted = [...values].sort((a, b) => b - a);
  let rejected = 0;
  sorted.forEach((e, i) => {
    if (((i + 1) * e) / k >= 1 / alpha) rejected = i + 1;
  });
  const bound = rejected === 0 ? Number.POSITIVE_INFINITY : sorted[rejected - 1]!;
  return values.map((e) => e >= bound);
}

function assertE(values: readonly number[]): void {
  if (values.length === 0) refuse("too-few", "no e-value was given");
  values.forEach((e, i) => {
    if (!(e >= 0)) refuse("bad-option", `e-value ${i + 1} is ${e}; e-values are at least 0`);
  });
}
