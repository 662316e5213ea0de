// The beta distribution: both tails and quantiles. Clopper-Pearson limits and F quantiles come from here.
import { findRoot } from "./find-root.ts";
import { incompleteBeta } from "./incomplete-beta.ts";
import { guessBeta } from "./jstat.ts";
import { betaPower } from "./saddle-point.ts";

/** P(X <= x) for a beta(a, b) variable, x in [0, 1]. */
export function betaLower(x: number, shape: { a: number; b: number }): number {
  return incompleteBeta({ ...shape, x, y: 1 - x }).lower;
}

/** P(X > x), computed as a tail. */
export function betaUpper(x: number, shape: { a: number; b: number }): number {
  return incompleteBeta({ ...shape, x, y: 1 - x }).upper;
}

/** The odds x/(1-x) of the point with P(X <= x) = p; odds keep both ends of [0, 1] exact. */
export function betaOddsQuantile(options: {
  p: number;
  tail: "lower" | "upper";
  a: number;
  b: number;
}): number {
  const { p, tail, a, b } = options;
  const f = (u: number) => {
    const odds = Math.exp(u);
    const tails = incompleteBeta({ a, b, x: odds / (1 + odds), y: 1 / (1 + odds) });
    // The smaller of the two requested sides is compared on a log scale.
    if (p <= 0.5)
      return tail === "lower" ? Math.log(tails.lower) - Math.log(p) : Math.log(p) - Math.log(tails.upper);
    return tail === "lower" ? Math.log1p(-p) - Math.log(tails.upper) : Math.log(tails.lower) - Math.log1p(-p);
  };
  const lower = tail === "lower" ? p : 1 - p;
  if (lower >= 1e-6 && lower <= 1 - 1e-6 && a >= 0.5 && b >= 0.5 && a <= 1000 && b <= 1000) {
    const guess = guessBeta(lower, { a, b });
    if (guess > 1e-3 && guess < 1 - 1e-3) {
      const u = newton(guess, options);
      if (u !== undefined) return u;
    }
  }
  return Math.exp(findRoot(f, bracketOf(f)));
}

/** The x with P(X <= x) = p. */
export function betaQuantile(p: number, shape: { a: number; b: number }): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  const odds = betaOddsQuantile({ p, tail: "lower", ...shape });
  return odds === Number.POSITIVE_INFINITY ? 1 : odds / (1 + odds);
}

function newton(
  start: number,
  { p, tail, a, b }: { p: number; tail: "lower" | "upper"; a: number; b: number },
): number | undefined {
  let x = start;
  for (let i = 0; i < 6; i += 1) {
    const y = 1 - x;
    const tails = incompleteBeta({ a, b, x, y });
    const gap = tail === "lower" ? tails.lower - p : p - tails.upper;
    const step = (gap * x * y) / betaPower({ a, b, x, y });
    x -= step;
    if (!(x > 0 && x < 1)) return undefined;
    if (Math.abs(step) <= 1e-9 * Math.min(x, 1 - x)) return x / (1 - x);
  }
  return undefined;
}

function bracketOf(f: (u: number) => number): { low: number; high: number } {
  let low = -1;
  let high = 1;
  while (f(low) > 0 && low > -740) low = Math.max(-740, low * 1.6);
  while (f(high) < 0 && high < 709) high = Math.min(709, high * 1.6);
  return { low, high };
}
