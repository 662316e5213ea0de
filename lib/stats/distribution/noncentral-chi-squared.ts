// The noncentral chi-squared distribution: both tails and its inverse in the noncentrality.
// A Poisson mixture of incomplete gamma functions, as for the noncentral F.
import { findRoot } from "./find-root.ts";
import type { Tails } from "./incomplete-beta.ts";
import { incompleteGamma } from "./incomplete-gamma.ts";
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
  if (gap(0) <= 0) return 0;
  let high = Math.max(1, 2 * x);
  while (gap(high) > 0) high *= 2;
  return findRoot(gap, { low: 0, high });
}

function tails(x: number, { df, ncp }: NoncentralChiSquaredShape): Tails {
  if (!(x > 0)) return { lower: 0, upper: 1 };
  return poissonTails({
    mean: ncp / 2,
    at: (j) => incompleteGamma({ a: df / 2 + j, x: x / 2 }),
    // P(a, x) - P(a + 1, x) = x^a e^-x / Gamma(a + 1)
    step: (j) => poissonMass(df / 2 + j, x / 2),
  });
}
