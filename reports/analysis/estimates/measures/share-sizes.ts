// The size of a difference of shares on further scales: Cohen's h, the ratio of the shares, the ratio of their odds. No interval contradicts
// the test of the difference.

import { rateRatioOf } from "../../../../lib/stats/counts/rates.ts";
import type { Estimate } from "../../../../lib/stats/estimate.ts";
import { clopperPearson } from "../../../../lib/stats/power/power-simulation.ts";
import { shareCorrelation } from "../../../../lib/stats/proportions/averaged-shares.ts";
import { settledInterval } from "../../../../lib/stats/proportions/settled-interval.ts";
import { cochranMantelHaenszel } from "../../../../lib/stats/proportions/stratified-proportions.ts";
import { oddsRatio, riskRatio } from "../../../../lib/stats/proportions/two-proportions.ts";
import { isRefused, orRefusal, refuse } from "../../../../lib/stats/refusal.ts";
import type { LevelData, UnitKind } from "../../../design/level-design.ts";
import type { EffectSize } from "../../finding.ts";
import { effectIntervalOf } from "../../interval.ts";
import { shareOf, shareStrataOf } from "./share-data.ts";

export interface ShareSizesInput {
  readonly kind: UnitKind;
  readonly x: LevelData;
  readonly y: LevelData;
  /** Of the difference, two-sided. */
  readonly p: number;
  readonly level: number;
  /** Shares of the same units, pair by pair; null where levels are independent. */
  readonly pairs: { readonly x: readonly number[]; readonly y: readonly number[] } | null;
}

export function shareSizesOf(input: ShareSizesInput): readonly EffectSize[] {
  const { kind, x, y, p, level, pairs } = input;
  const correlation = pairs === null ? 0 : shareCorrelation(pairs.x, pairs.y);
  const sizes: readonly { readonly name: string; readonly null: 0 | 1; at(level: number): Estimate }[] = [
    {
      name: "Cohen's h",
      null: 0,
      at: (of) => arcsineDifference(shareOf(x, kind, of), shareOf(y, kind, of), correlation),
    },
    { name: "risk ratio", null: 1, at: (of) => ratioAt(input, of, correlation) },
    { name: "odds ratio", null: 1, at: (of) => oddsAt(input, of) },
  ];
  return sizes.flatMap((size): readonly EffectSize[] => {
    const plain = orRefusal(() => size.at(level));
    // Ratios to a share of 0 are no numbers to print.
    if (isRefused(plain) || !Number.isFinite(plain.value)) return [];
    const estimate = settledInterval({ p, level, null: size.null, at: size.at });
    return [{ name: size.name, value: estimate.value, interval: effectIntervalOf(estimate), label: null }];
  });
}

/** 2 asin sqrt(first) - 2 asin sqrt(second) (Cohen 1988), from the limits of both shares as their difference is. */
function arcsineDifference(first: Estimate, second: Estimate, correlation: number): Estimate {
  const angle = (share: number): number => 2 * Math.asin(Math.sqrt(Math.min(1, Math.max(0, share))));
  const [one, other] = [first, second].map(({ value, low, high }) => ({
    value: angle(value),
    down: angle(value) - angle(low),
    up: angle(high) - angle(value),
  })) as [Angle, Angle];
  const width = (a: number, b: number): number =>
    Math.sqrt(Math.max(0, a ** 2 - 2 * correlation * a * b + b ** 2));
  const value = one.value - other.value;
  return {
    ...first,
    value,
    low: value - width(one.down, other.up),
    high: value + width(one.up, other.down),
    method: "difference of angles, from Wilson score limits",
  };
}

interface Angle {
  readonly value: number;
  readonly down: number;
  readonly up: number;
}

/** Katz's interval for two independent groups; else from the limits of both averaged shares. */
function ratioAt({ kind, x, y }: ShareSizesInput, level: number, correlation: number): Estimate {
  const [only, ...more] = kind === "cells" ? shareStrataOf(x, y) : [];
  if (only !== undefined && more.length === 0) {
    const katz = orRefusal(() => riskRatio({ first: only.first, second: only.second, level }));
    if (!isRefused(katz)) return katz;
  }
  return {
    ...rateRatioOf(shareOf(x, kind, level), shareOf(y, kind, level), { correlation }),
    method: "ratio of shares, from Wilson score limits",
  };
}

/** Woolf's for two groups, Mantel and Haenszel's over cells, and of pairs the ratio of those that differ one way and the other. */
function oddsAt(input: ShareSizesInput, level: number): Estimate {
  const { kind, x, y, pairs } = input;
  if (pairs !== null) return pairedOdds(pairs, level);
  const strata = kind === "cells" ? shareStrataOf(x, y) : [];
  const [only] = strata;
  return strata.length === 1 && only !== undefined
    ? oddsRatio({ first: only.first, second: only.second, level })
    : cochranMantelHaenszel({ strata, level }).oddsRatio;
}

function pairedOdds(pairs: NonNullable<ShareSizesInput["pairs"]>, level: number): Estimate {
  if ([...pairs.x, ...pairs.y].some((value) => value !== 0 && value !== 1))
    refuse("not-estimable", "units of several trials have no odds of their own");
  const first = pairs.x.filter((value, i) => value === 1 && pairs.y[i] === 0).length;
  const second = pairs.x.filter((value, i) => value === 0 && pairs.y[i] === 1).length;
  const trials = first + second;
  const { low, high } = clopperPearson({ successes: first, trials, level });
  return {
    value: first / second,
    low: low / (1 - low),
    high: high / (1 - high),
    level,
    method: "odds ratio of the pairs that differ, exact interval",
    n: pairs.x.length,
  };
}
