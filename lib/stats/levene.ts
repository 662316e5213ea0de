// Levene's test of equal variances: an analysis of variance of the distances from each group's centre.
// center "median" is the Brown-Forsythe test, the robust default.

import type { TestResult } from "./estimate.ts";
import { assertGroups, type Groups } from "./groups.ts";
import { anova } from "./means/anova.ts";
import { trimmedMeanSorted } from "./means/trimmed-mean.ts";
import { momentsOf } from "./moments.ts";
import { quantileSorted, sortedOf } from "./quantile.ts";
import { isRefused, orRefusal, refuse } from "./refusal.ts";

/** The centre that distances are measured from. */
export type LeveneCenter = "mean" | "median" | "trimmed";

/**
 * Levene's test (1960); with center "median" the Brown-Forsythe test (1974). "trimmed" drops floor(trim n) values at each
 * end of every group, both from the mean and (as SciPy does) from the distances; default trim 0.05.
 * @throws StatisticsRefusal when no group varies, or every group's distances are equal
 */
export function levene(groups: Groups, options: { center?: LeveneCenter; trim?: number } = {}): TestResult {
  const { center = "median", trim = 0.05 } = options;
  assertGroups(groups, 2);
  const distances = groups.map((group) => {
    const sorted = sortedOf(group);
    if (center === "trimmed") {
      const drop = Math.floor(trim * sorted.length);
      const middle = trimmedMeanSorted(sorted, trim);
      return Array.from(sorted.subarray(drop, sorted.length - drop), (value) => Math.abs(value - middle));
    }
    if (center === "median") {
      const middle = quantileSorted(sorted, 0.5);
      return group.map((value) => Math.abs(value - middle));
    }
    const { origin, offset } = momentsOf(group);
    return group.map((value) => Math.abs(value - origin - offset));
  });
  const result = orRefusal(() => anova(distances));
  if (isRefused(result))
    refuse(
      "no-variation",
      "within every group all values lie equally far from the centre; Levene's test has nothing to compare",
    );
  return {
    method:
      center === "median"
        ? "Brown-Forsythe test of equal variances (Levene, median)"
        : `Levene's test of equal variances (${center === "mean" ? "mean" : `${100 * trim}% trimmed mean`})`,
    symbol: "F",
    statistic: result.statistic,
    df: result.df,
    p: result.p,
    alternative: "two-sided",
    n: groups.map((group) => group.length),
  };
}
