// The size of a difference on further scales, by the test that was used: in standard deviations of the outcome beside a t test, in ranks
// beside a rank test. No variance is pooled that the test does not pool, and no interval contradicts the test.

import { standardizedContrast } from "../../../lib/stats/effect-size/standardized-contrast.ts";
import { standardizedDifference } from "../../../lib/stats/effect-size/standardized-difference.ts";
import type { Estimate } from "../../../lib/stats/estimate.ts";
import { momentsOf } from "../../../lib/stats/moments.ts";
import { settledInterval } from "../../../lib/stats/proportions/settled-interval.ts";
import {
  cliffsDelta,
  probabilityOfSuperiority,
  rankBiserialPaired,
} from "../../../lib/stats/ranks/ordinal-effect.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import type { LevelData } from "../../design/level-design.ts";
import type { EffectSize } from "../finding.ts";
import { effectIntervalOf } from "../interval.ts";
import type { Difference, MethodName } from "./difference.ts";
import type { Contrast } from "./measures/measure.ts";

export interface EffectSizeOptions {
  readonly contrast: Contrast;
  readonly by: MethodName;
  readonly ladder: "estimation" | "classical";
  /** Where the spread of outcomes is that within cells; null where it is that of the units. */
  readonly cells: { readonly x: LevelData; readonly y: LevelData } | null;
  readonly level: number;
}

/** The one to quote first, first; those that cannot be computed are left out. */
export function effectSizesOf(
  difference: Pick<Difference, "isPaired" | "x" | "y">,
  options: EffectSizeOptions,
): readonly EffectSize[] {
  const sizes = options.by === "rank" ? rankSizes(difference, options) : scaledSizes(difference, options);
  return sizes.flatMap(({ name, isLabelled, of }): readonly EffectSize[] => {
    const estimate = orRefusal(of);
    if (isRefused(estimate) || !Number.isFinite(estimate.value)) return [];
    const label = isLabelled ? cohenLabel(estimate.value) : null;
    return [{ name, value: estimate.value, interval: effectIntervalOf(estimate), label }];
  });
}

interface Size {
  readonly name: string;
  readonly isLabelled: boolean;
  of(): Estimate;
}

function rankSizes(
  { isPaired, x, y }: Pick<Difference, "isPaired" | "x" | "y">,
  { contrast, level }: EffectSizeOptions,
): readonly Size[] {
  const size = (name: string, origin: number, at: (level: number) => Estimate): Size => ({
    name,
    isLabelled: false,
    of: () => settledInterval({ p: contrast.twoSidedP, level, null: origin, at }),
  });
  if (isPaired)
    return [
      size("matched-pairs rank-biserial correlation", 0, (at) => rankBiserialPaired({ x, y, level: at })),
    ];
  return [
    size("Cliff's delta", 0, (at) => cliffsDelta({ x, y, level: at })),
    size("probability of superiority", 0.5, (at) => probabilityOfSuperiority({ x, y, level: at })),
  ];
}

function scaledSizes(
  { isPaired, x, y }: Pick<Difference, "isPaired" | "x" | "y">,
  { contrast, by, ladder, cells, level }: EffectSizeOptions,
): readonly Size[] {
  const isClassical = ladder === "classical";
  const corrected = !isClassical;
  const letter = isClassical ? "Cohen's d" : "Hedges g";
  const size = (name: string, of: () => Estimate): Size => ({ name, isLabelled: isClassical, of });
  if (by === "student")
    return [size(letter, () => standardizedDifference({ x, y, standardizer: "pooled", corrected, level }))];
  const { estimate, test } = contrast;
  const isWithin = cells !== null && cells.x.cells.length > 1;
  const name = `${letter}_av${isWithin ? " within cells" : ""}`;
  const scaled = size(name, () =>
    standardizedContrast({
      value: estimate.value,
      standardError: estimate.standardError!,
      df: test.df[0]!,
      sd: cells === null ? averageSd(x, y) : averageWithin(cells.x, cells.y),
      name,
      n: estimate.n,
      ...{ corrected, level },
    }),
  );
  if (!isPaired) return [scaled];
  return [
    scaled,
    size(`${letter}z`, () => standardizedDifference({ x, y, standardizer: "paired", corrected, level })),
  ];
}

function averageSd(x: readonly number[], y: readonly number[]): number {
  return rootMeanSquare(momentsOf(x).sd, momentsOf(y).sd);
}

/** sqrt of the average over both levels of their weighted variances within cells; cells of one trial have none to give. */
function averageWithin(x: LevelData, y: LevelData): number {
  const [one, other] = [x, y].map(({ cells }) => {
    const held = cells.filter(({ cell }) => cell.values.length > 1);
    const sds = held.map(({ cell, weight }) => ({ weight, sd: momentsOf(cell.values).sd }));
    const largest = sds.reduce((most, { sd }) => Math.max(most, sd), 0);
    if (largest === 0) return 0;
    const total = sds.reduce((sum, { weight }) => sum + weight, 0);
    return (
      largest * Math.sqrt(sds.reduce((sum, { weight, sd }) => sum + weight * (sd / largest) ** 2, 0) / total)
    );
  });
  return rootMeanSquare(one!, other!);
}

function rootMeanSquare(a: number, b: number): number {
  return Math.hypot(a, b) / Math.SQRT2;
}

/** Cohen's (1988) conventions, which he called arbitrary. */
function cohenLabel(d: number): string {
  const size = Math.abs(d);
  const word = size < 0.2 ? "negligible" : size < 0.5 ? "small" : size < 0.8 ? "medium" : "large";
  return `${word} by Cohen's convention`;
}
