// The studentized range (Tukey's q): both tails and quantiles, for any df > 0 and k >= 2 means.
// Nested integration with positive terms only. R's ptukey and jstat follow AS 190 and are off by up to 25% at df 2-5.
import { logScaleDensity, scaleSpacing } from "./chi-scale.ts";
import { findRoot, growBracket } from "./find-root.ts";
import { logIntegral } from "./log-concave-integral.ts";
import { normalDensity, normalLower, normalUpper } from "./normal.ts";
import { logNormalUpper } from "./normal-log.ts";

/** Number of means k >= 2 and degrees of freedom of the standard error. */
export interface StudentizedRangeShape {
  readonly k: number;
  readonly df: number;
}

/** P(Q > q): the p value of a Tukey comparison. */
export function studentizedRangeUpper(q: number, { k, df }: StudentizedRangeShape): number {
  if (!(q > 0)) return 1;
  return Math.min(
    1,
    overScale(df, (s) => logRangeUpper(q * s, k)),
  );
}

/** P(Q <= q), computed as a tail. */
export function studentizedRangeLower(q: number, { k, df }: StudentizedRangeShape): number {
  if (!(q > 0)) return 0;
  return Math.min(
    1,
    overScale(df, (s) => Math.log(rangeLower(q * s, k))),
  );
}

/** The q with P(Q > q) = p. */
export function studentizedRangeUpperQuantile(p: number, shape: StudentizedRangeShape): number {
  const f = (u: number) => {
    const q = Math.exp(u);
    return p <= 0.5
      ? Math.log(studentizedRangeUpper(q, shape) / p)
      : Math.log((1 - p) / studentizedRangeLower(q, shape));
  };
  return Math.exp(findRoot(f, growBracket(f, { guess: 1.2, step: 0.4 })));
}

function overScale(df: number, logTail: (s: number) => number): number {
  if (df > 1e9) return Math.exp(logTail(1));
  const density = logScaleDensity(df);
  const logF = (u: number) => {
    const outer = density(u);
    return outer < -800 ? Number.NEGATIVE_INFINITY : outer + logTail(Math.exp(u));
  };
  return Math.exp(logIntegral(logF, { guess: 0, spacing: Math.min(0.1, scaleSpacing(df)) }));
}

// ln P(range of k normals > w), where the probability is
// k int phi(z) { Phi(z)^(k-1) - [Phi(z) - Phi(z-w)]^(k-1) } dz; for large w the integrand peaks at w/2.
function logRangeUpper(w: number, k: number): number {
  const h = spacingFor(k);
  let sum = 0;
  if (w > 20) {
    // Here Phi(z) is 1 up to 1e-23 around the peak; the factor exp(-w^2/4) is taken out before it underflows.
    for (let i = -Math.ceil(8.5 / h); i <= 8.5 / h; i += 1) {
      const z = w / 2 + i * h;
      sum += Math.exp((w * w) / 4 - 0.5 * z * z + logNormalUpper(w - z));
    }
    return Math.log((k * (k - 1) * h * sum) / Math.sqrt(2 * Math.PI)) - (w * w) / 4;
  }
  for (let i = -Math.ceil(8.5 / h); i <= 8.5 / h; i += 1) {
    const z = w / 2 + i * h;
    const below = normalLower(z);
    if (below === 0) continue;
    const gap = Math.min(normalLower(z - w), below);
    sum += normalDensity(z) * below ** (k - 1) * -Math.expm1((k - 1) * Math.log1p(-gap / below));
  }
  return Math.log(k * h * sum);
}

// P(range <= w) = k int phi(z) [Phi(z) - Phi(z-w)]^(k-1) dz, the difference taken on the side where it keeps its digits.
function rangeLower(w: number, k: number): number {
  const h = spacingFor(k);
  const centre = Math.min(w / 2, 3);
  let sum = 0;
  for (let i = -Math.ceil(8.5 / h); i <= 8.5 / h; i += 1) {
    const z = centre + i * h;
    const share = z > w / 2 ? normalUpper(z - w) - normalUpper(z) : normalLower(z) - normalLower(z - w);
    sum += normalDensity(z) * Math.max(0, share) ** (k - 1);
  }
  return Math.max(k * h * sum, Number.MIN_VALUE);
}

// The largest of many normals has a narrow density; the nodes follow it.
function spacingFor(k: number): number {
  return k > 12 ? 0.15 : 0.25;
}
