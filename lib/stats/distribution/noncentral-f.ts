// The noncentral F distribution: both tails and its inverse in the noncentrality, for power and intervals of eta squared.
// Poisson mixtures of incomplete beta functions, summed by recurrences that only ever add positive terms; beyond a noncentrality of
// about 1e6 the distribution is that of the square of a noncentral t with the same mean, whose cost does not grow.

import { refuse } from "../refusal.ts";
import { findRoot } from "./find-root.ts";
import { incompleteBeta, type Tails } from "./incomplete-beta.ts";
import { noncentralTLower, noncentralTUpper } from "./noncentral-t.ts";
import { poissonTails } from "./poisson-mixture.ts";
import { betaPower } from "./saddle-point.ts";

/** Degrees of freedom and noncentrality >= 0. */
export interface NoncentralFShape {
  readonly df1: number;
  readonly df2: number;
  readonly ncp: number;
}

/** P(F > f): the power of an analysis of variance. */
export function noncentralFUpper(f: number, shape: NoncentralFShape): number {
  return tails(f, shape).upper;
}

/** P(F <= f), computed as a tail. */
export function noncentralFLower(f: number, shape: NoncentralFShape): number {
  return tails(f, shape).lower;
}

/** The noncentrality under which P(F <= f) = p; 0 where even the central F lies below that. */
export function noncentralFNoncentrality(
  f: number,
  options: { df1: number; df2: number; p: number },
): number {
  const { df1, df2, p } = options;
  const gap = (ncp: number) => {
    const { lower, upper } = tails(f, { df1, df2, ncp });
    return p <= 0.5 ? lower - p : 1 - p - upper;
  };
  if (!Number.isFinite(f)) refuse("non-finite", `F is ${f}; a noncentrality needs a finite statistic`);
  if (gap(0) <= 0) return 0;
  let high = Math.max(1, 2 * f * df1);
  while (gap(high) > 0) high *= 2;
  return findRoot(gap, { low: 0, high });
}

function tails(f: number, { df1, df2, ncp }: NoncentralFShape): Tails {
  if (!(f > 0)) return { lower: 0, upper: 1 };
  if (isFar({ df1, df2, ncp })) {
    const [t, shape] = [Math.sqrt(df1 * f), { df: df2, ncp: Math.sqrt(ncp + df1 - 1) }];
    return { lower: noncentralTLower(t, shape), upper: noncentralTUpper(t, shape) };
  }
  const odds = (df1 / df2) * f;
  const x = odds / (1 + odds);
  const y = 1 / (1 + odds);
  const b = df2 / 2;
  return poissonTails({
    mean: ncp / 2,
    at: (j) => incompleteBeta({ a: df1 / 2 + j, b, x, y }),
    step: (j) => betaPower({ a: df1 / 2 + j, b, x, y }) / (df1 / 2 + j),
  });
}

/**
 * Whether chi'^2(df1, ncp) may be replaced by (Z + sqrt(ncp + df1 - 1))^2: both have mean ncp + df1, and variances that differ by
 * 2 (df1 - 1), which changes a tail by a part in ncp^2 / (df1 df2), here 1e-8 or less.
 */
function isFar({ df1, df2, ncp }: NoncentralFShape): boolean {
  return ncp > 1e6 && ncp ** 2 > 1e8 * df1 * df2;
}
