// Turns the rows of a series into columns for a record batch, and back. Rows come back deeply equal to what went in, but that
// -0 is 0 and members that were undefined are absent.
import type { SeriesColumnJson, SeriesJson } from "./batch-layout.ts";
import { assertJsonData, ownValue, setOwn } from "./json-data.ts";

type Row = Readonly<Record<string, unknown>>;

/** Rows of one series gathered by a batch builder. */
export interface SeriesRows {
  readonly records: number[];
  readonly counts: number[];
  readonly rows: Row[];
}

/** A column on its way into a batch. */
export interface EncodedColumn {
  readonly name: string;
  readonly data: Float64Array | readonly unknown[];
  readonly absent: readonly number[];
}

/** One column for each key that occurs in any row, in order of first appearance. Throws NotJsonData. */
export function columnsOf(rows: readonly Row[], series: string): EncodedColumn[] {
  const keys = new Set<string>();
  let previous: string[] = [];
  for (const row of rows) {
    const own = Object.keys(row);
    if (isSame(own, previous)) continue;
    for (const key of own) keys.add(key);
    previous = own;
  }
  return [...keys]
    .map((key) => columnOf(rows, key, series))
    .filter((column) => column.absent.length < rows.length);
}

/** The rows, built again. */
export function rowsOfSeries(series: SeriesJson, bytes: Uint8Array): Record<string, unknown>[] {
  const rows: Record<string, unknown>[] = Array.from({ length: series.rows }, () => ({}));
  for (const column of series.columns) {
    const data = columnDataOf(column, series.rows, bytes);
    if (column.absent === undefined) {
      for (let index = 0; index < rows.length; index++) setOwn(rows[index]!, column.name, data[index]);
      continue;
    }
    const absent = new Set(column.absent);
    for (let index = 0; index < rows.length; index++)
      if (!absent.has(index)) setOwn(rows[index]!, column.name, data[index]);
  }
  return rows;
}

/** A column's values: a view of the batch's bytes for doubles, the parsed list otherwise. */
export function columnDataOf(
  column: SeriesColumnJson,
  rows: number,
  bytes: Uint8Array,
): Float64Array | readonly unknown[] {
  if (column.at === undefined) return column.values ?? [];
  return new Float64Array(bytes.buffer, bytes.byteOffset + column.at, rows);
}

function columnOf(rows: readonly Row[], key: string, series: string): EncodedColumn {
  const risky = key in Object.prototype;
  const numbers = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index++) {
    const value = risky ? ownValue(rows[index]!, key) : rows[index]![key];
    if (typeof value !== "number" || !Number.isFinite(value)) return mixedColumnOf(rows, key, series);
    numbers[index] = value + 0;
  }
  return { name: key, data: numbers, absent: [] };
}

function mixedColumnOf(rows: readonly Row[], key: string, series: string): EncodedColumn {
  const absent: number[] = [];
  const data: unknown[] = new Array(rows.length);
  let allNumbers = true;
  for (let index = 0; index < rows.length; index++) {
    const value = ownValue(rows[index]!, key);
    if (value === undefined) {
      absent.push(index);
      data[index] = null;
      continue;
    }
    assertJsonData(value, `${series}.${key}`);
    if (typeof value !== "number") allNumbers = false;
    data[index] = value;
  }
  if (!allNumbers) return { name: key, data, absent };
  return { name: key, data: Float64Array.from(data, (value) => Number(value) + 0), absent };
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) if (left[index] !== right[index]) return false;
  return true;
}
