// What a plan assumes of two levels, and the power that follows: of means by their spread, of shares and of rates by their size. The test
// is the one that the analysis will make.
import { powerEquivalence } from "../../../lib/stats/power/power-equivalence.ts";
import { cohensH } from "../../../lib/stats/power/power-other.ts";
import { powerRates } from "../../../lib/stats/power/power-rates.ts";
import {
  powerPairedShares,
  powerShares,
  powerSharesOverCells,
} from "../../../lib/stats/power/power-shares.ts";
import { powerT, studentPower } from "../../../lib/stats/power/power-t.ts";
import type { Spread } from "./pair-spread.ts";
import type { PlannedTest } from "./planned-test.ts";

/** Outcomes that are yes or no: the share of the level that others are held against. */
export interface ShareAssumption {
  readonly measure: "share";
  readonly design: "paired" | "independent";
  readonly from: number;
  /** Of the outcomes of a pair (phi), as far as the two shares allow; 0 for independent trials. */
  readonly correlation: number;
  /** Conditions that each level is averaged over. */
  readonly strata: number;
}

/** Counts of events: the rate of the level that others are held against. */
export interface RateAssumption {
  readonly measure: "rate";
  readonly design: "paired" | "independent";
  readonly from: number;
  /** The variance of a count is mean + mean^2 / theta; null for a Poisson variable. */
  readonly theta: number | null;
  /** Of each trial. */
  readonly exposure: number;
  readonly correlation: number;
  readonly strata: number;
}

export type Assumption = ({ readonly measure: "mean" } & Spread) | ShareAssumption | RateAssumption;

/** The size of a difference on a scale of its own: standard deviations, Cohen's h, the ratio of the rates. */
export function sizeOf(assumption: Assumption, difference: number): number {
  switch (assumption.measure) {
    case "mean":
      return difference / Math.sqrt((assumption.sds[0] ** 2 + assumption.sds[1] ** 2) / 2);
    case "share":
      return cohensH(assumption.from + difference, assumption.from);
    case "rate":
      return (assumption.from + difference) / assumption.from;
  }
}

export const sizeNames: Readonly<Record<Assumption["measure"], string>> = {
  mean: "in sd",
  share: "Cohen's h",
  rate: "ratio",
};

/** "paired t test", "exact test of two shares": what stands before the words of a planned test. */
export function plannedTestName({ measure, design, strata }: Assumption, { margin }: PlannedTest): string {
  if (margin !== null) return measure === "mean" ? "two one-sided t tests" : `limits of two ${measure}s`;
  const isPaired = design === "paired";
  switch (measure) {
    case "mean":
      return isPaired ? "paired t test over replicates" : "Welch's t test between two levels";
    case "share":
      if (isPaired) return strata === 1 ? "McNemar mid-p test" : "sign-flip test of the replicates' shares";
      return strata === 1 ? "exact test of two shares" : "Cochran-Mantel-Haenszel test";
    case "rate":
      return isPaired ? "sign-flip test of the replicates' rates" : "exact test of two rates";
  }
}

/** The largest difference that there can be: to a share of 1 or 0, whichever is farther; null where there is no limit. */
export function mostOf(assumption: Assumption): number | null {
  return assumption.measure === "share" ? Math.max(assumption.from, 1 - assumption.from) : null;
}

/** A difference with the sign that it has room for. @throws RangeError where neither side has room. */
export function placedDifference(assumption: Assumption, difference: number): number {
  if (assumption.measure === "mean") return difference;
  const { measure, from } = assumption;
  const fits = (other: number): boolean => other >= -1e-12 && (measure === "rate" || other <= 1 + 1e-12);
  if (fits(from + difference)) return difference;
  if (fits(from - difference)) return -difference;
  throw new RangeError(`no ${measure} lies ${difference} away from ${from}`);
}

/** Power of n replicates for a true difference, by the planned test. */
export function powerOf(assumption: Assumption, test: PlannedTest, difference: number, n: number): number {
  if (test.margin !== null) return equivalencePower(assumption, test.margin, test.alpha, difference, n);
  switch (assumption.measure) {
    case "mean":
      return meanPower(assumption, test, difference, n);
    case "share":
      return sharePower(assumption, test, difference, n);
    case "rate":
      return ratePower(assumption, test, difference, n);
  }
}

