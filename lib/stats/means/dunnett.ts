// Dunnett's comparisons of several groups with one baseline: the multivariate t of all contrasts, by two nested integrals
// (over the shared baseline and over the scale). Positive terms only, so small p values keep their digits.

import { logScaleDensity, scaleSpacing } from "../distribution/chi-scale.ts";
import { findRoot, growBracket } from "../distribution/find-root.ts";
import { logIntegral } from "../distribution/log-concave-integral.ts";
import { logNormalUpper } from "../distribution/normal-log.ts";
import type { Alternative } from "../estimate.ts";
import { type Groups, groupMoments } from "../groups.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";
import { betweenAndWithin } from "./anova.ts";
import type { PairwiseDifference } from "./pairwise.ts";

/** Options of dunnett. */
export interface DunnettOptions {
  readonly level?: number;
  /** "greater": the group lies above the baseline. Default two-sided. */
  readonly alternative?: Alternative;
}

/**
 * Dunnett's test (1955) of each group against the first one, the baseline; equal variances. `statistic` is t,
 * `difference` is group minus baseline, intervals are simultaneous.
 * @param groups the baseline first, then one or more groups
 * @throws StatisticsRefusal when no group varies
 */
export function dunnett(groups: Groups, options: DunnettOptions = {}): PairwiseDifference[] {
  const { level = 0.95, alternative = "two-sided" } = options;
  assertOpenUnit(level, "level");
  const { within, scale, total, k } = betweenAndWithin(groups);
  const df = total - k;
  const deviation = scale * Math.sqrt(within / df);
  const sizes = groups.map((group) => group.length);
  // Contrasts i and j correlate as lambda_i lambda_j.
  const loadings = sizes.slice(1).map((n) => Math.sqrt(n / (n + sizes[0]!)));
  const twoSided = alternative === "two-sided";
  const tail = (d: number) => dunnettUpper(d, { loadings, df, twoSided });
  const critical = criticalOf(tail, 1 - level);
  const moments = groupMoments(groups);
  return moments.slice(1).map((group, i) => {
    const difference = group.offset - moments[0]!.offset;
    const standardError = deviation * Math.sqrt(1 / group.n + 1 / sizes[0]!);
    const t = difference / standardError;
    const reach = critical * standardError;
    return {
      first: 0,
      second: i + 1,
      method: `Dunnett's test against the baseline (${alternative})`,
      statistic: t,
      adjustedP: tail(twoSided ? Math.abs(t) : alternative === "greater" ? t : -t),
      difference,
      low: alternative === "less" ? Number.NEGATIVE_INFINITY : difference - reach,
      high: alternative === "greater" ? Number.POSITIVE_INFINITY : difference + reach,
      level,
      standardError,
      df,
    };
  });
}

/**
 * P(max T_i > d), or P(max |T_i| > d), for contrasts with correlations lambda_i lambda_j and a common scale of df.
 * @param shape.loadings lambda_i in [0, 1)
 */
export function dunnettUpper(
  d: number,
  shape: { loadings: readonly number[]; df: number; twoSided: boolean },
): number {
  const { loadings, df, twoSided } = shape;
  if (twoSided && d <= 0) return 1;
  const density = logScaleDensity(df);
  const logF = (u: number) => density(u) + logAtScale(d * Math.exp(u), { loadings, twoSided });
  const spacing = Math.min(0.1, scaleSpacing(df), 0.3 / (1 + Math.abs(d)));
  return Math.min(1, Math.exp(logIntegral(logF, { guess: 0, spacing })));
}

/**
 * The critical value of all contrasts together: the d that max T_i, or max |T_i|, exceeds with probability 1 - level.
 *
 * @param shape.loadings lambda_i in [0, 1), as correlations are lambda_i lambda_j: sqrt(n_i / (n_i + n_0)) for groups against a baseline.
 * @example dunnettCritical({ loadings: [0.7071, 0.7071, 0.7071], df: 20, twoSided: true, level: 0.95 }) // 2.5403
 */
export function dunnettCritical(shape: {
  readonly loadings: readonly number[];
  readonly df: number;
  readonly twoSided: boolean;
  readonly level: number;
}): number {
  assertOpenUnit(shape.level, "level");
  return criticalOf((d) => dunnettUpper(d, shape), 1 - shape.level);
}

