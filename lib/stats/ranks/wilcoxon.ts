// Wilcoxon's signed-rank test for pairs: exact for small n with and without ties, else the normal approximation.
// Three ways with zero differences: "wilcox" drops them, "pratt" ranks and then drops them, "zsplit" splits them.
import { normalLower, normalUpper, normalUpperQuantile } from "../distribution/normal.ts";
import type { Alternative, Estimate, TestResult } from "../estimate.ts";
import { assertOpenUnit, assertSample, refuse } from "../refusal.ts";
import { signSumTails } from "./exact-rank-sum.ts";
import { walshQuantiles } from "./hodges-lehmann.ts";
import { rank } from "./ranks.ts";

/** What is done with pairs that do not differ. */
export type ZeroRule = "wilcox" | "pratt" | "zsplit";

/** Options of wilcoxon. */
export interface WilcoxonOptions {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly alternative?: Alternative;
  /** "exact" conditions on ties; "auto" (default) is exact up to 50 non-zero differences. */
  readonly variant?: "auto" | "exact" | "asymptotic";
  /** Continuity correction of the normal approximation; default true. */
  readonly continuity?: boolean;
  /** Default "wilcox". */
  readonly zeros?: ZeroRule;
  readonly level?: number;
}

/** A signed-rank test; `statistic` is V, the rank sum of the positive differences x - y. */
export interface Wilcoxon extends TestResult {
  readonly symbol: "V";
  /** Rank sums of positive and negative differences; each also gets `zeroShare` under "zsplit". */
  readonly positive: number;
  readonly negative: number;
  /** Half the rank sum of the zeros under "zsplit", else 0. */
  readonly zeroShare: number;
  /** Standardised statistic, corrected for ties and zeros, without continuity correction. */
  readonly z: number;
  /** Hodges-Lehmann pseudomedian of the differences with the interval that inverts the test. */
  readonly estimate: Estimate;
}

/**
 * Wilcoxon's signed-rank test of paired samples.
 * Sources: Wilcoxon (1945); Pratt (1959) for zeros; normal approximation as Hollander & Wolfe (1999), section 3.1.
 * @throws StatisticsRefusal for unequal lengths or when every difference is zero
 */
export function wilcoxon(options: WilcoxonOptions): Wilcoxon {
  const { x, y, alternative = "two-sided", continuity = true, zeros = "wilcox", level = 0.95 } = options;
  if (x.length !== y.length)
    refuse(
      "unequal-lengths",
      `pairs need samples of one length; x has ${x.length} values and y has ${y.length}`,
    );
  assertSample(x, { name: "sample x", least: 1 });
  assertSample(y, { name: "sample y", least: 1 });
  assertOpenUnit(level, "level");
  const all = x.map((value, i) => value - y[i]!);
  const nonZero = all.filter((difference) => difference !== 0);
  if (nonZero.length === 0)
    refuse("no-variation", `all ${all.length} paired differences are zero; there is nothing to rank`);
  const sums = signedRanks(all, zeros);
  const exact = options.variant === "exact" || (options.variant !== "asymptotic" && nonZero.length <= 50);
  if (exact && nonZero.length > 1000)
    refuse(
      "too-large",
      `an exact test of ${nonZero.length} differences is too large; use variant "asymptotic"`,
    );
  const p = exact ? exactP(sums, alternative) : normalP(sums, { alternative, continuity });
  const tied = sums.tied || nonZero.length < all.length;
  return {
    method: exact
      ? `Wilcoxon signed-rank test (exact${tied ? `, conditional on ties, zeros: ${zeros}` : ""})`
      : `Wilcoxon signed-rank test (normal approximation${tied ? `, ties as midranks, zeros: ${zeros}` : ""}${continuity ? ", continuity corrected" : ""})`,
    symbol: "V",
    statistic: sums.positive,
    positive: sums.positive,
    negative: sums.negative,
    zeroShare: sums.zeroShare,
    z: (sums.positive + sums.zeroShare - sums.mean) / sums.deviation,
    df: [],
    p,
    alternative,
    n: [all.length],
    estimate: pseudomedian(all, { level, alternative }),
  };
}

