// The noncentral t distribution: both tails and the noncentrality that puts the observed t at a given tail.
// Written as an integral over the random scale, which stays accurate where series break (|ncp| > 37) and far in the tails.
import { logScaleDensity, scaleSpacing } from "./chi-scale.ts";
import { findRoot, growBracket } from "./find-root.ts";
import { logIntegral } from "./log-concave-integral.ts";
import { logNormalUpper } from "./normal-log.ts";

/** Degrees of freedom (> 0) and noncentrality (any finite number). */
export interface NoncentralTShape {
  readonly df: number;
  readonly ncp: number;
}

/** P(T > t): the power of a one-sided t test. */
export function noncentralTUpper(t: number, { df, ncp }: NoncentralTShape): number {
  // T > t when Z > t s - ncp, with s the scale.
  const density = logScaleDensity(df);
  const logF = (u: number) => density(u) + logNormalUpper(t * Math.exp(u) - ncp);
  // The normal tail turns over within 1/|ncp| of u = ln(ncp/t).
  const spacing = Math.min(scaleSpacing(df), 0.5 / (1 + Math.abs(ncp)));
  return Math.min(1, Math.exp(logIntegral(logF, { guess: 0, spacing })));
}

/** P(T <= t), computed as a tail. */
export function noncentralTLower(t: number, { df, ncp }: NoncentralTShape): number {
  return noncentralTUpper(-t, { df, ncp: -ncp });
}

/**
 * The noncentrality under which P(T <= t) = p: the two ends of an interval of a standardised effect (Steiger & Fouladi 1997)
 * are this at p = (1 + level)/2 (low) and (1 - level)/2 (high).
 */
export function noncentralTNoncentrality(t: number, options: { df: number; p: number }): number {
  const { df, p } = options;
  const f = (ncp: number) =>
    p <= 0.5
      ? Math.log(noncentralTLower(t, { df, ncp }) / p)
      : Math.log((1 - p) / noncentralTUpper(t, { df, ncp }));
  const step = Math.max(1, Math.abs(t) / Math.sqrt(2 * df));
  return findRoot(f, growBracket(f, { guess: t, step }));
}
