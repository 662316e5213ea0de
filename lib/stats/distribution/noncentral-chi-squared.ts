// The noncentral chi-squared distribution: both tails and its inverse in the noncentrality.
// A Poisson mixture of incomplete gamma functions, as for the noncentral F; beyond a noncentrality of 1e8 a power is normal.
import { refuse } from "../refusal.ts";
import { findRoot } from "./find-root.ts";
import type { Tails } from "./incomplete-beta.ts";
import { incompleteGamma } from "./incomplete-gamma.ts";
import { normalLower, normalUpper } from "./normal.ts";
import { poissonTails } from "./poisson-mixture.ts";
import { poissonMass } from "./saddle-point.ts";

/** Degrees of freedom and noncentrality >= 0. */
export interface NoncentralChiSquaredShape {
  readonly df: number;
  readonly ncp: number;
}

/** P(X > x), computed as a tail. */
export function noncentralChiSquaredUpper(x: number, shape: NoncentralChiSquaredShape): number {
  return tails(x, shape).upper;
}

/** P(X <= x), computed as a tail. */
export function noncentralChiSquaredLower(x: number, shape: NoncentralChiSquaredShape): number {
  return tails(x, shape).lower;
}

/** The noncentrality under which P(X <= x) = p; 0 where even the central distribution lies below that. */
export function noncentralChiSquaredNoncentrality(x: number, options: { df: number; p: number }): number {
  const { df, p } = options;
  const gap = (ncp: number) => {
    const { lower, upper } = tails(x, { df, ncp });
    return p <= 0.5 ? lower - p : 1 - p - upper;
  };
  if (!Number.isFinite(x)) refuse("non-finite", `x is ${x}; a noncentrality needs a finite statistic`);
  if (gap(0) <= 0) return 0;
  let high = Math.max(1, 2 * x);
  while (gap(high) > 0) high *= 2;
  return findRoot(gap, { low: 0, high });
}

function tails(x: number, { df, ncp }: NoncentralChiSquaredShape): Tails {
  if (!(x > 0)) return { lower: 0, upper: 1 };
  if (ncp > 1e8 && ncp > 1e4 * df) return powerTails(x, { df, ncp });
  return poissonTails({
    mean: ncp / 2,
    at: (j) => incompleteGamma({ a: df / 2 + j, x: x / 2 }),
    // P(a, x) - P(a + 1, x) = x^a e^-x / Gamma(a + 1)
    step: (j) => poissonMass(df / 2 + j, x / 2),
  });
}

/**
 * (X / (df + ncp))^h is normal up to a part in 1e-10 beyond a noncentrality of 1e8.
 * Source: Sankaran, Biometrika 50 (1963) 199-204, the approximation with h chosen against skewness.
 */
function powerTails(x: number, { df, ncp }: NoncentralChiSquaredShape): Tails {
  const mean = df + ncp;
  const second = (df + 2 * ncp) / mean;
  const h = 1 - (2 * (df + 3 * ncp)) / mean / (3 * second ** 2);
  const p = second / mean;
  const m = (h - 1) * (1 - 3 * h);
  const centre = 1 + h * p * (h - 1 - 0.5 * (2 - h) * m * p);
  const spread = h * Math.sqrt(2 * p) * (1 + 0.5 * m * p);
  const z = ((x / mean) ** h - centre) / spread;
  return { lower: normalLower(z), upper: normalUpper(z) };
}
