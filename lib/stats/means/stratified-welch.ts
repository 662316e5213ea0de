// The difference of two levels over independent trials, stratified by cell: each cell its own weight and variance. With one cell a
// level this is Welch's t test.
import type { Alternative } from "../estimate.ts";
import { tBounds, tProbability } from "../interval-of.ts";
import { isNoise } from "../moments.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";
import type { DifferenceOfMeans } from "./t-test.ts";
import { contrastCells, type WeightedSample } from "./weighted-cells.ts";

/**
 * Weighted difference of cell means with Satterthwaite's degrees of freedom.
 *
 * With weights w, variances s^2 and sizes n of all cells of both levels: v = w^2 s^2 / n, standard error sqrt(sum v),
 * df = (sum v)^2 / sum(v^2 / (n - 1)). Source: Satterthwaite, Biometrics Bulletin 2 (1946) 110-114.
 *
 * @param options x, y: the cells of each level; level in (0, 1), default 0.95; alternative, default "two-sided";
 *   difference: that under the null hypothesis, default 0.
 * @throws StatisticsRefusal when a cell has fewer than two values or nothing varies.
 * @example
 * stratifiedWelch({
 *   x: [{ values: [5, 6, 7], weight: 0.5 }, { values: [15, 16, 18], weight: 0.5 }],
 *   y: [{ values: [3, 4, 6], weight: 0.5 }, { values: [14, 13, 15], weight: 0.5 }],
 * }).estimate.value  // 2
 */
export function stratifiedWelch(options: {
  readonly x: readonly WeightedSample[];
  readonly y: readonly WeightedSample[];
  readonly level?: number;
  readonly alternative?: Alternative;
  readonly difference?: number;
}): DifferenceOfMeans {
  const { x, y, level = 0.95, alternative = "two-sided", difference: expected = 0 } = options;
  assertOpenUnit(level, "level");
  const { cells, unit, size } = contrastCells(x, y);
  let difference = 0;
  let variance = 0;
  let satterthwaite = 0;
  for (const { weight, moments } of cells) {
    const part = (weight * moments.sd) ** 2 / moments.n;
    difference += weight * moments.offset;
    variance += part;
    satterthwaite += part ** 2 / (moments.n - 1);
  }
  const standardError = Math.sqrt(variance);
  if (isNoise(standardError, size))
    refuse("no-variation", "no cell of the comparison varies; a t statistic needs variation");
  const df = variance ** 2 / satterthwaite;
  const statistic = (difference - expected / unit) / standardError;
  const counts = [x, y].map((own) => own.reduce((sum, { values }) => sum + values.length, 0));
  const isOneCell = x.length === 1 && y.length === 1;
  const scaled = { value: difference * unit, standardError: standardError * unit };
  return {
    method: isOneCell ? "Welch's t test" : "Welch's t test stratified by cell",
    symbol: "t",
    statistic,
    df: [df],
    p: tProbability(statistic, { df, alternative }),
    alternative,
    n: counts,
    estimate: {
      ...scaled,
      ...tBounds({ ...scaled, df, level, alternative }),
      level,
      method: isOneCell ? "Welch t interval" : "Welch t interval, stratified by cell",
      n: counts[0]! + counts[1]!,
    },
  };
}
