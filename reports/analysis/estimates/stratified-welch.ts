// The difference of two levels over independent trials, stratified by cell: each stratum has the same weight, each cell its own
// variance. With one stratum this is Welch's t test.
import {
  studentTLower,
  studentTTwoSided,
  studentTUpper,
  studentTUpperQuantile,
} from "../../../lib/stats/distribution/student-t.ts";
import type { Alternative } from "../../../lib/stats/estimate.ts";
import { isNoise, momentsOf } from "../../../lib/stats/moments.ts";
import { refuse } from "../../../lib/stats/refusal.ts";
import type { DifferenceOfMeans } from "../../../lib/stats/t-test.ts";
import type { LevelCell } from "../../design/level-design.ts";

/**
 * Weighted difference of cell means with Satterthwaite's degrees of freedom.
 *
 * With weights w, variances s^2 and sizes n of all cells of both levels: v = w^2 s^2 / n, standard error sqrt(sum v),
 * df = (sum v)^2 / sum(v^2 / (n - 1)). Source: Satterthwaite, Biometrics Bulletin 2 (1946) 110-114.
 *
 * @throws StatisticsRefusal when a cell has fewer than two values or nothing varies.
 */
export function stratifiedWelch(options: {
  readonly x: readonly LevelCell[];
  readonly y: readonly LevelCell[];
  readonly level: number;
  readonly alternative: Alternative;
}): DifferenceOfMeans {
  const { x, y, level, alternative } = options;
  const origin = x[0]?.cell.values[0] ?? 0;
  let difference = 0;
  let variance = 0;
  let satterthwaite = 0;
  let size = 0;
  for (const [sign, cells] of [
    [1, x],
    [-1, y],
  ] as const) {
    for (const { cell, weight } of cells) {
      const n = cell.values.length;
      if (n < 2)
        refuse(
          "too-few",
          `a cell of the comparison has n = ${n}; each needs 2 or more values for a variance of its own`,
        );
      const moments = momentsOf([...cell.values], origin);
      const part = (weight * moments.sd) ** 2 / n;
      difference += sign * weight * moments.offset;
      variance += part;
      satterthwaite += part ** 2 / (n - 1);
      size = Math.max(size, Math.abs(moments.mean));
    }
  }
  const standardError = Math.sqrt(variance);
  if (isNoise(standardError, size))
    refuse("no-variation", "no cell of the comparison varies; a t statistic needs variation");
  const df = variance ** 2 / satterthwaite;
  const statistic = difference / standardError;
  const reach = studentTUpperQuantile((1 - level) / 2, df) * standardError;
  const counts = [x, y].map((cells) => cells.reduce((sum, { cell }) => sum + cell.values.length, 0));
  const isOneCell = x.length === 1 && y.length === 1;
  return {
    method: isOneCell ? "Welch's t test" : "Welch's t test stratified by cell",
    symbol: "t",
    statistic,
    df: [df],
    p:
      alternative === "two-sided"
        ? studentTTwoSided(statistic, df)
        : alternative === "greater"
          ? studentTUpper(statistic, df)
          : studentTLower(statistic, df),
    alternative,
    n: counts,
    estimate: {
      value: difference,
      low: difference - reach,
      high: difference + reach,
      level,
      method: isOneCell ? "Welch t interval" : "Welch t interval, stratified by cell",
      n: counts[0]! + counts[1]!,
      standardError,
    },
  };
}
