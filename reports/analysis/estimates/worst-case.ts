// Bounds on a difference when outcomes are missing: what it would be if every lost trial of one arm had come out at one end of
// the declared range and every lost trial of the other arm at the other end. Source: Manski, AER 80 (1990) 319-323.
import type { LevelCell, LevelData } from "../../design/level-design.ts";

export interface MissingOutcomes {
  /** Trials of a condition that ran, by index of the condition; those without a value of the metric are missing. */
  readonly ran: readonly number[];
  readonly range: { readonly min: number | null; readonly max: number | null } | null;
}

/** Null when nothing was lost or the metric declares no range with two ends. */
export function worstCaseOf(
  x: LevelData,
  y: LevelData,
  of: MissingOutcomes,
): { readonly low: number; readonly high: number } | null {
  const { min, max } = of.range ?? { min: null, max: null };
  // An optional metric that a measured trial left null is as unknown as that of a failed one.
  const missing = ({ cell }: LevelCell) => Math.max(0, (of.ran[cell.condition] ?? 0) - cell.values.length);
  const lostOf = ({ cells }: LevelData) => cells.reduce((sum, held) => sum + missing(held), 0);
  if (min === null || max === null || lostOf(x) + lostOf(y) === 0) return null;
  const meanWith = (cells: readonly LevelCell[], fill: number) =>
    cells.reduce((mean, held) => {
      const { cell, weight } = held;
      const lost = missing(held);
      const sum = cell.values.reduce((total, value) => total + value, 0);
      return mean + (weight * (sum + lost * fill)) / (cell.values.length + lost);
    }, 0);
  const low = meanWith(x.cells, min) - meanWith(y.cells, max);
  const high = meanWith(x.cells, max) - meanWith(y.cells, min);
  return Number.isFinite(low) && Number.isFinite(high) ? { low, high } : null;
}
