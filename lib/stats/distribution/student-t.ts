// Student's t: both tails and quantiles, for any df > 0 up to 1e15. Tails are tails, never 1 - cdf.
import { findRoot, growBracket } from "./find-root.ts";
import { incompleteBeta, logIncompleteBeta } from "./incomplete-beta.ts";
import { guessStudentT } from "./jstat.ts";
import { normalUpperQuantile } from "./normal.ts";
import { betaPower, logGamma } from "./saddle-point.ts";

/** P(T > t) for Student's t with df > 0 degrees of freedom. */
export function studentTUpper(t: number, df: number): number {
  if (t < 0) return 1 - studentTUpper(-t, df);
  if (t === 0) return 0.5;
  if (t > FAR) return Math.exp(logFarTail(t, df));
  const { x, y } = shares(t, df);
  const { lower } = incompleteBeta({ a: df / 2, b: 0.5, x, y });
  return 0.5 * lower;
}

/** P(T <= t). */
export function studentTLower(t: number, df: number): number {
  return studentTUpper(-t, df);
}

/** P(|T| > |t|), the two-sided p value. */
export function studentTTwoSided(t: number, df: number): number {
  return Math.min(1, 2 * studentTUpper(Math.abs(t), df));
}

/** log10 of P(|T| > |t|), also where the probability is below the smallest double (p < 1e-308). */
export function studentTTwoSidedLog10(t: number, df: number): number {
  const p = studentTTwoSided(t, df);
  if (Math.abs(t) > FAR) return (Math.LN2 + logFarTail(Math.abs(t), df)) / Math.LN10;
  return p > 1e-290 ? Math.log10(p) : logIncompleteBeta({ a: df / 2, b: 0.5, ...shares(t, df) }) / Math.LN10;
}

/** Density of Student's t. */
export function studentTDensity(t: number, df: number): number {
  const { x, y } = shares(t, df);
  if (t === 0) {
    const atOne = betaPower({ a: df / 2, b: 0.5, x: df / (df + 1), y: 1 / (df + 1) });
    return atOne * Math.exp(((df + 1) / 2) * Math.log1p(1 / df));
  }
  // x^a y^b / (B(a,b)) / |t| with a = df/2, b = 1/2 is the density of T at t.
  return betaPower({ a: df / 2, b: 0.5, x, y }) / Math.abs(t);
}

/** The t with P(T > t) = p, for p in (0, 1). */
export function studentTUpperQuantile(p: number, df: number): number {
  if (p === 0.5) return 0;
  if (p > 0.5) return -studentTUpperQuantile(1 - p, df);
  if (p >= 1e-12 && df >= 1 && df <= 1e6) {
    let t = -guessStudentT(p, df);
    if (Number.isFinite(t) && t > 0) {
      for (let i = 0; i < 6; i += 1) {
        const step = (studentTUpper(t, df) - p) / studentTDensity(t, df);
        t += step;
        if (Math.abs(step) <= 1e-9 * t) return t;
      }
    }
  }
  const f = (u: number) => Math.log(studentTUpper(Math.exp(u), df)) - Math.log(p);
  const guess = Math.log(Math.max(normalUpperQuantile(p), 1e-300));
  return Math.exp(findRoot(f, growBracket(f, { guess, step: 0.5, floor: -700, ceiling: 700 })));
}

/** The t with P(T <= t) = p. */
export function studentTQuantile(p: number, df: number): number {
  return -studentTUpperQuantile(p, df);
}

/** Beyond this t the tail is its leading power up to df/t^2, and t squared nears the largest double. */
const FAR = 1e120;

/** ln P(T > t) for t beyond FAR: x^a / (2 a B(a, 1/2)) with x = df/t^2, a = df/2. */
function logFarTail(t: number, df: number): number {
  const a = df / 2;
  const logBeta = logGamma(a) + logGamma(0.5) - logGamma(a + 0.5);
  return a * (Math.log(df) - 2 * Math.log(t)) - Math.log(2 * a) - logBeta;
}

function shares(t: number, df: number): { x: number; y: number } {
  const square = t * t;
  return { x: df / (df + square), y: square / (df + square) };
}
