// `lab query`: one SELECT over the tables of a run. Nothing can be written, and no file but the run's own can be read.
import { UserError } from "../../diagnostic/user-error.ts";
import type { ProjectStore } from "../project-store.ts";
import type { RunManifest } from "../store.ts";
import type { RunDatabase } from "./run-database.ts";
import { withRunDatabase } from "./run-database.ts";
import { plainValueOf } from "./sql-value.ts";

export interface QueryAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Row by row, in the order of the columns. Integers too large for a double are text. */
  readonly rows: readonly (readonly unknown[])[];
}

/**
 * Runs one SQL query (DuckDB's dialect) over a run. Tables: `trials` (all experiments, by column name), one a experiment, and for each
 * series `series_<name>` and `<experiment>_<name>`. Throws UserError for SQL that DuckDB refuses and for anything but a query.
 */
export async function queryRun(options: {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly sql: string;
}): Promise<QueryAnswer> {
  const { store, run, sql } = options;
  return withRunDatabase({ store, run, mentions: sql, locked: true }, (database) => answerOf(database, sql));
}

async function answerOf(database: RunDatabase, sql: string): Promise<QueryAnswer> {
  const { JSDuckDBValueConverter, StatementType } = await import("@duckdb/node-api");
  try {
    if (sql.trim() === "") throw new UserError("lab query takes one query, not 0.");
    const statements = await database.connection.extractStatements(sql);
    if (statements.count !== 1) throw new UserError(`lab query takes one query, not ${statements.count}.`);
    const prepared = await statements.prepare(0);
    if (prepared.statementType !== StatementType.SELECT)
      throw new UserError("lab query only reads.", { hint: "Give a SELECT, DESCRIBE, SHOW or SUMMARIZE." });
    const reader = await prepared.runAndReadAll();
    const names = reader.deduplicatedColumnNames();
    const types = reader.columnTypes();
    return {
      columns: names.map((name, index) => ({ name, type: String(types[index]) })),
      rows: reader.convertRows(JSDuckDBValueConverter).map((row) => row.map(plainValueOf)),
    };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new UserError(message.trim(), {
      hint: `Tables: ${database.tables.join(", ")}. \`DESCRIBE trials\` lists columns.`,
    });
  }
}
