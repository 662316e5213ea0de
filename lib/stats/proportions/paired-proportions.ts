// Pairs of trials that succeed or not, as under common random numbers: only the pairs that differ say which side is better.
import { chiSquaredUpper } from "../distribution/chi-squared.ts";
import type { Estimate, TestResult } from "../estimate.ts";
import { proportionInterval } from "../proportion-interval.ts";
import { assertCount, assertOpenUnit, refuse } from "../refusal.ts";
import { logChoose } from "./two-by-two.ts";

/** How many pairs ended in each of the four ways. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
}

function assertPaired(counts: PairedCounts): void {
  for (const [name, count] of Object.entries(counts)) assertCount(count, { name, least: 0 });
  if (total(counts) === 0) refuse("too-few", "there is no pair");
}

function total({ both, onlyFirst, onlySecond, neither }: PairedCounts): number {
  return both + onlyFirst + onlySecond + neither;
}

/**
 * McNemar's (1947) test of equal proportions in pairs.
 *
 * @param options kind: "mid-p" unless told (Fagerland, Lydersen and Laake 2013); "exact" is conservative; "asymptotic" and "continuity" are
 * the chi-squared test without and with a correction.
 * @throws StatisticsRefusal when no pair differs.
 * @example mcNemar({ both: 36, onlyFirst: 12, onlySecond: 2, neither: 0 }).p // 0.00739
 */
export function mcNemar(
  options: PairedCounts & { readonly kind?: "mid-p" | "exact" | "asymptotic" | "continuity" },
): TestResult {
  const { kind = "mid-p", ...counts } = options;
  assertPaired(counts);
  const { onlyFirst: b, onlySecond: c } = counts;
  const differing = b + c;
  if (differing === 0) refuse("no-variation", "no pair differs, so neither side can be better");
  const n = [total(counts)];
  if (kind === "asymptotic" || kind === "continuity") {
    const statistic = Math.max(0, Math.abs(b - c) - (kind === "continuity" ? 1 : 0)) ** 2 / differing;
    return {
      method: `McNemar's chi-squared test${kind === "continuity" ? ", continuity correction" : ""}`,
      symbol: "chi2",
      statistic,
      df: [1],
      p: chiSquaredUpper(statistic, 1),
      alternative: "two-sided",
      n,
    };
  }
  const chance = (x: number): number => Math.exp(logChoose(differing, x) - differing * Math.LN2);
  const smaller = Math.min(b, c);
  let tail = 0;
  for (let x = 0; x <= smaller; x += 1) tail += chance(x);
  const exact = Math.min(1, 2 * tail);
  // With b = c the exact p is cut at 1; the point probability is taken off what the two tails share.
  const p = kind === "exact" ? exact : exact - chance(smaller);
  return {
    method: `McNemar's ${kind} test`,
    symbol: "b",
    statistic: b,
    df: [],
    p,
    alternative: "two-sided",
    n,
  };
}

/**
 * First proportion minus second of the same pairs, by the two Wilson intervals and the pairs' correlation: Newcombe's (1998) paired method 10.
 *
 * @example pairedProportionDifference({ both: 36, onlyFirst: 12, onlySecond: 2, neither: 0 }) // 0.2 [0.0569, 0.3404]
 */
export function pairedProportionDifference(
  options: PairedCounts & { readonly level?: number },
): Estimate & { readonly correlation: number } {
  const { level = 0.95, ...counts } = options;
  assertPaired(counts);
  assertOpenUnit(level, "level");
  const n = total(counts);
  const one = proportionInterval({ successes: counts.both + counts.onlyFirst, n, level });
  const two = proportionInterval({ successes: counts.both + counts.onlySecond, n, level });
  const correlation = correlationOf(counts);
  const value = (counts.onlyFirst - counts.onlySecond) / n;
  const width = (down: number, up: number): number =>
    Math.sqrt(Math.max(0, down ** 2 - 2 * correlation * down * up + up ** 2));
  return {
    value,
    low: value - width(one.value - one.low, two.high - two.value),
    high: value + width(two.value - two.low, one.high - one.value),
    level,
    method: "difference of paired proportions, Newcombe's interval",
    n,
    correlation,
  };
}

/** Phi with the continuity correction that Newcombe gives it; 0 where a margin is empty. */
function correlationOf({ both: a, onlyFirst: b, onlySecond: c, neither: d }: PairedCounts): number {
  const margins = (a + b) * (c + d) * (a + c) * (b + d);
  if (margins === 0) return 0;
  const raw = a * d - b * c;
  const corrected = raw > 0 ? Math.max(0, raw - (a + b + c + d) / 2) : raw;
  return corrected / Math.sqrt(margins);
}
