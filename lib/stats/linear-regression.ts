// The straight line through (x, y): slope and intercept with t intervals, for the relation of a metric to a numeric factor.
// Both variables are centred before fitting, so NIST's Norris keeps 12 digits or more.
import { fUpper } from "./distribution/f.ts";
import type { Estimate } from "./estimate.ts";
import { tBounds } from "./interval-of.ts";
import { momentsOf } from "./moments.ts";
import { assertOpenUnit, assertSample, refuse } from "./refusal.ts";

/** A fitted line. */
export interface LinearRegression {
  readonly method: string;
  readonly slope: Estimate;
  readonly intercept: Estimate;
  /** Pearson's correlation of x and y. */
  readonly correlation: number;
  readonly rSquared: number;
  readonly residualSd: number;
  readonly df: number;
  /** F of the line against a constant. */
  readonly f: number;
  readonly p: number;
}

/** Fits y = intercept + slope x by least squares; x and y must vary and have one length of at least 3. */
export function linearRegression(options: {
  x: readonly number[];
  y: readonly number[];
  level?: number;
}): LinearRegression {
  const { x, y, level = 0.95 } = options;
  if (x.length !== y.length) refuse("unequal-lengths", `x has ${x.length} values and y has ${y.length}`);
  assertSample(x, { name: "x", least: 3 });
  assertSample(y, { name: "y", least: 3 });
  assertOpenUnit(level, "level");
  const mx = momentsOf(x);
  const my = momentsOf(y);
  if (mx.sd === 0) refuse("no-variation", "x does not vary; a line needs at least two different x");
  if (my.sd === 0) refuse("no-variation", "y does not vary; there is no relation to estimate");
  const n = x.length;
  const dx = x.map((value) => (value - mx.origin - mx.offset) / mx.sd);
  const dy = y.map((value) => (value - my.origin - my.offset) / my.sd);
  const correlation = dx.reduce((sum, value, i) => sum + value * dy[i]!, 0) / (n - 1);
  const scaledSlope = (correlation * (n - 1)) / dx.reduce((sum, value) => sum + value * value, 0);
  const residual = dx.reduce((sum, value, i) => sum + (dy[i]! - scaledSlope * value) ** 2, 0);
  const df = n - 2;
  if (!(residual > 1e-28 * n))
    refuse("no-variation", "all points lie on one line; there is no error to judge it by");
  const ratio = my.sd / mx.sd;
  const value = scaledSlope * ratio;
  const residualSd = my.sd * Math.sqrt(residual / df);
  const slopeError = residualSd / (mx.sd * Math.sqrt(n - 1));
  const interceptError = residualSd * Math.sqrt(1 / n + (mx.mean / mx.sd) ** 2 / (n - 1));
  const estimate = (point: number, standardError: number, name: string): Estimate => ({
    value: point,
    ...tBounds({ value: point, standardError, df, level, alternative: "two-sided" }),
    level,
    method: `${name} of a least-squares line with t interval`,
    n,
    standardError,
  });
  const f = (scaledSlope ** 2 * (n - 1)) / (residual / df);
  return {
    method: "least-squares line",
    slope: estimate(value, slopeError, "slope"),
    intercept: estimate(my.mean - value * mx.mean, interceptError, "intercept"),
    correlation,
    rSquared: 1 - residual / (n - 1),
    residualSd,
    df,
    f,
    p: fUpper(f, { df1: 1, df2: df }),
  };
}
