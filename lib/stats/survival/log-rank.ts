// Whether two or more groups have the same survival curve: observed against expected events at each event time, over strata.
import { chiSquaredUpper } from "../distribution/chi-squared.ts";
import type { TestResult } from "../estimate.ts";
import { positiveSolver } from "../linear-algebra.ts";
import { assertCount, refuse } from "../refusal.ts";
import { assertSurvival, riskSteps, type SurvivalSample } from "./survival-sample.ts";

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

function addStratum(groups: readonly SurvivalSample[], rho: 0 | 1, sums: Sums): void {
  const pooled = riskSteps({
    time: groups.flatMap(({ time }) => time),
    event: groups.flatMap(({ event }) => event),
  });
  let before = 1;
  for (const { time: now, atRisk, events } of pooled) {
    const weight = rho === 0 ? 1 : before;
    before *= (atRisk - events) / atRisk;
    const shares = groups.map(
      ({ time }) => time.reduce((sum, value) => sum + Number(value >= now), 0) / atRisk,
    );
    const spread = atRisk > 1 ? (events * (atRisk - events)) / (atRisk - 1) : 0;
    for (const [i, { time, event }] of groups.entries()) {
      const own = time.reduce((sum, value, at) => sum + Number(value === now && event[at]!), 0);
      sums.observed[i]! += weight * own;
      sums.expected[i]! += weight * events * shares[i]!;
      for (const [j, share] of shares.entries())
        sums.covariance[i]![j]! += weight ** 2 * spread * shares[i]! * (Number(i === j) - share);
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
  return [...new Set(strata.flat())].map((stratum) =>
    groups.map(({ time, event }, index) => {
      const own = Array.from(time.keys()).filter((at) => strata[index]![at] === stratum);
      return { time: own.map((at) => time[at]!), event: own.map((at) => event[at]!) };
    }),
  );
}
