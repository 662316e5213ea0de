// Writes one series of an experiment as Parquet files of at most a hundred thousand rows: factors, condition, replicate, position within the
// trial, and the series' own columns.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Job } from "../../plan/plan.ts";
import type { SeriesJson } from "../../record/batch-layout.ts";
import { columnDataOf } from "../../record/series-columns.ts";
import type { CountedRows } from "../ledger/job-ledger.ts";
import { factorsUsed } from "../runs/stage-rows.ts";
import { conditionColumns, distinctNames, seriesColumns } from "./column-names.ts";
import type { ColumnType } from "./column-type.ts";
import { doubleOfValue, isNumeric, textOfValue } from "./column-type.ts";
import { quotedName, quotedText } from "./duck.ts";
import { copyToParquet } from "./parquet-copy.ts";
import type { RowBuffers, SourceColumn } from "./row-source.ts";
import { registerRowSource, typedColumnSql } from "./row-source.ts";
import type { ExperimentRows } from "./trial-scan.ts";

export const seriesPartRows = 100_000;

export interface SeriesToWrite {
  readonly name: string;
  readonly columns: ReadonlyMap<string, ColumnType>;
  /** Where the part files go; made when missing. */
  readonly folder: string;
  /** Tells sources of one connection apart. */
  readonly serial: number;
}

/** Units that may have rows of a series: an experiment's trials, or those of a stage, with the parameters that it uses. */
export interface SeriesUnits extends ExperimentRows {
  readonly job: Job;
}

/** Needs the table `conditions` of writeTrials. Returns the number of rows; a series without rows gets one empty part, so that queries know it. */
export async function writeSeries(
  connection: DuckDBConnection,
  units: readonly SeriesUnits[],
  series: SeriesToWrite,
): Promise<number> {
  mkdirSync(series.folder, { recursive: true });
  const columns = [...series.columns].map(([name, type]) => ({ name, type }));
  let total = 0;
  let number = 0;
  for (const [index, part] of units.entries()) {
    const rows = new SeriesRowReader(part, series.name, columns);
    while (rows.hasMore || (number === 0 && index === units.length - 1)) {
      number += 1;
      total += await writePart(connection, part, { series, number, columns, rows });
    }
  }
  return total;
}

async function writePart(
  connection: DuckDBConnection,
  part: SeriesUnits,
  of: {
    readonly series: SeriesToWrite;
    readonly number: number;
    readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
    readonly rows: SeriesRowReader;
  },
): Promise<number> {
  const { series, number, columns, rows } = of;
  const factors = part.experiment.space.factors.map(({ name }) => name);
  const parameters = part.experiment.space.parameters;
  const { per, uses, stage } = part.job;
  const used = new Set(factorsUsed(factors, per === "build" ? [] : uses));
  const [factorNames, columnNames] = distinctNames(seriesColumns, [
    { prefix: "factor", names: factors.filter((name) => parameters.includes(name)) },
    { prefix: "series", names: columns.map(({ name }) => name) },
  ]);
  const stored = await storedNames(connection);
  const failure = { error: null as unknown };
  const source = `lab_series_${series.serial}_${number}`;
  await registerRowSource(connection, {
    name: source,
    columns: [
      ...["condition", "replicate", "position"].map((name): SourceColumn => ({ name, type: "number" })),
      ...columns.map(({ type }, index): SourceColumn => ({ name: `c${index}`, type })),
    ],
    rows: seriesPartRows,
    fill: rows.partFill(seriesPartRows),
    onError: (error) => (failure.error = error),
  });
  const factorSql = factorNames!.map((name, index) => {
    const factor = factors[index]!;
    const value = `c.${quotedName(stored[parameters.indexOf(factor)]!)}`;
    // Null of the column's own type.
    return `${used.has(factor) ? value : `CASE WHEN false THEN ${value} END`} AS ${quotedName(name)}`;
  });
  const columnSql = columns.map(
    ({ type }, index) => `${typedColumnSql(`r.c${index}`, type)} AS ${quotedName(columnNames![index]!)}`,
  );
  const fixed = ["condition", "replicate", "position"].map(
    (name) => `CAST(r.${name} AS UINTEGER) AS ${name}`,
  );
  const select = [...factorSql, ...fixed, `${quotedText(stage)} AS stage`, ...columnSql].join(", ");
  return copyToParquet(connection, {
    path: join(series.folder, `part-${String(number).padStart(5, "0")}.parquet`),
    columns: factors.length + columns.length + seriesColumns.length,
    failure,
    select: `SELECT ${select} FROM ${source}() r LEFT JOIN conditions c ON c.lab_condition = CAST(r.condition AS UINTEGER)`,
  });
}

