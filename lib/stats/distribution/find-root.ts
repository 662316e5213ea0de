// Brent's root finder with a bracket that grows by itself: every quantile and noncentrality here is one call of it.
// Source: R. P. Brent, "Algorithms for Minimization without Derivatives" (1973), chapter 4.
import { refuse } from "../refusal.ts";

/** A root of a continuous monotone function between low and high, to the last bits of a double. */
export function findRoot(f: (x: number) => number, bracket: { low: number; high: number }): number {
  let a = bracket.low;
  let b = bracket.high;
  let fa = f(a);
  let fb = f(b);
  if (fa === 0) return a;
  if (fb === 0) return b;
  if (fa > 0 === fb > 0)
    refuse(
      "not-estimable",
      `no solution between ${bracket.low} and ${bracket.high}: the equation does not change sign`,
    );
  let c = a;
  let fc = fa;
  let step = b - a;
  let before = step;
  for (let i = 0; i < 300; i += 1) {
    if (fb > 0 === fc > 0) {
      c = a;
      fc = fa;
      step = b - a;
      before = step;
    }
    if (Math.abs(fc) < Math.abs(fb)) {
      a = b;
      b = c;
      c = a;
      fa = fb;
      fb = fc;
      fc = fa;
    }
    const tolerance = 2 * Number.EPSILON * Math.abs(b);
    const half = (c - b) / 2;
    if (Math.abs(half) <= tolerance || fb === 0) return b;
    if (Math.abs(before) >= tolerance && Math.abs(fa) > Math.abs(fb)) {
      const s = fb / fa;
      let p: number;
      let q: number;
      if (a === c) {
        p = 2 * half * s;
        q = 1 - s;
      } else {
        const r = fb / fc;
        const t = fa / fc;
        p = s * (2 * half * t * (t - r) - (b - a) * (r - 1));
        q = (t - 1) * (r - 1) * (s - 1);
      }
      if (p > 0) q = -q;
      p = Math.abs(p);
      if (2 * p < Math.min(3 * half * q - Math.abs(tolerance * q), Math.abs(before * q))) {
        before = step;
        step = p / q;
      } else {
        step = half;
        before = step;
      }
    } else {
      step = half;
      before = step;
    }
    a = b;
    fa = fb;
    b += Math.abs(step) > tolerance ? step : Math.sign(half) * (tolerance || Number.MIN_VALUE);
    fb = f(b);
  }
  return b;
}

/** A bracket around a sign change, grown outwards from a guess within [floor, ceiling]. */
export function growBracket(
  f: (x: number) => number,
  start: { guess: number; step: number; floor?: number; ceiling?: number },
): { low: number; high: number } {
  const floor = start.floor ?? Number.NEGATIVE_INFINITY;
  const ceiling = start.ceiling ?? Number.POSITIVE_INFINITY;
  const sign = f(start.guess) > 0;
  let low = start.guess;
  let high = start.guess;
  let step = start.step;
  for (let i = 0; i < 1100; i += 1) {
    const nextLow = Math.max(floor, start.guess - step);
    if (nextLow < low) {
      if (f(nextLow) > 0 !== sign) return { low: nextLow, high: low };
      low = nextLow;
    }
    const nextHigh = Math.min(ceiling, start.guess + step);
    if (nextHigh > high) {
      if (f(nextHigh) > 0 !== sign) return { low: high, high: nextHigh };
      high = nextHigh;
    }
    step *= 2;
  }
  return { low, high };
}
