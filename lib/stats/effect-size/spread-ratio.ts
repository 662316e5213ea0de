// Two spreads against each other without trusting normality: Bonett's interval, the logarithm of the ratio, and pairs.
import { normalUpperQuantile } from "../distribution/normal.ts";
import { studentTUpper, studentTUpperQuantile } from "../distribution/student-t.ts";
import type { Estimate, TestResult } from "../estimate.ts";
import { momentsOf } from "../moments.ts";
import { assertOpenUnit, assertSample, refuse } from "../refusal.ts";

export interface SpreadOptions {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Default 0.95. */
  readonly level?: number;
}

function momentsOfBoth({ x, y, level = 0.95 }: SpreadOptions, least: number) {
  assertSample(x, { name: "sample x", least });
  assertSample(y, { name: "sample y", least });
  assertOpenUnit(level, "level");
  const both = { mx: momentsOf(x), my: momentsOf(y), level };
  if (!(both.mx.sd > 0 && both.my.sd > 0))
    refuse("no-variation", "a sample does not vary; a ratio of spreads needs variation in both");
  return both;
}

/**
 * Variance of y over that of x with Bonett's (2006) interval, which follows the tails of the data instead of taking them for normal.
 *
 * @throws StatisticsRefusal for samples of fewer than 5, or one that does not vary.
 * @example bonettRatio({ x, y }) // var(y) / var(x)
 */
export function bonettRatio(options: SpreadOptions): Estimate & {
  /** Pooled, about trimmed means. */
  readonly kurtosis: number;
  /** By which the ratio is multiplied for unlike sample sizes. */
  readonly correction: number;
} {
  const { mx, my, level } = momentsOfBoth(options, 5);
  const z = normalUpperQuantile((1 - level) / 2);
  const parts = [options.x, options.y].map((values) => {
    const n = values.length;
    const centre = trimmedMean(values, 1 / (2 * Math.sqrt(n - 4)));
    const fourth = values.reduce((sum, value) => sum + (value - centre) ** 4, 0);
    return { n, fourth, k: (n - 3) / n, c: n / (n - z) };
  });
  const [one, two] = parts as [(typeof parts)[0], (typeof parts)[0]];
  const squares = (mx.n - 1) * mx.sd ** 2 + (my.n - 1) * my.sd ** 2;
  const kurtosis = ((one.n + two.n) * (one.fourth + two.fourth)) / squares ** 2;
  const error = Math.sqrt(Math.max(0, (kurtosis - one.k) / (one.n - 1) + (kurtosis - two.k) / (two.n - 1)));
  const value = (my.sd / mx.sd) ** 2;
  const centre = Math.log((two.c / one.c) * value);
  return {
    value,
    low: Math.exp(centre - z * error),
    high: Math.exp(centre + z * error),
    level,
    method: "ratio of variances, Bonett's interval",
    n: one.n + two.n,
    standardError: error,
    kurtosis,
    correction: two.c / one.c,
  };
}

/** Mean without the share `trim` of the values at either end; a whole number of values is taken off, as R does. */
function trimmedMean(values: readonly number[], trim: number): number {
  const off = Math.floor(values.length * trim);
  const kept = [...values].sort((a, b) => a - b).slice(off, values.length - off);
  return momentsOf(kept).mean;
}

/**
 * Logarithm of the ratio of standard deviations, y over x (lnVR; Nakagawa et al. 2015). The interval takes the data for normal.
 *
 * @example logSdRatio({ x, y })
 */
export function logSdRatio(options: SpreadOptions): Estimate {
  const { mx, my, level } = momentsOfBoth(options, 2);
  const value = Math.log(my.sd / mx.sd) + 1 / (2 * (my.n - 1)) - 1 / (2 * (mx.n - 1));
  const standardError = Math.sqrt(1 / (2 * (my.n - 1)) + 1 / (2 * (mx.n - 1)));
  const half = normalUpperQuantile((1 - level) / 2) * standardError;
  return {
    value,
    low: value - half,
    high: value + half,
    level,
    method: "logarithm of the ratio of standard deviations",
    n: mx.n + my.n,
    standardError,
  };
}

export interface PitmanMorgan extends TestResult {
  /** Correlation of sum and difference of the pairs, which is 0 where the variances are equal. */
  readonly correlation: number;
  /** Variance of y over that of x. */
  readonly ratio: Estimate;
}

/**
 * Whether the two variances of pairs are equal, and their ratio (Pitman 1939; Morgan 1939): what common random numbers ask for, as the F
 * test takes the samples for independent.
 *
 * @throws StatisticsRefusal for unlike lengths, fewer than 3 pairs, or pairs whose values move together exactly.
 * @example pitmanMorgan({ x, y }).ratio
 */
export function pitmanMorgan(options: SpreadOptions): PitmanMorgan {
  const { x, y } = options;
  if (x.length !== y.length) refuse("unequal-lengths", `x has ${x.length} values and y has ${y.length}`);
  const { mx, my, level } = momentsOfBoth(options, 3);
  const n = x.length;
  const df = n - 2;
  const both = correlation(x, y);
  if (1 - both ** 2 < 1e-14) refuse("no-variation", "the two values of every pair move together exactly");
  const sums = correlation(
    x.map((value, i) => value + y[i]!),
    x.map((value, i) => value - y[i]!),
  );
  const t = (sums * Math.sqrt(df)) / Math.sqrt(1 - sums ** 2);
  const value = (my.sd / mx.sd) ** 2;
  const q = studentTUpperQuantile((1 - level) / 2, df) ** 2;
  // The ratios that a test of equal variances of x times their root and y does not reject: roots of a quadratic.
  const spread = 1 + (2 * (1 - both ** 2) * q) / df;
  const reach = Math.sqrt(spread ** 2 - 1);
  return {
    method: "Pitman-Morgan test of equal variances in pairs",
    symbol: "t",
    statistic: t,
    df: [df],
    p: Math.min(1, 2 * studentTUpper(Math.abs(t), df)),
    alternative: "two-sided",
    n: [n],
    correlation: sums,
    ratio: {
      value,
      low: value * (spread - reach),
      high: value * (spread + reach),
      level,
      method: "ratio of variances of pairs, Pitman-Morgan interval",
      n,
    },
  };
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [momentsOf(x), momentsOf(y)];
  if (!(mx.sd > 0 && my.sd > 0)) return 0;
  return (
    x.reduce((sum, value, i) => sum + ((value - mx.mean) / mx.sd) * ((y[i]! - my.mean) / my.sd), 0) /
    (x.length - 1)
  );
}
