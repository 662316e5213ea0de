// The typed door to jstat. It is used only where it was measured right: as the first guess of t, beta and chi-squared
// quantiles in the middle of the distribution (relative error 4e-8, 7e-8, 1e-11), which Newton's step then finishes.
import jstat from "jstat";

/** First guess of a Student t quantile (lower tail p); right to 4e-8 for df 1..1e6 and p in [1e-12, 1 - 1e-12]. */
export function guessStudentT(p: number, df: number): number {
  return jstat.jStat.studentt.inv(p, df);
}

/** First guess of a chi-squared quantile (lower tail p); right to 1e-11 for df 0.5..1e6 and p in [1e-6, 1 - 1e-6]. */
export function guessChiSquared(p: number, df: number): number {
  return jstat.jStat.chisquare.inv(p, df);
}

/** First guess of a beta quantile (lower tail p); right to 7e-8 for a, b in 0.5..1000 and p in [1e-6, 1 - 1e-6]. */
export function guessBeta(p: number, options: { a: number; b: number }): number {
  return jstat.jStat.beta.inv(p, options.a, options.b);
}
