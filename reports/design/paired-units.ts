// One value for each unit (replicate or block) of a level that is an average over cells, where some unit lacks some cell. What a unit has
// counts: values are compared within each stratum over the units that have both, and the unit's share in that estimate is its value.
import { weightedMean } from "../../lib/stats/moments.ts";
import type { Cell } from "./cells.ts";

/** What a unit is worth in a level's mean. */
export interface Unit {
  /** What pairs it with a unit of another level. */
  readonly id: string;
  readonly value: number;
}

/** One value for each unit that has one: a cell by replicate, or the blocks of a stratum; ids are replicates or places of blocks. */
export interface UnitRow {
  /** Of the row's mean in the level's mean; the weights of a level add up to 1. */
  readonly weight: number;
  readonly values: ReadonlyMap<number, number>;
}

/** The values of a cell by replicate. */
export function rowOfCell({ cell, weight }: { readonly cell: Cell; readonly weight: number }): UnitRow {
  return {
    weight,
    values: new Map(Array.from(cell.replicates, (replicate, i) => [replicate, cell.values[i]!])),
  };
}

/**
 * One value a unit whose mean is the weighted mean of the rows' means. A unit with all rows has their weighted mean. Where rows lack units,
 * a unit's value is the estimate plus what the unit's own deviations move it: v_u = M + sqrt(U (U - 1)) sum_r w_r / n_r sqrt(n_r / (n_r - 1))
 * (y_ru - mean_r) over the rows that have it, so that the mean of the values is M and their variance over U is the sum over units of squared
 * influences, each row by its own degrees of freedom. With no value lacking this is the weighted mean of the unit's values itself.
 * The linearised variance of a weighted mean of strata over independent units: Cochran, Sampling Techniques (3rd ed., 1977), 6.11 and 11.9.
 */
export function unitsOfRows(
  rows: readonly UnitRow[],
  nameOf: (id: number) => string = String,
): readonly Unit[] {
  const ids = new Set<number>();
  for (const { values } of rows) for (const id of values.keys()) ids.add(id);
  const sorted = [...ids].sort((a, b) => a - b);
  if (rows.every(({ values }) => values.size === ids.size))
    return sorted.map((id) => ({
      id: nameOf(id),
      value: weightedMean(rows.map(({ weight, values }) => ({ weight, value: values.get(id)! }))),
    }));
  const parts = rows.map(({ weight, values }) => {
    const n = values.size;
    let sum = 0;
    for (const value of values.values()) sum += value;
    // A row of one unit says nothing of its own spread.
    return { values, weight, mean: sum / n, share: n < 2 ? 0 : (weight / n) * Math.sqrt(n / (n - 1)) };
  });
  const centre = parts.reduce((sum, { weight, mean }) => sum + weight * mean, 0);
  const scale = Math.sqrt(ids.size * (ids.size - 1));
  return sorted.map((id) => {
    const moved = parts.reduce((sum, { values, mean, share }) => {
      const value = values.get(id);
      return value === undefined ? sum : sum + share * (value - mean);
    }, 0);
    return { id: nameOf(id), value: centre + scale * moved };
  });
}
