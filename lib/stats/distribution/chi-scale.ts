// The density of u = ln(chi_df / sqrt(df)), the random scale inside every studentized statistic.
// In u it is smooth and falls off on both sides, which is what the trapezoidal rule wants.
import { stirlingError } from "./saddle-point.ts";

/** ln of the density of u = ln(s), s = sqrt(chi2_df / df), as a function of u. */
export function logScaleDensity(df: number): (u: number) => number {
  // ln f = ln 2 + (df/2) ln(df/2) - lnGamma(df/2) + df u - df e^{2u}/2, with Stirling's terms cancelled by hand.
  const half = df / 2;
  const constant = Math.LN2 + 0.5 * Math.log(half / (2 * Math.PI)) - stirlingError(half);
  return (u) => constant - half * Math.expm1(2 * u) + df * u;
}

/** Node distance that resolves the density to 1e-16: its Fourier transform decays like exp(-pi^2/(2h)), later like a Gaussian. */
export function scaleSpacing(df: number): number {
  return Math.min(0.12, 0.42 / Math.sqrt(df));
}
