// The slope of a metric on a factor within the combinations of the other factors: one slope, an intercept a combination. What the
// other factors do to the level of the metric then neither widens the interval nor, where cells differ in size, bends the line.
import { studentTTwoSided, studentTUpperQuantile } from "./distribution/student-t.ts";
import type { Estimate, TestResult } from "./estimate.ts";
import { isNoise } from "./moments.ts";
import { refuse } from "./refusal.ts";

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

/**
 * Analysis of covariance without interaction: with deviations from the means of each stratum, b = Sxy / Sxx, the residual variance
 * s^2 = (Syy - b Sxy) / df on df = N - strata - 1, se(b) = s / sqrt(Sxx). With one stratum it is ordinary least squares.
 * Source: Snedecor and Cochran (1980), Statistical Methods, 7th ed., section 18.
 *
 * @throws StatisticsRefusal with fewer than one residual degree of freedom, or where x or the residuals do not vary.
 */
export function commonSlope(
  points: readonly { readonly x: number; readonly y: number; readonly stratum: string }[],
  level: number,
): CommonSlope {
  const strata = new Map<string, { readonly x: number; readonly y: number }[]>();
  for (const point of points) {
    const own = strata.get(point.stratum);
    if (own === undefined) strata.set(point.stratum, [point]);
    else own.push(point);
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
    const meanX = own.reduce((sum, { x }) => sum + x, 0) / own.length;
    const meanY = own.reduce((sum, { y }) => sum + y, 0) / own.length;
    for (const { x, y } of own) {
      sxx += (x - meanX) ** 2;
      sxy += (x - meanX) * (y - meanY);
      syy += (y - meanY) ** 2;
    }
  }
  if (!(sxx > 0)) refuse("no-variation", "the factor does not vary within any combination of the others");
  const slope = sxy / sxx;
  const residualSd = Math.sqrt(Math.max(0, syy - slope * sxy) / df);
  if (isNoise(residualSd, Math.sqrt(syy / points.length)))
    refuse("no-variation", "the points lie on parallel lines exactly");
  const standardError = residualSd / Math.sqrt(sxx);
  const t = slope / standardError;
  const reach = studentTUpperQuantile((1 - level) / 2, df);
  const meanX = points.reduce((sum, { x }) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, { y }) => sum + y, 0) / points.length;
  return {
    estimate: {
      value: slope,
      low: slope - reach * standardError,
      high: slope + reach * standardError,
      level,
      method: "least squares within strata, t interval",
      n: points.length,
      standardError,
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
    intercept: meanY - slope * meanX,
    fitAt(x) {
      const y = meanY + slope * (x - meanX);
      const half = reach * residualSd * Math.sqrt(1 / points.length + (x - meanX) ** 2 / sxx);
      return { y, low: y - half, high: y + half };
    },
  };
}
