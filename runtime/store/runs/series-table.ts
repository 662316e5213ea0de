// One series of an experiment as columns over the trial table: rows in the order of the table, within a trial as recorded.
import { ownValue, setOwn } from "../../record/json-data.ts";
import { columnDataOf } from "../../record/series-columns.ts";
import type { SeriesTable } from "../../record/trial-table.ts";
import type { JobLedger } from "../ledger/job-ledger.ts";
import type { TableRows } from "./planned-rows.ts";
import { countedTableRows } from "./planned-rows.ts";

type Column = Float64Array | readonly unknown[];

/** The rows of one series that one batch holds. */
interface SeriesPart {
  /** Table row of each, -1 where it does not count. */
  readonly row: Int32Array;
  readonly columns: Readonly<
    Record<string, { readonly data: Column; readonly absent: ReadonlySet<number> | null }>
  >;
}

/** Missing members are null; a column of numbers without gaps is a Float64Array. */
export function seriesTableOf(
  name: string,
  of: { readonly ledger: JobLedger; readonly tableRows: TableRows },
): SeriesTable {
  const parts: SeriesPart[] = [];
  of.ledger.visit((counted) => {
    const { batch, rows: batchRows, count } = counted;
    if (!batch.hasExtras) return;
    const series = batch.json().series?.find((each) => each.name === name);
    if (series === undefined) return;
    const tableRows = countedTableRows(counted, of.tableRows);
    const tableRowOf = new Map(
      Array.from({ length: count }, (_, index) => [batchRows[index]!, tableRows[index]!]),
    );
    const row = new Int32Array(series.rows);
    let next = 0;
    for (const [index, record] of series.records.entries()) {
      const end = next + series.counts[index]!;
      row.fill(tableRowOf.get(record) ?? -1, next, end);
      next = end;
    }
    const columns: Record<string, unknown> = {};
    for (const column of series.columns) {
      const data = columnDataOf(column, series.rows, batch.bytes);
      const absent = column.absent === undefined ? null : new Set(column.absent);
      // Views die with the visit.
      setOwn(columns, column.name, { data: data instanceof Float64Array ? data.slice() : data, absent });
    }
    // Every member was set just above.
    parts.push({ row, columns: columns as SeriesPart["columns"] });
  });
  return joined(name, parts);
}

function joined(name: string, parts: readonly SeriesPart[]): SeriesTable {
  const total = parts.reduce(
    (sum, { row }) => sum + row.reduce((counted, each) => counted + (each < 0 ? 0 : 1), 0),
    0,
  );
  const partOf = new Uint32Array(total);
  const indexInPart = new Uint32Array(total);
  const row = new Uint32Array(total);
  let at = 0;
  for (const [part, { row: rows }] of parts.entries()) {
    for (let index = 0; index < rows.length; index += 1) {
      if (rows[index]! < 0) continue;
      partOf[at] = part;
      indexInPart[at] = index;
      row[at] = rows[index]!;
      at += 1;
    }
  }
  const order = sortedOrder(row);
  const names = [...new Set(parts.flatMap(({ columns }) => Object.keys(columns)))];
  const columns: Record<string, unknown> = {};
  for (const column of names) {
    const sources = parts.map(
      (part) => ownValue(part.columns, column) as SeriesPart["columns"][string] | undefined,
    );
    const isNumeric = sources.every(
      (source) => source?.data instanceof Float64Array && source.absent === null,
    );
    const values: Float64Array | unknown[] = isNumeric ? new Float64Array(total) : new Array(total);
    for (let index = 0; index < total; index += 1) {
      const from = order === null ? index : order[index]!;
      const source = sources[partOf[from]!];
      const place = indexInPart[from]!;
      values[index] = source === undefined || source.absent?.has(place) === true ? null : source.data[place];
    }
    setOwn(columns, column, values);
  }
  const sortedRow = order === null ? row : Uint32Array.from(order, (from) => row[from]!);
  // Every member was set just above.
  return { name, row: sortedRow, columns: columns as SeriesTable["columns"] };
}

/** A stable order by value; null when the values ascend already. */
function sortedOrder(values: Uint32Array): Uint32Array | null {
  let isSorted = true;
  for (let index = 1; index < values.length && isSorted; index += 1)
    isSorted = values[index - 1]! <= values[index]!;
  if (isSorted) return null;
  return Uint32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]! || a - b);
}
