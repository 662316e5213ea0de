// Whether two or more groups have the same survival curve: observed against expected events at each event time, over strata.
import { chiSquaredUpper } from "../distribution/chi-squared.ts";
import type { TestResult } from "../estimate.ts";
import { positiveSolver } from "../linear-algebra.ts";
import { assertCount, refuse } from "../refusal.ts";
import { assertSurvival, type SurvivalSample } from "./survival-sample.ts";

export interface LogRankOptions {
  /** Two groups or more. */
  readonly groups: readonly SurvivalSample[];
  /** The stratum of each time of each group; times are compared within strata only. None unless told. */
  readonly strata?: readonly (readonly unknown[])[];
  /** Exponent of the pooled curve by which times are weighted (Harrington and Fleming 1982): 0 the log-rank test, 1 Peto and Peto's. */
  readonly rho?: 0 | 1;
}

export interface LogRank extends TestResult {
  /** Weighted events seen in each group, and those expected if all groups had one curve. */
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  /** Variance of observed minus expected of the first group. */
  readonly variance: number;
}

/**
 * The log-rank test (Mantel 1966) with the hypergeometric variance.
 *
 * @throws StatisticsRefusal for fewer than two groups, for no event, or where a group shares no risk set with the others.
 * @example logRank({ groups: [{ time: [1, 2], event: [true, true] }, { time: [3, 4], event: [true, false] }] }).p
 */
export function logRank(options: LogRankOptions): LogRank {
  const { groups, strata, rho = 0 } = options;
  assertCount(groups.length, { name: "the number of groups", least: 2 });
  for (const [index, group] of groups.entries()) assertSurvival(group, `group ${index + 1}`);
  const k = groups.length;
  const observed = new Array<number>(k).fill(0);
  const expected = new Array<number>(k).fill(0);
  const covariance = Array.from({ length: k }, () => new Array<number>(k).fill(0));
  for (const stratum of stratified(groups, strata))
    addStratum(stratum, rho, { observed, expected, covariance });
  if (observed.every((events) => events === 0)) refuse("too-few", "there is no event in any group");
  const differences = observed.map((events, index) => events - expected[index]!);
  const reduced = covariance.slice(1).map((row) => row.slice(1));
  const solved = positiveSolver(reduced)(differences.slice(1));
  const statistic = solved.reduce((sum, value, index) => sum + value * differences[index + 1]!, 0);
  const suffix = strata === undefined ? "" : ", stratified";
  return {
    method: `${rho === 0 ? "log-rank test" : "Peto-Peto test"}${suffix}`,
    symbol: "chi2",
    statistic,
    df: [k - 1],
    p: chiSquaredUpper(statistic, k - 1),
    alternative: "two-sided",
    n: groups.map(({ time }) => time.length),
    observed,
    expected,
    variance: covariance[0]![0]!,
  };
}

interface Sums {
  readonly observed: number[];
  readonly expected: number[];
  readonly covariance: number[][];
}

/** One pass over the times in ascending order. */
function addStratum(groups: readonly SurvivalSample[], rho: 0 | 1, sums: Sums): void {
  const all = groups
    .flatMap(({ time, event }, group) =>
      Array.from(time, (value, at) => ({ value, group, isEvent: event[at]! })),
    )
    .sort((a, b) => a.value - b.value);
  const left = groups.map(({ time }) => time.length);
  let before = 1;
  for (let at = 0; at < all.length; ) {
    const atRisk = all.length - at;
    const shares = left.map((count) => count / atRisk);
    const own = groups.map(() => 0);
    let next = at;
    for (; next < all.length && all[next]!.value === all[at]!.value; next += 1) {
      const { group, isEvent } = all[next]!;
      left[group]! -= 1;
      if (isEvent) own[group]! += 1;
    }
    at = next;
    const events = own.reduce((sum, count) => sum + count, 0);
    if (events === 0) continue;
    const weight = rho === 0 ? 1 : before;
    before *= (atRisk - events) / atRisk;
    const spread = atRisk > 1 ? (events * (atRisk - events)) / (atRisk - 1) : 0;
    for (const [i, share] of shares.entries()) {
      sums.observed[i]! += weight * own[i]!;
      sums.expected[i]! += weight * events * share;
      for (const [j, other] of shares.entries())
        sums.covariance[i]![j]! += weight ** 2 * spread * other * (Number(i === j) - share);
    }
  }
}

function stratified(
  groups: readonly SurvivalSample[],
  strata: LogRankOptions["strata"],
): readonly (readonly SurvivalSample[])[] {
  if (strata === undefined) return [groups];
  for (const [index, { time }] of groups.entries())
    if (strata[index]?.length !== time.length)
      refuse(
        "unequal-lengths",
        `group ${index + 1} has ${time.length} times and ${strata[index]?.length ?? 0} strata`,
      );
  const held = new Map<unknown, { readonly time: number[]; readonly event: boolean[] }[]>();
  for (const [group, { time, event }] of groups.entries())
    for (const [at, value] of time.entries()) {
      const stratum = strata[group]![at];
      const own = held.get(stratum) ?? groups.map(() => ({ time: [], event: [] }));
      held.set(stratum, own);
      own[group]!.time.push(value);
      own[group]!.event.push(event[at]!);
    }
  return [...held.values()];
}
