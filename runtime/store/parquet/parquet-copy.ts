// One COPY to a Parquet file, zstd, with row groups small enough that a wide table takes no more memory than a narrow one.
import type { DuckDBConnection } from "@duckdb/node-api";
import { quotedText } from "./duck.ts";

/** Values of a row group over all columns. */
const groupValuesMax = 1_500_000;
/** DuckDB writes row groups of whole vectors. */
const vectorRows = 2048;

export interface ParquetCopy {
  readonly path: string;
  readonly select: string;
  /** How many columns the query has. */
  readonly columns: number;
  /** What the row source threw, which says more than DuckDB's wrapping of it. */
  readonly failure: { readonly error: unknown };
}

/** Returns the rows written. */
export async function copyToParquet(connection: DuckDBConnection, copy: ParquetCopy): Promise<number> {
  const groupRows = Math.min(
    122_880,
    Math.max(vectorRows, Math.floor(groupValuesMax / copy.columns / vectorRows) * vectorRows),
  );
  try {
    const result = await connection.run(
      `COPY (${copy.select}) TO ${quotedText(copy.path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${groupRows})`,
    );
    return result.rowsChanged;
  } catch (error) {
    throw copy.failure.error ?? error;
  }
}
