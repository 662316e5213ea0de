// Samples with weights: what a level of a factor is when it is averaged over the cells of other factors.
import { type Moments, momentsOf, unitOf } from "../moments.ts";
import { assertSample, refuse } from "../refusal.ts";

/** The values of one cell, and the weight of its mean in the mean of the level; equal weights add up to 1. */
export interface WeightedSample {
  readonly values: ArrayLike<number>;
  readonly weight: number;
}

/** A cell of either level in parts; the weights of the second level are negative, so that a contrast is a sum. */
export interface ContrastCell {
  readonly weight: number;
  readonly moments: Moments;
}

/**
 * The cells of x, and those of y with negative weights, about one origin, in a unit that keeps their squares in range: multiply a
 * contrast or a deviation by `unit` for the data's own.
 *
 * @throws StatisticsRefusal when there is no cell, a weight is not finite, or a cell has fewer than two finite values.
 */
export function contrastCells(
  x: readonly WeightedSample[],
  y: readonly WeightedSample[],
): { readonly cells: readonly ContrastCell[]; readonly unit: number; readonly size: number } {
  if (x.length === 0 || y.length === 0) refuse("too-few", "a level without a cell cannot be compared");
  const origin = x[0]!.values[0] ?? 0;
  const cells = [...x, ...y].map(({ values, weight }, i): ContrastCell => {
    if (!Number.isFinite(weight))
      refuse("non-finite", `the weight of a cell is ${weight}; it must be finite`);
    if (values.length < 2)
      refuse(
        "too-few",
        `a cell of the comparison has n = ${values.length}; each needs 2 or more values for a variance of its own`,
      );
    assertSample(values, { name: "a cell of the comparison", least: 2 });
    return { weight: i < x.length ? weight : -weight, moments: momentsOf(values, origin) };
  });
  const extent = cells.reduce((most, { moments }) => Math.max(most, Math.abs(moments.offset), moments.sd), 0);
  const unit = unitOf(extent);
  return {
    unit,
    size: cells.reduce((most, { moments }) => Math.max(most, Math.abs(moments.mean)), 0) / unit,
    cells: cells.map(({ weight, moments }) => ({
      weight,
      moments: { ...moments, offset: moments.offset / unit, sd: moments.sd / unit },
    })),
  };
}
