// From a bootstrap distribution to an interval: percentile, basic, BCa. Resampling itself is in bootstrap.ts.
// Source: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), chapters 13 and 14.
import { normalLower, normalQuantile } from "../distribution/normal.ts";
import { quantileSorted } from "../quantile.ts";
import { refuse } from "../refusal.ts";

/** Two ends of an interval. */
export interface Ends {
  readonly low: number;
  readonly high: number;
}

/** Percentile interval: the quantiles (type 7) of the sorted bootstrap distribution. */
export function percentileEnds(sorted: Float64Array, level: number): Ends {
  return { low: quantileSorted(sorted, (1 - level) / 2), high: quantileSorted(sorted, (1 + level) / 2) };
}

/** Basic (reverse percentile) interval: 2 theta - quantile. */
export function basicEnds(sorted: Float64Array, options: { theta: number; level: number }): Ends {
  const { low, high } = percentileEnds(sorted, options.level);
  return { low: 2 * options.theta - high, high: 2 * options.theta - low };
}

/** Bias correction z0 of a sorted bootstrap distribution; resamples equal to theta (up to a share of the range) count half. */
export function biasCorrection(sorted: Float64Array, theta: number, tieShare = 1e-12): number {
  let below = 0;
  let equal = 0;
  // A resample that is a rearrangement of the data has the same statistic up to the order of the sum.
  const slack = tieShare * (sorted[sorted.length - 1]! - sorted[0]!);
  for (const value of sorted) {
    if (value < theta - slack) below += 1;
    else if (value <= theta + slack) equal += 1;
    else break;
  }
  return normalQuantile((below + equal / 2) / sorted.length);
}

/** Acceleration from leave-one-out values (jackknife), Efron 1987 eq. 6.6. */
export function accelerationOf(leaveOneOut: Float64Array): number {
  let mean = 0;
  for (const value of leaveOneOut) mean += value / leaveOneOut.length;
  let scale = 0;
  for (const value of leaveOneOut) scale = Math.max(scale, Math.abs(mean - value));
  if (scale === 0) return 0;
  let squares = 0;
  let cubes = 0;
  for (const value of leaveOneOut) {
    const e = (mean - value) / scale;
    squares += e * e;
    cubes += e * e * e;
  }
  return cubes / (6 * squares ** 1.5);
}

/** Bias-corrected and accelerated interval (Efron 1987). */
export function bcaEnds(
  sorted: Float64Array,
  options: { theta: number; level: number; leaveOneOut: Float64Array; tieShare?: number },
): Ends & { readonly z0: number; readonly acceleration: number } {
  const z0 = biasCorrection(sorted, options.theta, options.tieShare);
  if (!Number.isFinite(z0))
    refuse(
      "not-estimable",
      "every resample lies on one side of the estimate, so BCa has no bias correction; use another interval",
    );
  const acceleration = accelerationOf(options.leaveOneOut);
  const at = (p: number) => {
    const z = z0 + normalQuantile(p);
    return quantileSorted(sorted, normalLower(z0 + z / (1 - acceleration * z)));
  };
  return { low: at((1 - options.level) / 2), high: at((1 + options.level) / 2), z0, acceleration };
}
