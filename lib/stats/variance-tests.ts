// Tests of equal variances besides Levene's: Bartlett's and the F ratio (both assume normal data) and the rank-based
// Fligner-Killeen test.
import { chiSquaredUpper } from "./distribution/chi-squared.ts";
import { fLower, fUpper, fUpperQuantile } from "./distribution/f.ts";
import { normalQuantile } from "./distribution/normal.ts";
import type { Alternative, Estimate, TestResult } from "./estimate.ts";
import { assertGroups, type Groups, groupMoments, sizeOf } from "./groups.ts";
import { isNoise, momentsOf } from "./moments.ts";
import { sortedOf } from "./quantile.ts";
import { rank } from "./ranks/ranks.ts";
import { assertOpenUnit, assertSample, refuse } from "./refusal.ts";

/** Bartlett's test (1937) of equal variances; sensitive to departures from the normal. Every group must vary. */
export function bartlett(groups: Groups): TestResult {
  assertGroups(groups, 2);
  const moments = groupMoments(groups);
  const scale = moments.reduce((most, group) => Math.max(most, group.sd), 0);
  moments.forEach((group, i) => {
    if (group.sd === 0)
      refuse(
        "no-variation",
        `group ${i + 1} does not vary; Bartlett's test takes the logarithm of its variance`,
      );
  });
  const k = groups.length;
  const total = sizeOf(groups);
  const pooled = moments.reduce(
    (sum, group) => sum + ((group.n - 1) * (group.sd / scale) ** 2) / (total - k),
    0,
  );
  const logs = moments.reduce((sum, group) => sum + (group.n - 1) * 2 * Math.log(group.sd / scale), 0);
  const inverse = moments.reduce((sum, group) => sum + 1 / (group.n - 1), 0);
  const statistic =
    Math.max(0, (total - k) * Math.log(pooled) - logs) / (1 + (inverse - 1 / (total - k)) / (3 * (k - 1)));
  return chiSquaredTest({ method: "Bartlett's test of equal variances", statistic, df: k - 1, groups });
}

/**
 * The Fligner-Killeen test of equal variances (median centring, normal scores of ranked distances). Distances that rounding alone tells
 * apart are tied, so that values measured in hundredths have the ties that whole numbers have; `ties: "doubles"` ties only equal doubles, as R's
 * fligner.test and SciPy do, whose answers then depend on how the differences happened to round.
 * Source: Conover, Johnson & Johnson (1981).
 */
export function fligner(
  groups: Groups,
  { ties = "rounding" }: { readonly ties?: "rounding" | "doubles" } = {},
): TestResult {
  assertGroups(groups, 2);
  const k = groups.length;
  const total = sizeOf(groups);
  const distances = groups.flatMap(distancesOf);
  const { ranks, tieSum } = rank(
    ties === "rounding" ? snapped(distances) : distances.map(({ value }) => value),
  );
  if (tieSum === total ** 3 - total)
    refuse(
      "no-variation",
      "all values lie equally far from their group's median; the Fligner-Killeen test has nothing to rank",
    );
  const scores = Array.from(ranks, (r) => normalQuantile((1 + r / (total + 1)) / 2));
  const { mean, sd } = momentsOf(scores);
  let at = 0;
  let statistic = 0;
  for (const group of groups) {
    const own = scores.slice(at, at + group.length);
    at += group.length;
    statistic += group.length * (momentsOf(own, mean).offset / sd) ** 2;
  }
  return chiSquaredTest({ method: "Fligner-Killeen test of equal variances", statistic, df: k - 1, groups });
}

interface Distance {
  readonly value: number;
  /** By how much rounding may have moved it. */
  readonly slack: number;
}

/** From the group's median, which is (a + b) / 2 of the middle two. */
function distancesOf(group: readonly number[]): readonly Distance[] {
  const sorted = sortedOf(group);
  const half = sorted.length / 2;
  const [a, b] = [sorted[Math.ceil(half) - 1]!, sorted[Math.floor(half)]!];
  const middle = a / 2 + b / 2;
  return group.map((value) => ({
    value: Math.abs(value - middle),
    slack: 2 * Number.EPSILON * Math.max(Math.abs(value), Math.abs(middle)),
  }));
}

/** Each distance, or the smallest of those that it cannot be told from. */
function snapped(distances: readonly Distance[]): readonly number[] {
  const order = Array.from(distances.keys()).sort((i, j) => distances[i]!.value - distances[j]!.value);
  const values = new Array<number>(distances.length);
  let tied = distances[order[0]!]!;
  for (const i of order) {
    const own = distances[i]!;
    if (own.value - tied.value > own.slack + tied.slack) tied = own;
    values[i] = tied.value;
  }
  return values;
}

/** The F test of two variances with the interval of their ratio; assumes normal data. */
export function varianceRatio(options: {
  x: readonly number[];
  y: readonly number[];
  alternative?: Alternative;
  level?: number;
}): TestResult & { readonly estimate: Estimate } {
  const { x, y, alternative = "two-sided", level = 0.95 } = options;
  assertSample(x, { name: "sample x", least: 2 });
  assertSample(y, { name: "sample y", least: 2 });
  assertOpenUnit(level, "level");
  const mx = momentsOf(x);
  const my = momentsOf(y);
  for (const [name, moments] of [
    ["x", mx],
    ["y", my],
  ] as const)
    if (moments.sd === 0 || isNoise(moments.sd, moments.mean))
      refuse("no-variation", `sample ${name} does not vary; a ratio of variances needs variation in both`);
  const f = (mx.sd / my.sd) ** 2;
  const shape = { df1: mx.n - 1, df2: my.n - 1 };
  const lower = fLower(f, shape);
  const upper = fUpper(f, shape);
  const p =
    alternative === "less"
      ? lower
      : alternative === "greater"
        ? upper
        : Math.min(1, 2 * Math.min(lower, upper));
  const tail = alternative === "two-sided" ? (1 - level) / 2 : 1 - level;
  const flipped = { df1: shape.df2, df2: shape.df1 };
  return {
    method: "F test of equal variances",
    symbol: "F",
    statistic: f,
    df: [shape.df1, shape.df2],
    p,
    alternative,
    n: [mx.n, my.n],
    estimate: {
      value: f,
      low: alternative === "less" ? 0 : f / fUpperQuantile(tail, shape),
      high: alternative === "greater" ? Number.POSITIVE_INFINITY : f * fUpperQuantile(tail, flipped),
      level,
      method: "ratio of variances with F interval",
      n: mx.n + my.n,
    },
  };
}

function chiSquaredTest(options: {
  method: string;
  statistic: number;
  df: number;
  groups: Groups;
}): TestResult {
  return {
    method: options.method,
    symbol: "chi2",
    statistic: options.statistic,
    df: [options.df],
    p: chiSquaredUpper(options.statistic, options.df),
    alternative: "two-sided",
    n: options.groups.map((group) => group.length),
  };
}
