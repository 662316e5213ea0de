// Pages of the table of trials, filtered and sorted over all rows. An order is kept, so that rows stay in their places while a run goes
// on; values in them are always the newest. Missing values stand last in both directions.
import { trialOf } from "../../plan/opened-plan.ts";
import { idOfUnit } from "../../plan/trial-id.ts";
import { isUnfinished, notRunCode } from "../../record/outcome.ts";
import type { TrialRow, TrialsPage } from "../detail-data.ts";
import type { Condition } from "../view-data.ts";
import { metricValueAt, stateOf } from "./cells.ts";
import type { RunTables, TrialColumns } from "./run-tables.ts";
import { stableOrder } from "./stable-order.ts";
import { columnNamed, filterOf } from "./where.ts";

export interface TrialsQuery {
  readonly where: string;
  /** A column's name, "-" before it for the largest first; empty for the design's order. */
  readonly sort: string;
  readonly offset: number;
  readonly limit: number;
  /** The version whose order is wanted; null for the newest. */
  readonly at: number | null;
}

interface Order {
  readonly key: string;
  readonly version: number;
  readonly rows: Uint32Array;
  readonly ended: number;
  readonly states: Readonly<Record<string, number>>;
}

/** Orders kept for one run. */
const ordersMax = 8;

export class TrialOrders {
  readonly #orders: Order[] = [];

  /** Throws UserError for a filter or a sort that names what is not there. */
  page(tables: RunTables, columns: TrialColumns, query: TrialsQuery): TrialsPage {
    const order = this.#orderOf(tables.version, columns, query);
    const { table } = columns;
    const rows = Array.from(order.rows.subarray(query.offset, query.offset + query.limit));
    const conditions: Record<number, Condition> = {};
    for (const row of rows) conditions[table.condition[row]!] = table.conditions[table.condition[row]!]!;
    return {
      version: order.version,
      offset: query.offset,
      count: order.rows.length,
      total: table.rows,
      newer: Math.max(0, endedOf(columns) - order.ended),
      conditions,
      rows: rows.map((row) => rowOf(columns, row)),
      states: order.states,
    };
  }

  #orderOf(version: number, columns: TrialColumns, { where, sort, at }: TrialsQuery): Order {
    const key = JSON.stringify([columns.table.experiment.name, where, sort]);
    const wanted = at ?? version;
    const known = this.#orders.find((order) => order.key === key && order.version === wanted);
    if (known !== undefined) return known;
    const order = { key, version, ended: endedOf(columns), ...sortedRows(columns, where, sort) };
    this.#orders.unshift(order);
    this.#orders.splice(ordersMax);
    return order;
  }
}

function endedOf({ table }: TrialColumns): number {
  let ended = 0;
  for (const code of table.outcome) if (code !== notRunCode && !isUnfinished(code)) ended += 1;
  return ended;
}

function sortedRows(columns: TrialColumns, where: string, sort: string): Pick<Order, "rows" | "states"> {
  const { table } = columns;
  const fits = filterOf(columns, where);
  const rows = new Uint32Array(table.rows);
  const states: Record<string, number> = {};
  let count = 0;
  for (let row = 0; row < table.rows; row += 1) {
    if (where !== "" && !fits(row)) continue;
    rows[count] = row;
    count += 1;
    const state = stateOf(columns, row);
    states[state] = (states[state] ?? 0) + 1;
  }
  const kept = rows.slice(0, count);
  return { rows: sort === "" ? kept : sorted(columns, kept, sort), states };
}

function sorted(columns: TrialColumns, rows: Uint32Array, sort: string): Uint32Array {
  const isDown = sort.startsWith("-");
  const name = isDown ? sort.slice(1) : sort;
  const column = columnNamed(columns, name);
  if (column === null) return rows;
  const places = stableOrder(rows.length, { cell: (place) => column(rows[place]!), isDown });
  return places.map((place) => rows[place]!);
}

function rowOf(columns: TrialColumns, row: number): TrialRow {
  const { table, opened, endedAtMs } = columns;
  const { space, planned } = opened;
  const numberOf = (value: number): number | null => (Number.isNaN(value) ? null : value);
  return {
    row,
    id: idOfUnit({
      job: trialOf(opened).job,
      unit: columns.unitOf(row),
      space,
      replicates: planned.replicates,
    }),
    condition: table.condition[row]!,
    replicate: table.replicate[row]!,
    state: stateOf(columns, row),
    metrics: Object.keys(table.metrics).map((name) => metricValueAt(table, name, row)),
    durationMs: numberOf(table.durationMs[row]!),
    endedAtMs: numberOf(endedAtMs[row]!),
    used: Object.values(table.telemetry).map((values) => numberOf(values[row]!)),
  };
}
