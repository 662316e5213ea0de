// The slope of a metric on a factor within the combinations of the other factors: one slope, an intercept a combination. What the
// other factors do to the level of the metric then neither widens the interval nor, where cells differ in size, bends the line.
import { studentTTwoSided, studentTUpperQuantile } from "./distribution/student-t.ts";
import type { Estimate, TestResult } from "./estimate.ts";
import { tBounds } from "./interval-of.ts";
import { isNoise, momentsOf, unitOf } from "./moments.ts";
import { assertOpenUnit, refuse } from "./refusal.ts";

export interface CommonSlope {
  readonly estimate: Estimate;
  readonly test: TestResult;
  /** Share of the variation within strata that the line explains. */
  readonly rSquared: number;
  /** Of the average line over strata, each weighted by its trials. */
  readonly intercept: number;
  /** The average line with its pointwise interval at `x`. */
  fitAt(x: number): { readonly y: number; readonly low: number; readonly high: number };
}

/** One observation, in its stratum. */
export interface StratifiedPoint {
  readonly x: number;
  readonly y: number;
  readonly stratum: string;
}

/**
 * Analysis of covariance without interaction: with deviations from the means of each stratum, b = Sxy / Sxx, the residual variance
 * s^2 = (Syy - b Sxy) / df on df = N - strata - 1, se(b) = s / sqrt(Sxx). With one stratum it is ordinary least squares.
 * Source: Snedecor and Cochran (1980), Statistical Methods, 7th ed., section 18.
 *
 * @param options level in (0, 1), default 0.95.
 * @throws StatisticsRefusal with fewer than one residual degree of freedom, where a value is not finite, or where x or the residuals
 * do not vary.
 * @example
 * commonSlope([
 *   { x: 0, y: 0, stratum: "a" }, { x: 1, y: 1, stratum: "a" }, { x: 2, y: 3, stratum: "a" },
 *   { x: 0, y: 5, stratum: "b" }, { x: 1, y: 7, stratum: "b" }, { x: 2, y: 8, stratum: "b" },
 * ]).estimate.value  // 1.5
 */
export function commonSlope(
  points: readonly StratifiedPoint[],
  options: { readonly level?: number } = {},
): CommonSlope {
  const { level = 0.95 } = options;
  assertOpenUnit(level, "level");
  const x = momentsOf(points.map((point) => point.x));
  const y = momentsOf(points.map((point) => point.y));
  if (points.length > 0 && !Number.isFinite(x.mean + y.mean)) refuse("non-finite", "a point is not finite");
  const units = { x: unitOf(x.sd), y: unitOf(y.sd) };
  const { sxx, sxy, syy, df } = sumsWithin(points, units);
  const slope = sxy / sxx;
  const residualSd = Math.sqrt(Math.max(0, syy - slope * sxy) / df);
  if (isNoise(residualSd, Math.sqrt(syy / points.length)))
    refuse("no-variation", "the points lie on parallel lines exactly");
  const standardError = residualSd / Math.sqrt(sxx);
  const t = slope / standardError;
  const ratio = units.y / units.x;
  const scaled = { value: slope * ratio, standardError: standardError * ratio };
  const reach = studentTUpperQuantile((1 - level) / 2, df);
  return {
    estimate: {
      ...scaled,
      ...tBounds({ ...scaled, df, level, alternative: "two-sided" }),
      level,
      method: "least squares within strata, t interval",
      n: points.length,
    },
    test: {
      method: "t test of the slope common to all strata",
      symbol: "t",
      statistic: t,
      df: [df],
      p: studentTTwoSided(t, df),
      alternative: "two-sided",
      n: [points.length],
    },
    rSquared: (slope * sxy) / syy,
    intercept: y.mean - scaled.value * x.mean,
    fitAt(at) {
      const away = (at - x.mean) / units.x;
      const height = y.mean + scaled.value * (at - x.mean);
      const half = reach * residualSd * Math.sqrt(1 / points.length + away ** 2 / sxx) * units.y;
      return { y: height, low: height - half, high: height + half };
    },
  };
}

/** Sums of squares and products about the means of each stratum, in the given units, and the degrees of freedom left. */
function sumsWithin(points: readonly StratifiedPoint[], units: { readonly x: number; readonly y: number }) {
  const strata = new Map<string, { readonly x: number[]; readonly y: number[] }>();
  for (const { x, y, stratum } of points) {
    const own = strata.get(stratum) ?? { x: [], y: [] };
    if (own.x.length === 0) strata.set(stratum, own);
    own.x.push(x);
    own.y.push(y);
  }
  const df = points.length - strata.size - 1;
  if (df < 1)
    refuse(
      "too-few",
      `${points.length} trials leave no degrees of freedom for ${strata.size + 1} coefficients`,
    );
  let sxx = 0;
  let sxy = 0;
  let syy = 0;
  for (const own of strata.values()) {
    const x = momentsOf(own.x);
    const y = momentsOf(own.y);
    for (let i = 0; i < own.x.length; i += 1) {
      const dx = (own.x[i]! - x.origin - x.offset) / units.x;
      const dy = (own.y[i]! - y.origin - y.offset) / units.y;
      sxx += dx * dx;
      sxy += dx * dy;
      syy += dy * dy;
    }
  }
  if (!(sxx > 0)) refuse("no-variation", "the factor does not vary within any combination of the others");
  return { sxx, sxy, syy, df };
}
