// Power, sample size and detectable effect of t tests, from the noncentral t distribution (both tails are counted).
// Fixed before the data: nothing here takes an observed effect.

import { findRoot } from "../distribution/find-root.ts";
import { noncentralTLower, noncentralTUpper } from "../distribution/noncentral-t.ts";
import { normalUpperQuantile } from "../distribution/normal.ts";
import { studentTLower, studentTUpperQuantile } from "../distribution/student-t.ts";
import type { Alternative } from "../estimate.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";

/** Which design the t test has. */
export type TDesign = "independent" | "paired" | "one-sample";

/** What is fixed in a power analysis of a t test. */
export interface TPowerOptions {
  readonly design?: TDesign;
  /** Default 0.05. */
  readonly alpha?: number;
  readonly alternative?: Alternative;
}

/**
 * Power of a t test for a standardised effect d (d_z when paired); n per group (any real > 1), n2 for unequal groups.
 * Source: Cohen (1988), chapter 2, exact noncentral t.
 * @example powerT({ d: 0.5, n: 64 }) // 0.8015
 */
export function powerT(options: TPowerOptions & { d: number; n: number; n2?: number }): number {
  const { d, n, n2, design = "independent", alpha = 0.05, alternative = "two-sided" } = options;
  assertOpenUnit(alpha, "alpha");
  const second = n2 ?? n;
  const independent = design === "independent";
  const df = independent ? n + second - 2 : n - 1;
  if (!(df > 0)) refuse("too-few", `n = ${n} leaves no degrees of freedom`);
  const ncp = d * Math.sqrt(independent ? 1 / (1 / n + 1 / second) : n);
  return studentPower({ ncp, df, alpha, alternative });
}

/** Power of Welch's t test for a raw difference and two standard deviations, n per group (or n and n2). */
export function powerWelch(options: {
  effect: number;
  sd1: number;
  sd2: number;
  n: number;
  n2?: number;
  alpha?: number;
  alternative?: Alternative;
}): number {
  const { effect, alpha = 0.05, alternative = "two-sided" } = options;
  const { standardError, df } = welchShape(options);
  return studentPower({ ncp: effect / standardError, df, alpha, alternative });
}

/**
 * The central-t approximation of Colas, Sigaud & Oudeyer (2019), eq. 5: type II error beta of a one-sided test at alpha.
 * It shifts a central t instead of using the noncentral one; powerWelch is exact for normal data.
 */
export function powerWelchCentral(options: {
  effect: number;
  sd1: number;
  sd2: number;
  n: number;
  n2?: number;
  alpha?: number;
}): { df: number; critical: number; beta: number; power: number } {
  const { effect, alpha = 0.05 } = options;
  const { standardError, df } = welchShape(options);
  const critical = studentTUpperQuantile(alpha, df);
  const beta = studentTLower(critical - effect / standardError, df);
  return { df, critical, beta, power: 1 - beta };
}

/** A sample size: the real solution, and the whole number per group to plan with. */
export interface SampleSize {
  readonly exact: number;
  readonly n: number;
}

/**
 * The n per group (pairs, or values) at which a t test has the wanted power.
 * @example sampleSizeT({ d: 0.5, power: 0.8 }).n // 64
 */
export function sampleSizeT(options: TPowerOptions & { d: number; power: number }): SampleSize {
  const { d, power, alternative = "two-sided", alpha = 0.05 } = options;
  assertOpenUnit(power, "power");
  if (d === 0) refuse("bad-option", "no sample size shows an effect of 0");
  if (power <= alpha) refuse("bad-option", `power ${power} must be above alpha ${alpha}`);
  if ((alternative === "greater" && d < 0) || (alternative === "less" && d > 0))
    refuse("bad-option", `an effect of ${d} lies on the other side of the alternative "${alternative}"`);
  return sampleSizeOf((n) => powerT({ ...options, n }), { power, least: 2, floor: 2 });
}

/** The n per group at which Welch's t test has the wanted power. */
export function sampleSizeWelch(options: {
  effect: number;
  sd1: number;
  sd2: number;
  power: number;
  alpha?: number;
  alternative?: Alternative;
}): SampleSize {
  assertOpenUnit(options.power, "power");
  if (options.effect === 0) refuse("bad-option", "no sample size shows an effect of 0");
  return sampleSizeOf((n) => powerWelch({ ...options, n }), { power: options.power, least: 2, floor: 2 });
}

/** The smallest standardised effect that n per group detect with the wanted power. */
export function detectableT(options: TPowerOptions & { n: number; n2?: number; power: number }): number {
  const { n, n2, power, design = "independent", alpha = 0.05, alternative = "two-sided" } = options;
  assertOpenUnit(power, "power");
  if (power <= alpha) refuse("bad-option", `power ${power} must be above alpha ${alpha}`);
  const sign = alternative === "less" ? -1 : 1;
  const size = design === "independent" ? 1 / (1 / n + 1 / (n2 ?? n)) : n;
  const gap = (d: number) => powerT({ ...options, d: sign * d }) - power;
  let high = (normalUpperQuantile(alpha / 2) + normalUpperQuantile(1 - power) + 1) / Math.sqrt(size);
  while (gap(high) < 0) high *= 2;
  return sign * findRoot(gap, { low: 0, high });
}

/** The solution of power(n) = wanted for a power that grows with n. */
export function sampleSizeOf(
  powerAt: (n: number) => number,
  options: { power: number; least: number; floor: number },
): SampleSize {
  const gap = (n: number) => powerAt(n) - options.power;
  if (gap(options.least) >= 0) return { exact: options.least, n: options.floor };
  let high = 4;
  while (gap(high) < 0) {
    high *= 2;
    if (high > 1e9) refuse("not-estimable", "more than a thousand million values would be needed");
  }
  const exact = findRoot(gap, { low: options.least, high });
  return { exact, n: Math.max(options.floor, Math.ceil(exact - 1e-9)) };
}

/** Power of a t test with this noncentrality (the true difference over its standard error) and degrees of freedom, any above 0. */
export function studentPower(options: {
  ncp: number;
  df: number;
  alpha: number;
  alternative: Alternative;
}): number {
  const { ncp, df, alpha, alternative } = options;
  if (alternative === "greater") return noncentralTUpper(studentTUpperQuantile(alpha, df), { df, ncp });
  if (alternative === "less") return noncentralTLower(-studentTUpperQuantile(alpha, df), { df, ncp });
  const critical = studentTUpperQuantile(alpha / 2, df);
  return Math.min(1, noncentralTUpper(critical, { df, ncp }) + noncentralTLower(-critical, { df, ncp }));
}

function welchShape(options: { sd1: number; sd2: number; n: number; n2?: number }): {
  standardError: number;
  df: number;
} {
  const { sd1, sd2, n, n2 = n } = options;
  if (!(sd1 >= 0 && sd2 >= 0 && sd1 + sd2 > 0))
    refuse("bad-option", `the standard deviations are ${sd1} and ${sd2}; they must be positive`);
  if (!(n > 1 && n2 > 1)) refuse("too-few", `n = ${n} and ${n2}; each group needs more than one value`);
  const a = sd1 ** 2 / n;
  const b = sd2 ** 2 / n2;
  return { standardError: Math.sqrt(a + b), df: (a + b) ** 2 / (a ** 2 / (n - 1) + b ** 2 / (n2 - 1)) };
}
