// Power of two one-sided tests of equivalence: how often an estimate with its standard error lands wholly inside the margin.

import { chiSquaredLower, chiSquaredQuantile } from "../distribution/chi-squared.ts";
import { normalLower, normalUpperQuantile } from "../distribution/normal.ts";
import { studentTUpperQuantile } from "../distribution/student-t.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";

export interface EquivalencePower {
  /** The margin, above 0, and the true difference, in one unit. */
  readonly margin: number;
  readonly difference: number;
  /** True standard error of the estimate. */
  readonly standardError: number;
  /** Of the estimated standard error; Infinity where it is known. */
  readonly df: number;
  /** Of each one-sided test; default 0.05. */
  readonly alpha?: number;
}

/** Points of the estimated standard error's distribution, each as probable. */
const points = 400;

/**
 * Power of the t tests of Schuirmann (1987): the probability, over the estimated standard error s, that |estimate| < margin - t s. By the
 * midpoint rule over quantiles of s; for a known s in closed form.
 *
 * @throws StatisticsRefusal for a margin that is not above 0.
 * @example powerEquivalence({ margin: 1, difference: 0, standardError: 0.3, df: 38 }) // 0.897
 */
export function powerEquivalence(options: EquivalencePower): number {
  const { margin, difference, standardError, df, alpha = 0.05 } = options;
  assertOpenUnit(alpha, "alpha");
  if (!(margin > 0)) refuse("bad-option", `the margin is ${margin}; it must be above 0`);
  const inside = (reach: number): number =>
    reach <= 0
      ? 0
      : normalLower((reach - difference) / standardError) -
        normalLower((-reach - difference) / standardError);
  if (!Number.isFinite(df)) return inside(margin - normalUpperQuantile(alpha) * standardError);
  const t = studentTUpperQuantile(alpha, df);
  // Above this share the standard error is too large for any estimate to be inside.
  const most = chiSquaredLower(df * (margin / t / standardError) ** 2, df);
  let sum = 0;
  for (let i = 0; i < points; i += 1) {
    const share = (most * (i + 0.5)) / points;
    if (share <= 0 || share >= 1) continue;
    const s = standardError * Math.sqrt(chiSquaredQuantile(share, df) / df);
    sum += inside(margin - t * s);
  }
  return (most * sum) / points;
}
