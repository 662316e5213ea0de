// The rows of the CSV as a Parquet file with typed columns, written by DuckDB: text for names and levels, doubles for statistics,
// integers for counts. One thread and a fixed row order, so the bytes do not depend on the machine's cores.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Analysis } from "../analysis/analysis.ts";
import { csvColumnsOf, csvOf } from "./csv.ts";

/**
 * Writes `report.parquet` into a folder that exists and gives its path.
 *
 * @throws Error with DuckDB's message when the file cannot be written.
 */
export async function writeParquet(analysis: Analysis, folder: string): Promise<string> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const path = join(folder, "report.parquet");
  const staged = join(folder, ".report.parquet.csv");
  await writeFile(staged, csvOf(analysis));
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  try {
    const connection = await instance.connect();
    try {
      const columns = csvColumnsOf(analysis).map(({ name, type }) => `${quoted(name)}: '${type}'`);
      const source = `read_csv(${quoted(staged)}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '', columns = {${columns.join(", ")}})`;
      await connection.run(
        `COPY (SELECT * FROM ${source}) TO ${quoted(path)} (FORMAT parquet, COMPRESSION zstd)`,
      );
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
    await rm(staged, { force: true });
  }
  return path;
}

/** A SQL string literal. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
