// Chi-squared: both tails and quantiles, for any df > 0 up to 1e8. Tails are tails, never 1 - cdf.
import { findRoot, growBracket } from "./find-root.ts";
import { gammaLower, gammaUpper } from "./gamma.ts";
import { incompleteGamma } from "./incomplete-gamma.ts";
import { guessChiSquared } from "./jstat.ts";

/** P(X > x) for a chi-squared variable with df degrees of freedom. */
export function chiSquaredUpper(x: number, df: number): number {
  return gammaUpper(x / 2, df / 2);
}

/** P(X <= x). */
export function chiSquaredLower(x: number, df: number): number {
  return gammaLower(x / 2, df / 2);
}

/** The x with P(X <= x) = p (or, with tail "upper", P(X > x) = p), for p in (0, 1). */
export function chiSquaredQuantile(p: number, df: number, tail: "lower" | "upper" = "lower"): number {
  const f = (u: number) => {
    const { lower, upper } = incompleteGamma({ a: df / 2, x: Math.exp(u) / 2 });
    if (tail === "lower") return p <= 0.5 ? Math.log(lower / p) : Math.log((1 - p) / upper);
    return p <= 0.5 ? Math.log(p / upper) : Math.log(lower / (1 - p));
  };
  const lower = tail === "lower" ? p : 1 - p;
  const inside = lower >= 1e-6 && lower <= 1 - 1e-6 && df >= 0.5 && df <= 1e6;
  const guess = inside ? Math.log(guessChiSquared(lower, df)) : Math.log(df);
  const step = inside ? 1e-10 : 0.5;
  return Math.exp(findRoot(f, growBracket(f, { guess, step, floor: -740, ceiling: 700 })));
}
