// A table function of DuckDB whose rows are made here, a vector at a time: nothing is staged, so copying any number of rows to Parquet
// takes the memory of one row group.
import type { DuckDBConnection } from "@duckdb/node-api";
import type { ColumnType } from "./column-type.ts";
import { isNumeric } from "./column-type.ts";

export interface SourceColumn {
  readonly name: string;
  readonly type: ColumnType;
}

/** Where a source writes its rows: `numbers` for doubles (NaN is missing), `texts` for the others; index by column, then row. */
export interface RowBuffers {
  readonly numbers: readonly Float64Array[];
  readonly texts: readonly (string | null)[][];
}

/** Fills rows 0 to at most `limit` - 1 and returns how many; 0 when there are no more. */
export type FillRows = (buffers: RowBuffers, limit: number) => number;

/** Rows of a DuckDB vector. */
const vectorRows = 2048;

/** Registers the source as `name()`. It can be scanned once; numeric columns come as DOUBLE, the others as VARCHAR. */
export async function registerRowSource(
  connection: DuckDBConnection,
  source: {
    readonly name: string;
    readonly columns: readonly SourceColumn[];
    /** About how many: without it DuckDB would take the source for a small table and hold all of it in memory to join it. */
    readonly rows: number;
    readonly fill: FillRows;
    readonly onError: (error: unknown) => void;
  },
): Promise<void> {
  const { DOUBLE, DuckDBTableFunction, VARCHAR } = await import("@duckdb/node-api");
  const { columns, fill } = source;
  const buffers: RowBuffers = {
    numbers: columns.map(({ type }) => new Float64Array(isNumeric(type) ? vectorRows : 0)),
    texts: columns.map(() => []),
  };
  connection.registerTableFunction(
    DuckDBTableFunction.create({
      name: source.name,
      bindFunction(info) {
        for (const { name, type } of columns) info.addResultColumn(name, isNumeric(type) ? DOUBLE : VARCHAR);
        info.setCardinality(source.rows, false);
      },
      initFunction(info) {
        info.setMaxThreads(1);
      },
      mainFunction(info, chunk) {
        let count = 0;
        try {
          count = fill(buffers, vectorRows);
        } catch (error) {
          source.onError(error);
          info.setError(error instanceof Error ? error.message : String(error));
        }
        chunk.rowCount = count;
        if (count === 0) return;
        for (const [index, { type }] of columns.entries()) {
          const vector = chunk.getColumnVector(index);
          const values = isNumeric(type) ? buffers.numbers[index]! : buffers.texts[index]!;
          for (let row = 0; row < count; row += 1) vector.setItem(row, values[row]!);
          vector.flush();
        }
      },
    }),
  );
}

/** SQL that gives a source's column its stored type again. `place` is the column as the query names it. */
export function typedColumnSql(place: string, type: ColumnType): string {
  switch (type) {
    case "integer":
      return `CASE WHEN isnan(${place}) THEN NULL ELSE CAST(${place} AS BIGINT) END`;
    case "number":
      return `CASE WHEN isnan(${place}) THEN NULL ELSE ${place} END`;
    case "boolean":
      return `CASE WHEN isnan(${place}) THEN NULL ELSE ${place} <> 0 END`;
    case "text":
    case "json":
      return place;
  }
}
