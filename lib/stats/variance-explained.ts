// Shares of variance from an F test: eta, omega and epsilon squared, whole and partial, and Cohen's f,
// with noncentral-F intervals (Steiger 2004). Omega and epsilon squared are cut off at 0, as reports print them.
import { noncentralFNoncentrality } from "./distribution/noncentral-f.ts";
import type { Estimate } from "./estimate.ts";
import { assertOpenUnit, refuse } from "./refusal.ts";

/** Which estimate of the share of variance. */
export type VarianceShare = "eta-squared" | "omega-squared" | "epsilon-squared";

/** One row of an analysis-of-variance table, with the residual row. */
export interface VarianceRow {
  readonly sumOfSquares: number;
  readonly df: number;
  readonly residualSumOfSquares: number;
  readonly residualDf: number;
  /** Sum of squares of all rows; give it for the whole (not partial) share. */
  readonly totalSumOfSquares?: number;
  /** Number of observations. */
  readonly n: number;
}

/** Options of varianceShare. */
export interface VarianceShareOptions {
  readonly kind: VarianceShare;
  readonly row: VarianceRow;
  readonly level?: number;
  /** "greater" (default in much software) leaves the upper end at 1. */
  readonly alternative?: "two-sided" | "greater";
}

/**
 * The share of variance that a term explains, with its interval: the F that belongs to the estimate is inverted in its
 * noncentrality, as R's effectsize does. Partial when `totalSumOfSquares` is left out.
 */
export function varianceShare(options: VarianceShareOptions): Estimate {
  const { kind, row, level = 0.95, alternative = "two-sided" } = options;
  assertOpenUnit(level, "level");
  if (!(row.residualSumOfSquares > 0) || row.residualDf < 1)
    refuse("no-variation", "there is no residual variation; a share of variance needs some");
  const value = Math.max(0, shareOf(kind, row));
  const ends = shareInterval(value, { df1: row.df, df2: row.residualDf, level, alternative });
  const partial = row.totalSumOfSquares === undefined ? "partial " : "";
  return {
    value,
    ...ends,
    level,
    method: `${partial}${kind.replace("-", " ")} with noncentral F interval`,
    n: row.n,
  };
}

/** Cohen's f = sqrt(eta2/(1 - eta2)) with its interval, from the same F. */
export function cohensF(options: Omit<VarianceShareOptions, "kind">): Estimate {
  const eta = varianceShare({ ...options, kind: "eta-squared" });
  const f = (share: number) => (share >= 1 ? Number.POSITIVE_INFINITY : Math.sqrt(share / (1 - share)));
  return {
    ...eta,
    value: f(eta.value),
    low: f(eta.low),
    high: f(eta.high),
    method: `Cohen's f from ${eta.method}`,
  };
}

function shareOf(kind: VarianceShare, row: VarianceRow): number {
  const meanSquare = row.residualSumOfSquares / row.residualDf;
  const excess = row.sumOfSquares - row.df * meanSquare;
  const whole = row.totalSumOfSquares;
  const part = row.sumOfSquares + row.residualSumOfSquares;
  if (kind === "eta-squared") return row.sumOfSquares / (whole ?? part);
  if (kind === "epsilon-squared") return excess / (whole ?? part);
  return whole === undefined
    ? excess / (row.sumOfSquares + (row.n - row.df) * meanSquare)
    : excess / (whole + meanSquare);
}

function shareInterval(
  value: number,
  options: { df1: number; df2: number; level: number; alternative: "two-sided" | "greater" },
): { low: number; high: number } {
  const { df1, df2, level, alternative } = options;
  const f = value >= 1 ? Number.POSITIVE_INFINITY : value / df1 / ((1 - value) / df2);
  if (!Number.isFinite(f)) return { low: 1, high: 1 };
  const tail = alternative === "greater" ? 1 - level : (1 - level) / 2;
  const share = (ncp: number) => ncp / (ncp + df2);
  return {
    low: share(noncentralFNoncentrality(f, { df1, df2, p: 1 - tail })),
    high: alternative === "greater" ? 1 : share(noncentralFNoncentrality(f, { df1, df2, p: tail })),
  };
}