/**
 * Each group against the first one without pooling variances: contrasts with HC3 errors of the cell means, judged by the largest t of
 * all at once (Hothorn, Bretz and Westfall 2008). Intervals are simultaneous and belong to the p values.
 *
 * @param groups the baseline first, then one or more groups, each of two values or more.
 * @throws StatisticsRefusal when a group does not vary.
 */
export function dunnettUnequal(groups: Groups, options: DunnettOptions = {}): PairwiseDifference[] {
  const { level = 0.95, alternative = "two-sided" } = options;
  assertOpenUnit(level, "level");
  const moments = groupMoments(groups);
  if (moments.some(({ sd }) => !(sd > 0)))
    refuse("no-variation", "a group does not vary; its error cannot be told from 0");
  // HC3 of a cell mean: squared residuals over (1 - 1/n)^2, over n^2.
  const variances = moments.map(({ sd, n }) => sd ** 2 / (n - 1));
  const [base = 0] = variances;
  const df = moments.reduce((sum, { n }) => sum + n, 0) - moments.length;
  const shape = {
    loadings: variances.slice(1).map((variance) => Math.sqrt(base / (base + variance))),
    df,
    twoSided: alternative === "two-sided",
  };
  const critical = dunnettCritical({ ...shape, level });
  return moments.slice(1).map((group, i) => {
    const difference = group.offset - moments[0]!.offset;
    const standardError = Math.sqrt(base + variances[i + 1]!);
    const t = difference / standardError;
    const reach = critical * standardError;
    return {
      first: 0,
      second: i + 1,
      method: `contrasts against the baseline with HC3 errors, largest t of all (${alternative})`,
      statistic: t,
      adjustedP: dunnettUpper(shape.twoSided ? Math.abs(t) : alternative === "greater" ? t : -t, shape),
      difference,
      low: alternative === "less" ? Number.NEGATIVE_INFINITY : difference - reach,
      high: alternative === "greater" ? Number.POSITIVE_INFINITY : difference + reach,
      level,
      standardError,
      df,
    };
  });
}

// ln int phi(z) { 1 - prod_i P(contrast i stays inside | z) } dz, for contrasts lambda_i z + sqrt(1 - lambda_i^2) e_i.
function logAtScale(bound: number, shape: { loadings: readonly number[]; twoSided: boolean }): number {
  const { loadings, twoSided } = shape;
  // Contrasts that are nearly the same turn from inside to outside within sqrt(1 - lambda^2).
  const h = Math.min(0.12, 0.3 * Math.sqrt(1 - Math.max(...loadings) ** 2));
  const reach = 9 + Math.min(60, Math.abs(bound));
  const logs: number[] = [];
  let largest = Number.NEGATIVE_INFINITY;
  for (let z = -reach; z <= reach; z += h) {
    let logInside = 0;
    let logOutside = Number.NEGATIVE_INFINITY;
    for (const loading of loadings) {
      const rest = Math.sqrt(1 - loading * loading);
      const above = logNormalUpper((bound - loading * z) / rest);
      const below = twoSided ? logNormalUpper((bound + loading * z) / rest) : Number.NEGATIVE_INFINITY;
      logInside += Math.log1p(-Math.min(1, Math.exp(above) + Math.exp(below)));
      logOutside = Math.max(logOutside, above, below);
    }
    // Below 1e-290 the product is 1 minus a sum that doubles cannot hold; its largest term stands for it (times the count).
    const log = logOutside > -650 ? Math.log(-Math.expm1(logInside)) : logOutside + Math.log(loadings.length);
    const value = log - 0.5 * z * z - 0.9189385332046727;
    logs.push(value);
    largest = Math.max(largest, value);
  }
  let sum = 0;
  for (const value of logs) sum += Math.exp(value - largest);
  return largest + Math.log(sum * h);
}

function criticalOf(tail: (d: number) => number, p: number): number {
  const f = (d: number) => Math.log(tail(d) / p);
  return findRoot(f, growBracket(f, { guess: 2.2, step: 0.5 }));
}
