// Comparisons of all pairs of groups: Tukey's HSD (equal variances), Games-Howell (unequal), Welch t with a declared
// correction, and Dunn's rank test. Every pair is in the result: a family is the whole list.
import { type Adjustment, adjustP } from "../adjust-p.ts";
import { normalUpper } from "../distribution/normal.ts";
import { studentizedRangeUpper, studentizedRangeUpperQuantile } from "../distribution/studentized-range.ts";
import { assertGroups, type Groups, groupMoments, sizeOf } from "../groups.ts";
import { rank } from "../ranks/ranks.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";
import { betweenAndWithin } from "./anova.ts";
import { differenceParts, welch } from "./t-test.ts";

/** One pair of a family: group `second` minus group `first`, by index. */
export interface PairwiseComparison {
  readonly first: number;
  readonly second: number;
  readonly method: string;
  readonly statistic: number;
  /** The raw p value, where the method has one of its own apart from the family's. */
  readonly p?: number;
  /** The p value corrected for the whole family. */
  readonly adjustedP: number;
}

/** A pair with its difference of means and simultaneous interval. */
export interface PairwiseDifference extends PairwiseComparison {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  readonly level: number;
  readonly standardError: number;
  readonly df: number;
}

/**
 * Tukey's honestly significant differences (Tukey-Kramer for unequal sizes); `statistic` is q.
 * @throws StatisticsRefusal when no group varies
 */
export function tukeyHsd(groups: Groups, options: { level?: number } = {}): PairwiseDifference[] {
  const { level = 0.95 } = options;
  assertOpenUnit(level, "level");
  const { within, scale, total, k } = betweenAndWithin(groups);
  const df = total - k;
  const deviation = scale * Math.sqrt(within / df);
  const critical = studentizedRangeUpperQuantile(1 - level, { k, df });
  return studentized(groups, {
    level,
    method: "Tukey's HSD",
    pair: (i, j) => ({
      standardError: deviation * Math.sqrt((1 / groups[i]!.length + 1 / groups[j]!.length) / 2),
      df,
    }),
    criticalAt: () => critical,
  });
}

/**
 * Games and Howell's comparisons (1976): Tukey's with Welch's standard error and degrees of freedom; `statistic` is q.
 * @throws StatisticsRefusal when a pair of groups does not vary at all
 */
export function gamesHowell(groups: Groups, options: { level?: number } = {}): PairwiseDifference[] {
  const { level = 0.95 } = options;
  assertOpenUnit(level, "level");
  assertGroups(groups, 2);
  return studentized(groups, {
    level,
    method: "Games-Howell",
    pair: (i, j) => {
      const parts = differenceParts({ x: groups[i]!, y: groups[j]! }, "unequal");
      return { standardError: parts.standardError / Math.SQRT2, df: parts.df };
    },
    criticalAt: (df) => studentizedRangeUpperQuantile(1 - level, { k: groups.length, df }),
  });
}

/** Welch's t test of every pair, its p values corrected over the family of all pairs (default Holm). */
export function pairwiseWelch(
  groups: Groups,
  options: { adjustment?: Adjustment; level?: number } = {},
): PairwiseDifference[] {
  const { adjustment = "holm", level = 0.95 } = options;
  assertGroups(groups, 2);
  const tests = pairsOf(groups.length).map(([i, j]) => ({
    i,
    j,
    test: welch({ x: groups[j]!, y: groups[i]!, level }),
  }));
  const adjusted = adjustP(
    tests.map(({ test }) => test.p),
    adjustment,
  );
  return tests.map(({ i, j, test }, index) => ({
    first: i,
    second: j,
    method: `Welch's t test, ${adjustment} correction; the interval is not corrected`,
    statistic: test.statistic,
    p: test.p,
    adjustedP: adjusted[index]!,
    difference: test.estimate.value,
    low: test.estimate.low,
    high: test.estimate.high,
    level,
    standardError: test.estimate.standardError!,
    df: test.df[0]!,
  }));
}

/**
 * Dunn's test (1964): z of differences of mean ranks after Kruskal-Wallis, tie-corrected, two-sided.
 * @throws StatisticsRefusal when all values are tied
 */
export function dunn(groups: Groups, options: { adjustment?: Adjustment } = {}): PairwiseComparison[] {
  const { adjustment = "holm" } = options;
  assertGroups(groups, 1);
  const n = sizeOf(groups);
  const { ranks, tieSum } = rank(groups.flat());
  if (tieSum === n ** 3 - n) refuse("no-variation", `all ${n} values are tied; ranks say nothing about them`);
  let at = 0;
  const means = groups.map((group) => {
    let sum = 0;
    for (let i = 0; i < group.length; i += 1) sum += ranks[at + i]!;
    at += group.length;
    return sum / group.length;
  });
  const variance = (n * (n + 1)) / 12 - tieSum / (12 * (n - 1));
  const raw = pairsOf(groups.length).map(([i, j]) => {
    const z = (means[j]! - means[i]!) / Math.sqrt(variance * (1 / groups[i]!.length + 1 / groups[j]!.length));
    return { first: i, second: j, statistic: z, p: Math.min(1, 2 * normalUpper(Math.abs(z))) };
  });
  const adjusted = adjustP(
    raw.map(({ p }) => p),
    adjustment,
  );
  return raw.map((pair, i) => ({
    ...pair,
    method: `Dunn's test, ${adjustment} correction`,
    adjustedP: adjusted[i]!,
  }));
}

function studentized(
  groups: Groups,
  options: {
    level: number;
    method: string;
    pair: (i: number, j: number) => { standardError: number; df: number };
    criticalAt: (df: number) => number;
  },
): PairwiseDifference[] {
  const moments = groupMoments(groups);
  const k = groups.length;
  return pairsOf(k).map(([i, j]) => {
    const { standardError, df } = options.pair(i, j);
    const difference = moments[j]!.offset - moments[i]!.offset;
    const statistic = Math.abs(difference) / standardError;
    const reach = options.criticalAt(df) * standardError;
    return {
      first: i,
      second: j,
      method: options.method,
      statistic,
      adjustedP: studentizedRangeUpper(statistic, { k, df }),
      difference,
      low: difference - reach,
      high: difference + reach,
      level: options.level,
      standardError,
      df,
    };
  });
}

/** All pairs i < j of k groups, in order. */
export function pairsOf(k: number): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0; i < k; i += 1) for (let j = i + 1; j < k; j += 1) pairs.push([i, j]);
  return pairs;
}
