// The size of a difference over several cells, in standard deviations: the weighted contrast of cell means divided by the standard
// deviation within cells. What other factors add to the spread of all trials is left out on purpose.
import { noncentralTNoncentrality } from "../distribution/noncentral-t.ts";
import type { Estimate } from "../estimate.ts";
import { contrastCells, type WeightedSample } from "../means/weighted-cells.ts";
import { isNoise } from "../moments.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";
import { hedgesFactor } from "./standardized-difference.ts";

/**
 * A standardised contrast of cell means with its noncentral-t interval.
 *
 * With weights w (negative for y), sizes n and s^2 = sum (n - 1) s_c^2 / (N - cells): d = sum w m / s, and
 * t = d / sqrt(sum w^2 / n) on N - cells degrees of freedom. `corrected` multiplies by Hedges' factor. With one cell a level it
 * is Cohen's d or Hedges' g. Sources: Kline (2013), Beyond Significance Testing, 2nd ed., section 7; interval: Steiger (2004),
 * Psychological Methods 9, 164-182; factor: Hedges (1981).
 *
 * @param options x, y: the cells of each level; level in (0, 1), default 0.95; corrected, default false.
 * @throws StatisticsRefusal when a cell has fewer than two values or no cell varies.
 * @example withinCellsEffect({ x: [{ values: [3, 4, 5], weight: 1 }], y: [{ values: [1, 2, 3], weight: 1 }] }).value  // 2
 */
export function withinCellsEffect(options: {
  readonly x: readonly WeightedSample[];
  readonly y: readonly WeightedSample[];
  readonly level?: number;
  readonly corrected?: boolean;
}): Estimate {
  const { x, y, level = 0.95, corrected = false } = options;
  assertOpenUnit(level, "level");
  const { cells, size } = contrastCells(x, y);
  let contrast = 0;
  let sumOfSquares = 0;
  let df = 0;
  let scaleSquared = 0;
  let n = 0;
  for (const { weight, moments } of cells) {
    contrast += weight * moments.offset;
    sumOfSquares += (moments.n - 1) * moments.sd ** 2;
    df += moments.n - 1;
    scaleSquared += weight ** 2 / moments.n;
    n += moments.n;
  }
  const sd = Math.sqrt(sumOfSquares / df);
  if (isNoise(sd, size)) refuse("no-variation", "no cell of the comparison varies");
  const scale = Math.sqrt(scaleSquared);
  const t = contrast / sd / scale;
  const factor = corrected ? hedgesFactor(df) : 1;
  const end = (p: number) => noncentralTNoncentrality(t, { df, p }) * scale * factor;
  return {
    value: (contrast / sd) * factor,
    low: end((1 + level) / 2),
    high: end((1 - level) / 2),
    level,
    method: `${corrected ? "Hedges' g" : "Cohen's d"} (pooled sd within cells) with noncentral t interval`,
    n,
  };
}
