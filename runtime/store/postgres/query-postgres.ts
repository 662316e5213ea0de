// `lab query --from postgres://...`: one query over the shared store, in a transaction that cannot write.

import type { Client } from "pg";
import { UserError } from "../../diagnostic/user-error.ts";
import type { QueryAnswer } from "../sql/query.ts";
import { plainValueOf } from "../sql/sql-value.ts";
import { withPostgres } from "./connect.ts";

/** Type numbers of PostgreSQL that are numbers, with the name of the type. */
const numberTypes: Readonly<Record<number, string>> = {
  20: "BIGINT",
  21: "INTEGER",
  23: "INTEGER",
  700: "DOUBLE",
  701: "DOUBLE",
  1700: "DECIMAL",
};

/** Throws UserError for SQL that the server refuses. Tables without a schema are those of schema labwright. */
export async function queryPostgres(address: string, sql: string): Promise<QueryAnswer> {
  return withPostgres(address, { readOnly: true }, async (client) => {
    await client.query("SET search_path TO labwright, public");
    await client.query("BEGIN READ ONLY");
    // After its first query a transaction cannot be made one that writes.
    await client.query("SELECT 1");
    // A prepared statement is one statement: nothing can follow that ends the transaction.
    const { fields, rows } = await client
      .query({ text: sql, rowMode: "array", name: "lab-query" })
      .catch((error: unknown) => tablesNamed(client, error));
    return {
      columns: fields.map(({ name, dataTypeID }) => ({ name, type: numberTypes[dataTypeID] ?? "VARCHAR" })),
      rows: rows.map((row: readonly unknown[]) =>
        row.map((value, column) => answerOf(value, fields[column]?.dataTypeID)),
      ),
    };
  });
}

/** Throws the error again, with what tables there are where one that is named is none. */
async function tablesNamed(client: Client, error: unknown): Promise<never> {
  if (!(error instanceof Error && "code" in error && error.code === "42P01")) throw error;
  await client.query("ROLLBACK");
  const {
    rows: [access],
  } = await client.query(
    "SELECT has_schema_privilege(oid, 'USAGE') AS usable, current_user AS name FROM pg_namespace WHERE nspname = 'labwright'",
  );
  if (access?.usable === false)
    throw new UserError(`${access.name} may not read schema labwright`, {
      hint: `Its owner lets it: GRANT USAGE ON SCHEMA labwright TO ${access.name}; GRANT SELECT ON ALL TABLES IN SCHEMA labwright TO ${access.name};`,
    });
  const { rows } = await client.query(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'labwright' ORDER BY table_type DESC, 1",
  );
  throw new UserError(error.message, {
    hint:
      rows.length === 0
        ? "Nothing has been pushed there: `lab push postgres://...` makes the tables."
        : `Tables: ${rows.map(({ name }) => name).join(", ")}.`,
  });
}

/** Long integers and decimals come as text: numbers where a double holds them exactly. */
function answerOf(value: unknown, type: number | undefined): unknown {
  if (typeof value !== "string" || (type !== 20 && type !== 1700)) return plainValueOf(value);
  const read = Number(value);
  return String(read) === value ? read : value;
}
