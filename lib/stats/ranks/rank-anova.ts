// Rank tests of several samples: Kruskal-Wallis for independent groups, Friedman for blocks, with their effect sizes.
import { chiSquaredUpper } from "../distribution/chi-squared.ts";
import type { TestResult } from "../estimate.ts";
import { assertGroups, type Groups, sizeOf } from "../groups.ts";
import { assertSample, refuse } from "../refusal.ts";
import { rank } from "./ranks.ts";

/** A rank test of several samples with its effect size in [0, 1]. */
export interface RankAnova extends TestResult {
  /** Kruskal-Wallis: rank epsilon squared H/((n^2-1)/(n+1)). Friedman: Kendall's W. */
  readonly effectSize: number;
  /** Mean rank of each group or treatment. */
  readonly meanRanks: readonly number[];
}

/**
 * The Kruskal-Wallis H test, corrected for ties; chi-squared approximation. Effect size: epsilon squared (Kelley 1935).
 * @throws StatisticsRefusal when all values are tied
 */
export function kruskalWallis(groups: Groups): RankAnova {
  assertGroups(groups, 1);
  const n = sizeOf(groups);
  const { ranks, tieSum } = rank(groups.flat());
  if (tieSum === n ** 3 - n) refuse("no-variation", `all ${n} values are tied; ranks say nothing about them`);
  const meanRanks: number[] = [];
  let at = 0;
  let sum = 0;
  for (const group of groups) {
    let total = 0;
    for (let i = 0; i < group.length; i += 1) total += ranks[at + i]!;
    at += group.length;
    const meanRank = total / group.length;
    meanRanks.push(meanRank);
    sum += group.length * (meanRank - (n + 1) / 2) ** 2;
  }
  const statistic = ((12 / (n * (n + 1))) * sum) / (1 - tieSum / (n ** 3 - n));
  const df = groups.length - 1;
  return {
    method: `Kruskal-Wallis test (chi-squared approximation${tieSum > 0 ? ", corrected for ties" : ""})`,
    symbol: "H",
    statistic,
    df: [df],
    p: chiSquaredUpper(statistic, df),
    alternative: "two-sided",
    n: groups.map((group) => group.length),
    effectSize: statistic / (n - 1),
    meanRanks,
  };
}

/**
 * The Friedman test, corrected for ties; chi-squared approximation. Effect size: Kendall's W.
 * @param blocks one row a block, each with one value for every treatment
 * @throws StatisticsRefusal for ragged blocks or when every block is tied throughout
 */
export function friedman(blocks: readonly (readonly number[])[]): RankAnova {
  const k = blocks[0]?.length ?? 0;
  if (blocks.length < 2) refuse("too-few", `${blocks.length} block(s) given; at least 2 are needed`);
  if (k < 2) refuse("too-few", `${k} treatment(s) given; at least 2 are needed`);
  const b = blocks.length;
  const sums = new Array<number>(k).fill(0);
  let ties = 0;
  blocks.forEach((block, i) => {
    if (block.length !== k)
      refuse("unbalanced", `block ${i + 1} has ${block.length} values; every block needs ${k}`);
    assertSample(block, { name: `block ${i + 1}`, least: 2 });
    const { ranks, tieSum } = rank(block);
    ties += tieSum;
    for (let j = 0; j < k; j += 1) sums[j]! += ranks[j]!;
  });
  const room = b * k * (k + 1) - ties / (k - 1);
  if (room <= 0)
    refuse("no-variation", "within every block all values are tied; ranks say nothing about them");
  const centre = (b * (k + 1)) / 2;
  const squares = sums.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  const statistic = (12 * squares) / room;
  return {
    method: `Friedman test (chi-squared approximation${ties > 0 ? ", corrected for ties" : ""})`,
    symbol: "chi2",
    statistic,
    df: [k - 1],
    p: chiSquaredUpper(statistic, k - 1),
    alternative: "two-sided",
    n: sums.map(() => b),
    effectSize: statistic / (b * (k - 1)),
    meanRanks: sums.map((sum) => sum / b),
  };
}