/** Names of the parameters' columns in the table `conditions`, in the space's order. */
async function storedNames(connection: DuckDBConnection): Promise<readonly string[]> {
  const reader = await connection.runAndReadAll(
    "SELECT column_name FROM duckdb_columns() WHERE table_name = 'conditions' ORDER BY column_index",
  );
  return reader
    .getRows()
    .slice(conditionColumns.length)
    .map(([name]) => String(name));
}

interface OpenBatch {
  readonly counted: CountedRows;
  readonly series: SeriesJson;
  readonly columns: readonly ({
    readonly data: Float64Array | readonly unknown[];
    readonly absent: ReadonlySet<number> | null;
  } | null)[];
  /** Unit of each record of the batch that counts, by batch row. */
  readonly units: ReadonlyMap<number, number>;
}

/** Walks the rows of one series over all batches, in pieces of any size. */
class SeriesRowReader {
  readonly #batches: Generator<CountedRows, void>;
  #open: OpenBatch | null = null;
  /** Next record of the batch's series, row within that record, and row within the batch's series. */
  #record = 0;
  #position = 0;
  #row = 0;

  constructor(
    private readonly part: ExperimentRows,
    private readonly name: string,
    private readonly columns: readonly { readonly name: string; readonly type: ColumnType }[],
  ) {
    this.#batches = part.ledger.counted();
    this.#openNext();
  }

  get hasMore(): boolean {
    return this.#open !== null;
  }

  /** Fills until so many rows have been given in all. */
  partFill(rowsMax: number): (buffers: RowBuffers, limit: number) => number {
    let left = rowsMax;
    return (buffers, limit) => {
      const filled = this.#fill(buffers, Math.min(limit, left));
      left -= filled;
      return filled;
    };
  }

  #fill(buffers: RowBuffers, limit: number): number {
    const [conditions, replicates, positions] = buffers.numbers as Float64Array[];
    const { planned } = this.part;
    let filled = 0;
    while (filled < limit && this.#open !== null) {
      const open = this.#open;
      const unit = open.units.get(open.series.records[this.#record]!)!;
      const rows = Math.min(open.series.counts[this.#record]! - this.#position, limit - filled);
      for (let index = 0; index < rows; index += 1) {
        conditions![filled + index] = planned.conditionOf(unit);
        replicates![filled + index] = planned.replicateOf(unit);
        positions![filled + index] = this.#position + index;
      }
      for (const [column, { type }] of this.columns.entries())
        this.#fillColumn(buffers, { column: column + 3, type, source: open.columns[column]!, filled, rows });
      filled += rows;
      this.#position += rows;
      this.#row += rows;
      if (this.#position >= open.series.counts[this.#record]!) this.#nextRecord();
    }
    return filled;
  }

  #fillColumn(
    buffers: RowBuffers,
    of: {
      readonly column: number;
      readonly type: ColumnType;
      readonly source: OpenBatch["columns"][number];
      readonly filled: number;
      readonly rows: number;
    },
  ): void {
    const { source, filled, rows, type } = of;
    const numbers = buffers.numbers[of.column]!;
    const texts = buffers.texts[of.column]!;
    for (let index = 0; index < rows; index += 1) {
      const at = this.#row + index;
      const value = source === null || source.absent?.has(at) === true ? null : source.data[at];
      if (isNumeric(type)) numbers[filled + index] = doubleOfValue(value);
      else texts[filled + index] = textOfValue(value, type);
    }
  }

  #nextRecord(): void {
    this.#record += 1;
    this.#position = 0;
    this.#skipUncounted();
  }

  /** Goes to the next record that counts and has rows, in this batch or a later one. */
  #skipUncounted(): void {
    if (this.#open === null) return;
    const { series, units } = this.#open;
    while (this.#record < series.records.length) {
      const count = series.counts[this.#record]!;
      if (count > 0 && units.has(series.records[this.#record]!)) return;
      this.#row += count;
      this.#record += 1;
    }
    this.#openNext();
  }

  #openNext(): void {
    this.#open = null;
    for (let next = this.#batches.next(); next.done !== true; next = this.#batches.next()) {
      const { batch, count, rows, units } = next.value;
      const series = batch.hasExtras
        ? batch.json().series?.find((each) => each.name === this.name)
        : undefined;
      if (series === undefined) continue;
      const unitOfRow = new Map<number, number>();
      for (let index = 0; index < count; index += 1)
        if (this.part.planned.has(units[index]!)) unitOfRow.set(rows[index]!, units[index]!);
      const columns = this.columns.map(({ name }) => {
        const column = series.columns.find((each) => each.name === name);
        if (column === undefined) return null;
        const data = columnDataOf(column, series.rows, batch.bytes);
        return { data, absent: column.absent === undefined ? null : new Set(column.absent) };
      });
      this.#open = { counted: next.value, series, columns, units: unitOfRow };
      this.#record = 0;
      this.#position = 0;
      this.#row = 0;
      this.#skipUncounted();
      return;
    }
  }
}
