// The record that every interval in a report comes from: a point, its interval, and how it was made.
// A chart or a sentence needs nothing else to be honest about a number.

/** A point estimate with its interval. */
export interface Estimate {
  /** The point, in the metric's own unit unless `method` says otherwise. */
  readonly value: number;
  /** Lower end of the interval; -Infinity where the interval is one-sided. */
  readonly low: number;
  /** Upper end of the interval; Infinity where the interval is one-sided. */
  readonly high: number;
  /** Confidence level of the interval, for example 0.95. */
  readonly level: number;
  /** How the point and the interval were computed, in words. */
  readonly method: string;
  /** The number of observations (pairs, blocks) that the estimate rests on. */
  readonly n: number;
  /** Standard error, where the method has one. */
  readonly standardError?: number;
}

/** Which side of the null a test looks at: `greater` means the first sample (or the value) is above it. */
export type Alternative = "two-sided" | "less" | "greater";

/** The outcome of a significance test. */
export interface TestResult {
  /** Full name of the test, with the variant used. */
  readonly method: string;
  /** The symbol of the statistic: t, F, W, chi2 ... */
  readonly symbol: string;
  readonly statistic: number;
  /** Degrees of freedom: none, one, or numerator and denominator. */
  readonly df: readonly number[];
  /** p value in [0, 1], computed as a tail (it does not bottom out at 1e-16). */
  readonly p: number;
  readonly alternative: Alternative;
  /** Number of observations in each sample. */
  readonly n: readonly number[];
}
