// Standardised mean differences with noncentral-t intervals: Cohen's d (pooled, average, paired), Hedges' g, Glass's delta.
// The interval inverts the noncentral t exactly; R's effectsize solves the same equation by Nelder-Mead.

import { noncentralTNoncentrality } from "../distribution/noncentral-t.ts";
import { logGamma } from "../distribution/saddle-point.ts";
import type { Estimate } from "../estimate.ts";
import { differenceParts, pairedDifferences } from "../means/t-test.ts";
import { momentsOf } from "../moments.ts";
import { assertOpenUnit, assertSample, refuse } from "../refusal.ts";

/** Which standard deviation divides the difference of means. */
export type Standardizer =
  /** Pooled sd of both samples. */
  | "pooled"
  /** sqrt((sd_x^2 + sd_y^2)/2), for unequal variances. */
  | "average"
  /** sd of y, the control group: Glass's delta. */
  | "control"
  /** sd of the paired differences: d_z. */
  | "paired";

/** Options of standardizedDifference. */
export interface StandardizedDifferenceOptions {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Default "pooled". */
  readonly standardizer?: Standardizer;
  /** Hedges' exact small-sample correction; default false. */
  readonly corrected?: boolean;
  readonly level?: number;
}

/**
 * A standardised difference of means, in standard deviations.
 * Sources: Cohen (1988); Hedges (1981) with the exact gamma correction; Glass (1976); Delacre et al. (2021) for "average".
 * @throws StatisticsRefusal when the standardizer is zero
 * @example standardizedDifference({ x: [3, 4, 5], y: [1, 2, 3], corrected: true }).value // Hedges' g
 */
export function standardizedDifference(options: StandardizedDifferenceOptions): Estimate {
  const { x, y, standardizer = "pooled", corrected = false, level = 0.95 } = options;
  assertOpenUnit(level, "level");
  const { d, scale, df, n } = standardizedParts({ x, y, standardizer });
  const factor = corrected ? hedgesFactor(df) : 1;
  const t = d / scale;
  return {
    value: d * factor,
    low: noncentralTNoncentrality(t, { df, p: (1 + level) / 2 }) * scale * factor,
    high: noncentralTNoncentrality(t, { df, p: (1 - level) / 2 }) * scale * factor,
    level,
    method: `${nameOf(standardizer, corrected)} with noncentral t interval`,
    n,
  };
}

/** Cohen's d with the pooled standard deviation. */
export function cohensD(options: { x: readonly number[]; y: readonly number[]; level?: number }): Estimate {
  return standardizedDifference(options);
}

/** Hedges' g: Cohen's d with the exact small-sample correction. */
export function hedgesG(options: { x: readonly number[]; y: readonly number[]; level?: number }): Estimate {
  return standardizedDifference({ ...options, corrected: true });
}

/**
 * Hedges' factor J = Gamma(df/2) / (sqrt(df/2) Gamma((df-1)/2)), from 0.56 at 2 degrees of freedom towards 1. Below 2 (Welch's may be) it goes to 0
 * and would call any difference none, with an interval as narrow.
 *
 * @throws StatisticsRefusal below 2 degrees of freedom.
 */
export function hedgesFactor(df: number): number {
  if (!(df >= 2)) refuse("too-few", `Hedges' correction needs 2 degrees of freedom or more; there are ${df}`);
  return Math.exp(logGamma(df / 2) - 0.5 * Math.log(df / 2) - logGamma((df - 1) / 2));
}

/** d, the factor from noncentrality to d, the degrees of freedom and n behind a standardised difference. */
export function standardizedParts(options: {
  x: readonly number[];
  y: readonly number[];
  standardizer: Standardizer;
}): {
  d: number;
  scale: number;
  df: number;
  n: number;
} {
  const { x, y, standardizer } = options;
  if (standardizer === "paired") {
    const { mean, sd, n } = momentsOf(pairedDifferences({ x, y }));
    return { d: mean / sd, scale: Math.sqrt(1 / n), df: n - 1, n };
  }
  assertSample(x, { name: "sample x", least: 2 });
  assertSample(y, { name: "sample y", least: 2 });
  const parts = differenceParts({ x, y }, standardizer === "pooled" ? "pooled" : "unequal");
  const n1 = parts.x.n;
  const n2 = parts.y.n;
  const n = n1 + n2;
  const largest = Math.max(parts.x.sd, parts.y.sd);
  const v1 = (parts.x.sd / largest) ** 2;
  const v2 = (parts.y.sd / largest) ** 2;
  if (standardizer === "control") {
    if (parts.y.sd === 0)
      refuse("no-variation", "the control sample does not vary; Glass's delta divides by its sd");
    return { d: parts.difference / parts.y.sd, scale: Math.sqrt(1 / n2 + v1 / (n1 * v2)), df: n2 - 1, n };
  }
  if (standardizer === "average")
    return {
      d: parts.difference / (largest * Math.sqrt((v1 + v2) / 2)),
      scale: Math.sqrt((2 * (n2 * v1 + n1 * v2)) / (n1 * n2 * (v1 + v2))),
      df: parts.df,
      n,
    };
  const pooled = largest * Math.sqrt(((n1 - 1) * v1 + (n2 - 1) * v2) / (n - 2));
  return { d: parts.difference / pooled, scale: Math.sqrt(1 / n1 + 1 / n2), df: parts.df, n };
}

function nameOf(standardizer: Standardizer, corrected: boolean): string {
  const kind = {
    pooled: "pooled sd",
    average: "average sd",
    control: "sd of the control sample",
    paired: "sd of the paired differences",
  }[standardizer];
  if (standardizer === "control" && !corrected) return `Glass's delta (${kind})`;
  return `${corrected ? "Hedges' g" : "Cohen's d"} (${kind})`;
}
