// The regularised incomplete gamma function, both tails at once: chi-squared and Poisson tails are this one.
// Series below the mean, continued fraction above it, so that the smaller side is always the one computed.
import type { Tails } from "./incomplete-beta.ts";
import { deviance, stirlingError } from "./saddle-point.ts";

/** P(a, x) and Q(a, x) for a > 0, x >= 0; relative error of the smaller one about 1e-13 for a up to 1e8. */
export function incompleteGamma(options: { a: number; x: number }): Tails {
  const { a, x } = options;
  if (x <= 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  // x^a e^-x / Gamma(a)
  const power = Math.sqrt(a / (2 * Math.PI)) * Math.exp(-stirlingError(a) - deviance(a, x));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; n < 1_000_000; n += 1) {
      term *= x / (a + n);
      sum += term;
      if (term < sum * 1e-17) break;
    }
    const lower = Math.min(1, power * sum);
    return { lower, upper: 1 - lower };
  }
  const upper = Math.min(1, power * continuedFraction(a, x));
  return { lower: 1 - upper, upper };
}

// Lentz's evaluation of Legendre's continued fraction (Numerical Recipes, section 6.2).
function continuedFraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 1_000_000; i += 1) {
    const an = -i * (i - a);
    b += 2;
    d = an * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + an / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    const delta = d * c;
    h *= delta;
    if (Math.abs(delta - 1) < 1e-16) break;
  }
  return h;
}
