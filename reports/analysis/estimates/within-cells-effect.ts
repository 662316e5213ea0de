// The size of a difference over several cells, in standard deviations: the equal-weight contrast of cell means divided by the
// standard deviation within cells. What the other factors add to the spread of all trials is left out on purpose.
import { noncentralTNoncentrality } from "../../../lib/stats/distribution/noncentral-t.ts";
import type { Estimate } from "../../../lib/stats/estimate.ts";
import { isNoise, momentsOf } from "../../../lib/stats/moments.ts";
import { refuse } from "../../../lib/stats/refusal.ts";
import { hedgesFactor } from "../../../lib/stats/standardized-difference.ts";
import type { LevelCell } from "../../design/level-design.ts";

/**
 * A standardised contrast of cell means with its noncentral-t interval.
 *
 * With weights w (negative for y), sizes n and s^2 = sum (n - 1) s_c^2 / (N - cells): d = sum w m / s, and
 * t = d / sqrt(sum w^2 / n) on N - cells degrees of freedom. `corrected` multiplies by Hedges' factor. With one cell a level it
 * is Cohen's d or Hedges' g. Sources: Kline (2013), Beyond Significance Testing, 2nd ed., section 7; interval: Steiger (2004),
 * Psychological Methods 9, 164-182; factor: Hedges (1981).
 *
 * @throws StatisticsRefusal when a cell has fewer than two values or no cell varies.
 */
export function withinCellsEffect(options: {
  readonly x: readonly LevelCell[];
  readonly y: readonly LevelCell[];
  readonly level: number;
  readonly corrected: boolean;
}): Estimate {
  const { x, y, level, corrected } = options;
  const origin = x[0]?.cell.values[0] ?? 0;
  let contrast = 0;
  let sumOfSquares = 0;
  let df = 0;
  let scaleSquared = 0;
  let size = 0;
  for (const [sign, cells] of [
    [1, x],
    [-1, y],
  ] as const) {
    for (const { cell, weight } of cells) {
      const n = cell.values.length;
      if (n < 2) refuse("too-few", `a cell of the comparison has n = ${n}; each needs 2 or more values`);
      const { offset, sd, mean } = momentsOf([...cell.values], origin);
      contrast += sign * weight * offset;
      sumOfSquares += (n - 1) * sd ** 2;
      df += n - 1;
      scaleSquared += weight ** 2 / n;
      size = Math.max(size, Math.abs(mean));
    }
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
    n: [...x, ...y].reduce((sum, { cell }) => sum + cell.values.length, 0),
  };
}
