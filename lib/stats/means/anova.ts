// One-way analysis of variance: Fisher's F, Welch's F for unequal variances, and Brown-Forsythe's F* of means.
// Sums of squares are taken about a common origin and scaled: 10 digits of F on NIST SmLs01-06, 4 on 07-09.
import { fUpper } from "../distribution/f.ts";
import type { TestResult } from "../estimate.ts";
import { assertGroups, type Groups, groupMoments } from "../groups.ts";
import { isNoise } from "../moments.ts";
import { refuse } from "../refusal.ts";

/** A one-way analysis of variance with its table. */
export interface OneWayAnova extends TestResult {
  readonly symbol: "F";
  /** Sums of squares between and within groups. */
  readonly sumOfSquares: { readonly between: number; readonly within: number };
  readonly meanSquare: { readonly between: number; readonly within: number };
}

/**
 * Fisher's one-way analysis of variance.
 * @param groups two or more samples; at least one of them with two values
 * @throws StatisticsRefusal when no group varies
 * @example anova([[1, 2, 3], [2, 3, 4], [5, 6, 7]]).p
 */
export function anova(groups: Groups): OneWayAnova {
  const { k, total, between, within, scale } = betweenAndWithin(groups);
  const df = [k - 1, total - k] as const;
  const f = between / df[0] / (within / df[1]);
  const square = scale * scale;
  return {
    method: "one-way analysis of variance (equal variances)",
    symbol: "F",
    statistic: f,
    df,
    p: fUpper(f, { df1: df[0], df2: df[1] }),
    alternative: "two-sided",
    n: groups.map((group) => group.length),
    sumOfSquares: { between: between * square, within: within * square },
    meanSquare: { between: (between / df[0]) * square, within: (within / df[1]) * square },
  };
}

/**
 * Welch's analysis of variance: no assumption of equal variances. Every group must vary.
 * Source: B. L. Welch, Biometrika 38 (1951).
 */
export function welchAnova(groups: Groups): TestResult {
  const { moments, scale, k } = spreadGroups(groups);
  moments.forEach((group, i) => {
    if (group.sd === 0)
      refuse(
        "no-variation",
        `group ${i + 1} does not vary; Welch's analysis of variance weights by 1/variance and needs every group to`,
      );
  });
  const weights = moments.map((group) => group.n / (group.sd / scale) ** 2);
  const weight = weights.reduce((sum, value) => sum + value, 0);
  const offsets = moments.map((group) => group.offset / scale);
  const grand = offsets.reduce((sum, value, i) => sum + weights[i]! * value, 0) / weight;
  const numerator = offsets.reduce((sum, value, i) => sum + weights[i]! * (value - grand) ** 2, 0) / (k - 1);
  const lambda = moments.reduce((sum, group, i) => sum + (1 - weights[i]! / weight) ** 2 / (group.n - 1), 0);
  const f = numerator / (1 + (2 * (k - 2) * lambda) / (k * k - 1));
  const df2 = (k * k - 1) / (3 * lambda);
  return {
    method: "Welch's analysis of variance (unequal variances)",
    symbol: "F",
    statistic: f,
    df: [k - 1, df2],
    p: fUpper(f, { df1: k - 1, df2 }),
    alternative: "two-sided",
    n: groups.map((group) => group.length),
  };
}

/**
 * Brown and Forsythe's F* of means for unequal variances, with Mehrotra's (1997) numerator degrees of freedom.
 * Not to be mistaken for the Brown-Forsythe test of variances, which is levene() with center "median".
 */
export function brownForsytheAnova(groups: Groups): TestResult {
  const { moments, scale, total } = spreadGroups(groups);
  const variances = moments.map((group) => (group.sd / scale) ** 2);
  const offsets = moments.map((group) => group.offset / scale);
  const grand = offsets.reduce((sum, value, i) => sum + moments[i]!.n * value, 0) / total;
  const between = offsets.reduce((sum, value, i) => sum + moments[i]!.n * (value - grand) ** 2, 0);
  const parts = moments.map((group, i) => (1 - group.n / total) * variances[i]!);
  const denominator = parts.reduce((sum, value) => sum + value, 0);
  const f = between / denominator;
  const df2 = denominator ** 2 / parts.reduce((sum, part, i) => sum + part ** 2 / (moments[i]!.n - 1), 0);
  const weighted = variances.reduce((sum, v, i) => sum + (moments[i]!.n / total) * v, 0);
  const squares = variances.reduce((sum, v) => sum + v * v, 0);
  const weightedSquares = variances.reduce((sum, v, i) => sum + (moments[i]!.n / total) * v * v, 0);
  const df1 = denominator ** 2 / (squares + weighted ** 2 - 2 * weightedSquares);
  return {
    method: "Brown-Forsythe analysis of variance of means (unequal variances, Mehrotra's degrees of freedom)",
    symbol: "F*",
    statistic: f,
    df: [df1, df2],
    p: fUpper(f, { df1, df2 }),
    alternative: "two-sided",
    n: groups.map((group) => group.length),
  };
}

/** Scaled sums of squares between and within groups; multiply by scale squared for the data's own unit. */
export function betweenAndWithin(groups: Groups): {
  k: number;
  total: number;
  between: number;
  within: number;
  scale: number;
} {
  assertGroups(groups, 1);
  const moments = groupMoments(groups);
  const k = groups.length;
  const total = moments.reduce((sum, group) => sum + group.n, 0);
  const scale = moments.reduce((most, group) => Math.max(most, group.sd), 0);
  const size = moments.reduce((most, group) => Math.max(most, Math.abs(group.mean)), 0);
  if (total <= k || scale === 0 || isNoise(scale, size))
    refuse(
      "no-variation",
      "no group varies; an analysis of variance compares with the variation within groups",
    );
  const within = moments.reduce((sum, group) => sum + (group.n - 1) * (group.sd / scale) ** 2, 0);
  const grand = moments.reduce((sum, group) => sum + group.n * (group.offset / scale), 0) / total;
  const between = moments.reduce((sum, group) => sum + group.n * (group.offset / scale - grand) ** 2, 0);
  return { k, total, between, within, scale };
}

function spreadGroups(groups: Groups) {
  assertGroups(groups, 2);
  const moments = groupMoments(groups);
  const scale = moments.reduce((most, group) => Math.max(most, group.sd), 0);
  const total = moments.reduce((sum, group) => sum + group.n, 0);
  if (scale === 0)
    refuse(
      "no-variation",
      "no group varies; an analysis of variance compares with the variation within groups",
    );
  return { moments, scale, total, k: groups.length };
}
