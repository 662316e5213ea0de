// TOST, two one-sided t tests: the only way in this package to say "no relevant difference".
// Equivalence at level alpha is the same as the (1 - 2 alpha) interval lying inside the margins (Schuirmann 1987).
import { studentTLower, studentTUpper } from "../distribution/student-t.ts";
import type { Estimate } from "../estimate.ts";
import { tBounds } from "../interval-of.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";
import { oneSampleT } from "./t-interval.ts";
import { differenceParts, pairedDifferences } from "./t-test.ts";

/** Margins of equivalence in the metric's own unit: low < high, both fixed before the data. */
export interface EquivalenceOptions {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly low: number;
  readonly high: number;
  /** Level of each one-sided test; default 0.05. */
  readonly alpha?: number;
  /** Default "unequal" (Welch). */
  readonly variance?: "pooled" | "unequal" | "paired";
}

/** The outcome of an equivalence test. */
export interface Equivalence {
  readonly method: string;
  /** Whether the difference is shown to lie inside the margins at level alpha. */
  readonly equivalent: boolean;
  /** The larger of the two one-sided p values. */
  readonly p: number;
  /** Test of difference > low. */
  readonly lower: { readonly t: number; readonly p: number };
  /** Test of difference < high. */
  readonly upper: { readonly t: number; readonly p: number };
  readonly df: number;
  /** The difference with its (1 - 2 alpha) interval. */
  readonly estimate: Estimate;
  readonly margins: { readonly low: number; readonly high: number };
}

/** Tests whether mean(x) - mean(y) lies between the margins. */
export function equivalence(options: EquivalenceOptions): Equivalence {
  const { low, high, alpha = 0.05, variance = "unequal" } = options;
  if (!(low < high)) refuse("bad-option", `the margins are ${low} and ${high}; low must lie below high`);
  assertOpenUnit(alpha, "alpha");
  if (alpha >= 0.5) refuse("bad-option", `alpha is ${alpha}; it must lie below 0.5`);
  const { difference, standardError, df, n } = partsOf(options, variance);
  const tLower = (difference - low) / standardError;
  const tUpper = (difference - high) / standardError;
  const lower = { t: tLower, p: studentTUpper(tLower, df) };
  const upper = { t: tUpper, p: studentTLower(tUpper, df) };
  const p = Math.max(lower.p, upper.p);
  const level = 1 - 2 * alpha;
  return {
    method: `two one-sided tests (${variance === "paired" ? "paired t" : variance === "pooled" ? "Student's t" : "Welch's t"})`,
    equivalent: p < alpha,
    p,
    lower,
    upper,
    df,
    estimate: {
      value: difference,
      ...tBounds({ value: difference, standardError, df, level, alternative: "two-sided" }),
      level,
      method: "difference of means with t interval at 1 - 2 alpha",
      n,
      standardError,
    },
    margins: { low, high },
  };
}

function partsOf(
  samples: { x: readonly number[]; y: readonly number[] },
  variance: "pooled" | "unequal" | "paired",
) {
  if (variance === "paired") {
    const { estimate, df } = oneSampleT(pairedDifferences(samples));
    return { difference: estimate.value, standardError: estimate.standardError!, df: df[0]!, n: estimate.n };
  }
  const parts = differenceParts(samples, variance);
  return { ...parts, n: parts.x.n + parts.y.n };
}
