// The Mann-Whitney U (Wilcoxon rank-sum) test: exact for small samples with and without ties, else the normal
// approximation with tie and continuity corrections; with the Hodges-Lehmann shift and its interval.
import { normalLower, normalUpper, normalUpperQuantile } from "../distribution/normal.ts";
import type { Alternative, Estimate, TestResult } from "../estimate.ts";
import { assertOpenUnit, assertSample, refuse } from "../refusal.ts";
import { subsetSumTails } from "./exact-rank-sum.ts";
import { pairwiseQuantiles } from "./hodges-lehmann.ts";
import { rank } from "./ranks.ts";

/** Options of mannWhitney. */
export interface MannWhitneyOptions {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly alternative?: Alternative;
  /** "exact" conditions on the observed ties; "auto" (default) is exact while the samples have at most 50 values each. */
  readonly variant?: "auto" | "exact" | "asymptotic";
  /** Continuity correction of the normal approximation; default true. */
  readonly continuity?: boolean;
  /** Two-sided exact p: twice the smaller tail (default) or P(|U - E U| >= |u - E U|), as coin does. */
  readonly twoSided?: "doubled" | "distance";
  readonly level?: number;
}

/** A rank-sum test; `statistic` is U of sample x: the pairs in which x is above y, ties counting half. */
export interface MannWhitney extends TestResult {
  readonly symbol: "U";
  /** Standardised statistic, corrected for ties and without continuity correction. */
  readonly z: number;
  /** Hodges-Lehmann median of all x[i] - y[j], with the interval that inverts the test. */
  readonly estimate: Estimate;
}

/**
 * The Mann-Whitney U test of two independent samples.
 * Sources: Mann & Whitney (1947); tie correction and shift interval: Hollander & Wolfe (1999), sections 4.1 to 4.3.
 * @throws StatisticsRefusal when all values are tied, or an exact test is asked of more than 20,000,000 cells
 */
export function mannWhitney(options: MannWhitneyOptions): MannWhitney {
  const { x, y, alternative = "two-sided", continuity = true, level = 0.95, twoSided = "doubled" } = options;
  assertSample(x, { name: "sample x", least: 1 });
  assertSample(y, { name: "sample y", least: 1 });
  assertOpenUnit(level, "level");
  const m = x.length;
  const n = y.length;
  const total = m + n;
  const { ranks, tieSum } = rank([...x, ...y]);
  if (tieSum === total ** 3 - total)
    refuse("no-variation", `all ${total} values are tied; ranks say nothing about them`);
  let rankSum = 0;
  for (let i = 0; i < m; i += 1) rankSum += ranks[i]!;
  const u = rankSum - (m * (m + 1)) / 2;
  const deviation = Math.sqrt(((m * n) / 12) * (total + 1 - tieSum / (total * (total - 1))));
  const centred = u - (m * n) / 2;
  const exact = options.variant === "exact" || (options.variant !== "asymptotic" && m <= 50 && n <= 50);

  let p: number;
  if (exact) {
    if (m * total * (total + 1) * total > 4e9)
      refuse("too-large", `an exact test of ${m} and ${n} values is too large; use variant "asymptotic"`);
    const scores = Array.from(ranks, (value) => Math.round(2 * value));
    const tails = subsetSumTails(scores, { size: m, observed: Math.round(2 * rankSum) });
    if (alternative === "less") p = tails.lower;
    else if (alternative === "greater") p = tails.upper;
    else p = twoSided === "distance" ? tails.distance : Math.min(1, 2 * Math.min(tails.lower, tails.upper));
  } else {
    const shift = continuity ? 0.5 : 0;
    if (alternative === "greater") p = normalUpper((centred - shift) / deviation);
    else if (alternative === "less") p = normalLower((centred + shift) / deviation);
    else p = Math.min(1, 2 * normalUpper(Math.max(0, Math.abs(centred) - shift) / deviation));
  }
  const ties = tieSum > 0 ? ", ties as midranks" : "";
  return {
    method: exact
      ? `Mann-Whitney U test (exact${tieSum > 0 ? ", conditional on ties" : ""})`
      : `Mann-Whitney U test (normal approximation${ties}${continuity ? ", continuity corrected" : ""})`,
    symbol: "U",
    statistic: u,
    z: centred / deviation,
    df: [],
    p,
    alternative,
    n: [m, n],
    estimate: shiftOf({ x, y, level, alternative, deviation }),
  };
}

function shiftOf(options: {
  x: readonly number[];
  y: readonly number[];
  level: number;
  alternative: Alternative;
  deviation: number;
}): Estimate {
  const { x, y, level, alternative, deviation } = options;
  const pairs = x.length * y.length;
  const tail = alternative === "two-sided" ? (1 - level) / 2 : 1 - level;
  // Number of differences cut off at each end (Hollander & Wolfe eq. 4.40, large-sample form).
  const cut = Math.max(0, Math.floor(pairs / 2 - normalUpperQuantile(tail) * deviation));
  const { middle, low, high } = pairwiseQuantiles({ x, y, cut });
  return {
    value: middle,
    low: alternative === "less" ? Number.NEGATIVE_INFINITY : low,
    high: alternative === "greater" ? Number.POSITIVE_INFINITY : high,
    level,
    method: "Hodges-Lehmann shift with interval from the rank-sum distribution (normal approximation)",
    n: x.length + y.length,
  };
}
