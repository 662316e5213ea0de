// Rows of a trial table grouped by condition: for each condition the values of one metric, with their replicates. A trial gives a value
// where it measured the metric, and where it was censored in it: then all are times. Every other row stays counted by attrition.ts.
import { outcomeCodes } from "../../runtime/record/outcome.ts";
import type { TrialTable } from "../../runtime/record/trial-table.ts";
import {
  boundOf,
  type CensoredTimes,
  isCensoredMetric,
  restrictedValuesOf,
  timesOf,
} from "./censored-times.ts";

/** The values of one metric in one condition, in ascending order of replicate as the table holds them. */
export interface Cell {
  /** Index in `table.conditions`. */
  readonly condition: number;
  readonly values: Float64Array;
  /** What was measured or bounded, where some trial of the table was censored in the metric: `values` are then what each adds to the restricted mean. */
  readonly times: CensoredTimes | null;
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
  const isCensored = isCensoredMetric(table, metric);
  const cells = table.conditions.map((_, condition): Cell => {
    const own = rows.subarray(offsets[condition], offsets[condition + 1]);
    const isMeasured = (row: number) => endedAsMeant(table.outcome[row]!) && Number.isFinite(column[row]!);
    const boundAt = (row: number) => (isCensored ? boundOf(table, row, metric) : null);
    const kept = own.filter(
      (row) => (isMeasured(row) || boundAt(row) !== null) && (exposureOf?.(row) ?? 1) > 0,
    );
    const values = new Float64Array(kept.length);
    const replicates = new Uint32Array(kept.length);
    const exposure = exposureOf === null ? null : new Float64Array(kept.length);
    for (let i = 0; i < kept.length; i++) {
      values[i] = boundAt(kept[i]!) ?? column[kept[i]!]!;
      replicates[i] = table.replicate[kept[i]!]!;
      if (exposure === null) continue;
      exposure[i] = exposureOf!(kept[i]!);
      values[i] = values[i]! / exposure[i]!;
    }
    const times = isCensored
      ? { time: [...values], event: Array.from(kept, (row) => boundAt(row) === null), horizon: 0, origin: 0 }
      : null;
    return { condition, values, replicates, exposure, times };
  });
  return isCensored ? asTimes(cells) : cells;
}

/** A trial that was censored in one metric may have measured others. */
function endedAsMeant(outcome: number): boolean {
  return outcome === outcomeCodes.measured || outcome === outcomeCodes.censored;
}

/** The same cells with one horizon, and what each trial adds to the restricted mean up to there as its value. */
function asTimes(cells: readonly Cell[]): readonly Cell[] {
  const filled = cells.filter(({ values }) => values.length > 0);
  const placed = new Map(
    timesOf(filled.map(({ times }) => times!)).map((times, i) => [filled[i]!.condition, times]),
  );
  return cells.map((cell) => {
    const times = placed.get(cell.condition);
    return times === undefined
      ? { ...cell, times: null }
      : { ...cell, times, values: restrictedValuesOf(times) };
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