interface SignedRanks {
  readonly positive: number;
  readonly negative: number;
  readonly zeroShare: number;
  readonly mean: number;
  readonly deviation: number;
  readonly tied: boolean;
  /** Doubled ranks of the non-zero differences. */
  readonly scores: readonly number[];
}

function signedRanks(all: readonly number[], zeros: ZeroRule): SignedRanks {
  const used = zeros === "wilcox" ? all.filter((difference) => difference !== 0) : all;
  const { ranks, tieSum } = rank(used.map(Math.abs));
  const n = used.length;
  const zeroCount = used.filter((difference) => difference === 0).length;
  const zeroSum = (zeroCount * (zeroCount + 1)) / 2;
  let positive = 0;
  let negative = 0;
  const scores: number[] = [];
  used.forEach((difference, i) => {
    if (difference === 0) return;
    scores.push(Math.round(2 * ranks[i]!));
    if (difference > 0) positive += ranks[i]!;
    else negative += ranks[i]!;
  });
  // Zeros are a tie group of their own only where they stay in the ranking.
  const nonZeroTies = tieSum - (zeroCount ** 3 - zeroCount);
  const square = n * (n + 1) * (2 * n + 1);
  const zeroSquare = zeroCount * (zeroCount + 1) * (2 * zeroCount + 1);
  if (zeros === "pratt")
    return {
      positive,
      negative,
      zeroShare: 0,
      mean: (n * (n + 1)) / 4 - zeroSum / 2,
      deviation: Math.sqrt((square - zeroSquare - nonZeroTies / 2) / 24),
      tied: nonZeroTies > 0,
      scores,
    };
  const ties = zeros === "zsplit" ? tieSum : nonZeroTies;
  return {
    positive,
    negative,
    zeroShare: zeros === "zsplit" ? zeroSum / 2 : 0,
    mean: (n * (n + 1)) / 4,
    deviation: Math.sqrt((square - ties / 2) / 24),
    tied: nonZeroTies > 0,
    scores,
  };
}

function exactP(sums: SignedRanks, alternative: Alternative): number {
  const tails = signSumTails(sums.scores, Math.round(2 * sums.positive));
  if (alternative === "less") return tails.lower;
  if (alternative === "greater") return tails.upper;
  return Math.min(1, 2 * Math.min(tails.lower, tails.upper));
}

function normalP(sums: SignedRanks, options: { alternative: Alternative; continuity: boolean }): number {
  const centred = sums.positive + sums.zeroShare - sums.mean;
  const shift = options.continuity ? 0.5 : 0;
  if (options.alternative === "greater") return normalUpper((centred - shift) / sums.deviation);
  if (options.alternative === "less") return normalLower((centred + shift) / sums.deviation);
  // Half a unit towards the mean, as R and SciPy do it (a statistic at its mean stays there).
  const corrected = centred === 0 ? 0 : Math.abs(Math.abs(centred) - shift);
  return Math.min(1, 2 * normalUpper(corrected / sums.deviation));
}

function pseudomedian(
  all: readonly number[],
  options: { level: number; alternative: Alternative },
): Estimate {
  const { level, alternative } = options;
  const n = all.length;
  const tail = alternative === "two-sided" ? (1 - level) / 2 : 1 - level;
  const pairs = (n * (n + 1)) / 2;
  const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
  const cut = Math.max(0, Math.floor(pairs / 2 - normalUpperQuantile(tail) * deviation));
  const { middle, low, high } = walshQuantiles(all, cut);
  return {
    value: middle,
    low: alternative === "less" ? Number.NEGATIVE_INFINITY : low,
    high: alternative === "greater" ? Number.POSITIVE_INFINITY : high,
    level,
    method:
      "Hodges-Lehmann pseudomedian with interval from the signed-rank distribution (normal approximation)",
    n,
  };
}
