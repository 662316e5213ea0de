// Rows of a trial table grouped by condition: for each condition the measured values of one metric, with their replicates.
// Only rows whose outcome is "measured" and whose metric is present give a value; every other row stays counted by attrition.ts.
import { hasMeasurement } from "../../runtime/record/outcome.ts";
import type { TrialTable } from "../../runtime/record/trial-table.ts";

/** The measured values of one metric in one condition, in ascending order of replicate as the table holds them. */
export interface Cell {
  /** Index in `table.conditions`. */
  readonly condition: number;
  readonly values: Float64Array;
  /** 0-based replicate of each value. */
  readonly replicates: Uint32Array;
  /** What the events of a count were counted over, each above 0: the values are then events per unit of it. Null for all else. */
  readonly exposure: Float64Array | null;
}

/** Thrown when a table has no such metric. */
export class UnknownMetricError extends Error {
  override readonly name = "UnknownMetricError";
}

/** Row numbers of each condition, in table order, as one flat array with offsets (no array a row). */
export interface RowsByCondition {
  readonly rows: Uint32Array;
  /** `offsets[c]` to `offsets[c + 1]` are the rows of condition c. */
  readonly offsets: Uint32Array;
}

/** Sorts row numbers by condition in two passes; 10^6 rows need 8 MB. */
export function rowsByCondition(table: TrialTable): RowsByCondition {
  const offsets = new Uint32Array(table.conditions.length + 1);
  for (let row = 0; row < table.rows; row++) offsets[table.condition[row]! + 1]!++;
  for (let c = 0; c < table.conditions.length; c++) offsets[c + 1]! += offsets[c]!;
  const next = offsets.slice(0, -1);
  const rows = new Uint32Array(table.rows);
  for (let row = 0; row < table.rows; row++) rows[next[table.condition[row]!]!++] = row;
  return { rows, offsets };
}

/**
 * One cell a condition, in the order of `table.conditions`; a condition without a value has an empty cell.
 *
 * @throws UnknownMetricError when the table has no column of that name.
 * @example cellsOf(table, "profitGain")[0].values  // Float64Array(50)
 */
export function cellsOf(table: TrialTable, metric: string): readonly Cell[] {
  const held = known.get(table) ?? new Map<string, readonly Cell[]>();
  known.set(table, held);
  const cells = held.get(metric) ?? groupedCells(table, metric);
  held.set(metric, cells);
  return cells;
}

/** Tables do not change, and every analysis of a metric asks for the same cells: each is grouped once. */
const known = new WeakMap<TrialTable, Map<string, readonly Cell[]>>();

function groupedCells(table: TrialTable, metric: string): readonly Cell[] {
  const column = table.metrics[metric];
  if (column === undefined) {
    throw new UnknownMetricError(
      `No metric "${metric}" in ${table.experiment.name}; it has ${Object.keys(table.metrics).join(", ")}.`,
    );
  }
  const { rows, offsets } = rowsByCondition(table);
  const exposureOf = exposureReader(table, metric);
  return table.conditions.map((_, condition) => {
    const own = rows.subarray(offsets[condition], offsets[condition + 1]);
    const kept = own.filter(
      (row) =>
        hasMeasurement(table.outcome[row]!) && Number.isFinite(column[row]!) && (exposureOf?.(row) ?? 1) > 0,
    );
    const values = new Float64Array(kept.length);
    const replicates = new Uint32Array(kept.length);
    const exposure = exposureOf === null ? null : new Float64Array(kept.length);
    for (let i = 0; i < kept.length; i++) {
      values[i] = column[kept[i]!]!;
      replicates[i] = table.replicate[kept[i]!]!;
      if (exposure === null) continue;
      exposure[i] = exposureOf!(kept[i]!);
      values[i] = values[i]! / exposure[i]!;
    }
    return { condition, values, replicates, exposure };
  });
}

/** What each row's events were counted over: another metric or a parameter; null for counts of a trial and for all other metrics. */
export function exposureReader(table: TrialTable, metric: string): ((row: number) => number) | null {
  const name = table.experiment.metrics[metric]?.count?.exposure ?? null;
  if (name === null) return null;
  const column = table.metrics[name];
  if (column !== undefined) return (row) => column[row]!;
  return (row) => Number(table.conditions[table.condition[row]!]![name]);
}