type Plain = Pick<PlannedTest, "alpha" | "isOneSided">;

function meanPower(spread: Spread, { alpha, isOneSided }: Plain, difference: number, n: number): number {
  const { standardError, df } = errorOf({ measure: "mean", ...spread }, difference, n);
  return studentPower({
    ncp: Math.abs(difference) / standardError,
    df,
    alpha,
    alternative: isOneSided ? "greater" : "two-sided",
  });
}

function sharePower(of: ShareAssumption, test: Plain, difference: number, n: number): number {
  const { from, design, strata, correlation } = of;
  const shares = { ...test, from, to: otherOf(of, difference), n };
  if (design === "independent")
    return strata === 1 ? powerShares(shares) : powerSharesOverCells({ ...shares, cells: strata });
  if (strata === 1)
    return powerPairedShares({ ...shares, correlation: possible(correlation, shares.from, shares.to) });
  return unitPower(of, test, difference, n);
}

/** The correlation, or as near to it as outcomes with these shares can have. */
function possible(correlation: number, from: number, to: number): number {
  const spread = Math.sqrt(from * (1 - from) * to * (1 - to));
  if (spread === 0) return 0;
  const most = (Math.min(from, to) - from * to) / spread;
  const least = (Math.max(0, from + to - 1) - from * to) / spread;
  return Math.min(most, Math.max(least, correlation));
}

function ratePower(of: RateAssumption, test: Plain, difference: number, n: number): number {
  const { from, theta, exposure, design, strata } = of;
  if (design === "paired") return unitPower(of, test, difference, n);
  return powerRates({
    ...test,
    from,
    to: otherOf(of, difference),
    n: n * strata,
    exposure,
    theta: theta ?? Number.POSITIVE_INFINITY,
  });
}

/** Sign flips of units' differences have the power of the paired t test, whose spread follows from the assumption. */
function unitPower(of: ShareAssumption | RateAssumption, test: Plain, difference: number, n: number): number {
  const { standardError } = errorOf(of, difference, n);
  if (n < 2) return 0;
  return powerT({
    design: "paired",
    d: Math.abs(difference) / (standardError * Math.sqrt(n)),
    n,
    alpha: test.alpha,
    alternative: test.isOneSided ? "greater" : "two-sided",
  });
}

function equivalencePower(
  assumption: Assumption,
  margin: number,
  alpha: number,
  difference: number,
  n: number,
): number {
  const { standardError, df } = errorOf(assumption, difference, n);
  if (standardError === 0) return Number(Math.abs(difference) < margin);
  return powerEquivalence({ margin, difference: Math.abs(difference), standardError, df, alpha });
}

/** The level beside `from`; rounding leaves no share outside [0, 1]. */
function otherOf({ measure, from }: ShareAssumption | RateAssumption, difference: number): number {
  const other = Math.max(0, from + difference);
  return measure === "share" ? Math.min(1, other) : other;
}

/** True standard error of the estimated difference, and the degrees of freedom of its estimate; Infinity where the limits are normal ones. */
function errorOf(
  assumption: Assumption,
  difference: number,
  n: number,
): { readonly standardError: number; readonly df: number } {
  const { design, strata } = assumption;
  if (assumption.measure === "mean") {
    const [first, second] = assumption.sds.map((sd) => sd ** 2) as [number, number];
    if (design === "paired") return { standardError: Math.sqrt(first / n), df: n - 1 };
    return {
      standardError: Math.sqrt((first + second) / (n * strata)),
      // Satterthwaite's, of every cell with a variance of its own.
      df: (strata * (n - 1) * (first + second) ** 2) / (first ** 2 + second ** 2),
    };
  }
  const [first, second] = [assumption.from, otherOf(assumption, difference)].map((value) =>
    varianceOf(assumption, value),
  ) as [number, number];
  const shared = design === "paired" ? 2 * assumption.correlation * Math.sqrt(first * second) : 0;
  return { standardError: Math.sqrt((first + second - shared) / (n * strata)), df: Number.POSITIVE_INFINITY };
}

/** Of one trial's share or rate. */
function varianceOf(of: ShareAssumption | RateAssumption, value: number): number {
  if (of.measure === "share") return value * (1 - value);
  return value / of.exposure + (of.theta === null ? 0 : value ** 2 / of.theta);
}
