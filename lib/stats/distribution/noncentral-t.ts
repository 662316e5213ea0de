// The noncentral t distribution: both tails and the noncentrality that puts the observed t at a given tail.
// Written as an integral over the random scale, which stays accurate where series break (|ncp| > 37) and far in the tails, and, where
// the normal variable is the narrower of the two, as one over the normal variable: its cost does not grow with the noncentrality.

import { refuse } from "../refusal.ts";
import { logScaleDensity, scaleSpacing } from "./chi-scale.ts";
import { chiSquaredLower, chiSquaredUpper } from "./chi-squared.ts";
import { findRoot, growBracket } from "./find-root.ts";
import { logIntegral } from "./log-concave-integral.ts";
import { normalQuantile } from "./normal.ts";
import { logNormalUpper } from "./normal-log.ts";

/** Degrees of freedom (> 0) and noncentrality (any finite number). */
export interface NoncentralTShape {
  readonly df: number;
  readonly ncp: number;
}

/** P(T > t): the power of a one-sided t test. */
export function noncentralTUpper(t: number, { df, ncp }: NoncentralTShape): number {
  const isOneSided = t > 0 === ncp > 0;
  if (isOneSided && isBeyondScale(t, { df, ncp })) return t > 0 ? 1 : 0;
  if (isOneSided && isScaleAlone(t, { df, ncp })) return upperOverNormal(t, { df, ncp });
  // T > t when Z > t s - ncp, with s the scale.
  const density = logScaleDensity(df);
  const logF = (u: number) => density(u) + logNormalUpper(t * Math.exp(u) - ncp);
  // On one side the normal tail turns over within 1/|ncp| of u = ln(ncp/t); on opposite sides it does not turn.
  const turn = isOneSided ? Math.abs(ncp) : Math.min(Math.abs(ncp), 10);
  const spacing = Math.min(scaleSpacing(df), 0.5 / (1 + turn));
  return Math.min(1, Math.exp(logIntegral(logF, { guess: 0, spacing })));
}

/** P(T <= t), computed as a tail. */
export function noncentralTLower(t: number, { df, ncp }: NoncentralTShape): number {
  return noncentralTUpper(-t, { df, ncp: -ncp });
}

/** Whether the scale at which the normal tail turns over is larger than any that a double gives a probability to. */
function isBeyondScale(t: number, { df, ncp }: NoncentralTShape): boolean {
  const scale = (Math.abs(ncp) - 38) / Math.abs(t);
  return scale > 1 && chiSquaredUpper(df * scale ** 2, df) === 0;
}

/** Whether t and ncp lie so far out, on one side, that Z moves the scale ncp / t by a thirtieth of its own spread or less. */
function isScaleAlone(t: number, { df, ncp }: NoncentralTShape): boolean {
  const far = 30 * Math.sqrt(2 * df + 2);
  return Math.abs(t) > far && Math.abs(ncp) > far;
}

/**
 * P(T > t) = E P(S < (ncp + Z) / t), or S > for negative t, by the trapezoidal rule over Z: in steps of 0.75 it is exact to 1e-15
 * for a normal density (error exp(-2 pi^2 / h^2)), and the other factor is smooth on that scale.
 */
function upperOverNormal(t: number, { df, ncp }: NoncentralTShape): number {
  const tail = t > 0 ? chiSquaredLower : chiSquaredUpper;
  const step = 0.75;
  let sum = 0;
  for (let i = -12; i <= 12; i += 1) {
    const z = i * step;
    sum += Math.exp(-(z * z) / 2) * tail(df * ((ncp + z) / t) ** 2, df);
  }
  return Math.min(1, (sum * step) / Math.sqrt(2 * Math.PI));
}

/**
 * The noncentrality under which P(T <= t) = p: the two ends of an interval of a standardised effect (Steiger & Fouladi 1997)
 * are this at p = (1 + level)/2 (low) and (1 - level)/2 (high).
 */
export function noncentralTNoncentrality(t: number, options: { df: number; p: number }): number {
  const { df, p } = options;
  if (!Number.isFinite(t)) refuse("non-finite", `t is ${t}; a noncentrality needs a finite statistic`);
  const f = (ncp: number) =>
    p <= 0.5
      ? Math.log(noncentralTLower(t, { df, ncp }) / p)
      : Math.log((1 - p) / noncentralTUpper(t, { df, ncp }));
  // T is nearly normal about its noncentrality with this deviation, so the end lies near; the bracket grows where it does not.
  const deviation = Math.hypot(1, t / Math.sqrt(2 * df));
  const guess = t * (1 - 1 / (4 * df)) - normalQuantile(p) * deviation;
  return findRoot(f, growBracket(f, { guess, step: deviation / 8 }));
}
