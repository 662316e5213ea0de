// The rows of the CSV as a Parquet file with typed columns, written by DuckDB: text for names and levels, doubles for statistics,
// integers for counts. One thread and a fixed row order, so the bytes do not depend on the machine's cores.
import { rm, writeFile } from "node:fs/promises";
import type { Analysis } from "../analysis/analysis.ts";
import { csvColumnsOf, csvOf } from "./csv.ts";

/**
 * Writes the file at `path`, in a folder that exists.
 *
 * @throws Error with DuckDB's message when the file cannot be written.
 */
export async function writeParquet(analysis: Analysis, path: string): Promise<void> {
  const staged = `${path}.csv`;
  try {
    await writeFile(staged, csvOf(analysis));
    await copied(staged, path, analysis);
  } finally {
    await rm(staged, { force: true });
  }
}

async function copied(staged: string, path: string, analysis: Analysis): Promise<void> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
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
  }
}

/** A SQL string literal. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
