// A connection to a PostgreSQL that many projects share, and its errors in words. The password comes from the address or from PGPASSWORD
// (or ~/.pgpass); it is in no message.
import { createRequire } from "node:module";
import type { Client } from "pg";
import { UserError } from "../../diagnostic/user-error.ts";

/** Longest wait for a server to answer, in milliseconds. */
const connectTimeoutMs = 10_000;

/** Whether an address is one of PostgreSQL. */
export function isPostgresAddress(address: string): boolean {
  return /^postgres(ql)?:\/\//.test(address);
}

/** Runs `use` on a connection that is closed after. Throws UserError where the server cannot be reached or refuses. */
export async function withPostgres<T>(
  address: string,
  { readOnly }: { readonly readOnly: boolean },
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const place = placeOf(address);
  const { Client }: typeof import("pg") = createRequire(import.meta.url)("pg");
  const client = new Client({
    connectionString: address,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: "labwright",
    ...(readOnly && { options: "-c default_transaction_read_only=on" }),
  });
  // A connection that breaks between two queries; the next one says so.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await use(client);
  } catch (error) {
    throw error instanceof UserError ? error : worded(error, place);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Server and database, without user and password. Throws UserError for what is no address. */
function placeOf(address: string): string {
  if (!isPostgresAddress(address) || !URL.canParse(address))
    throw new UserError("that is no address of a PostgreSQL", {
      hint: "Expected postgres://user@host:5432/database; the password may stand in PGPASSWORD.",
    });
  const { host, pathname } = new URL(address);
  return `${host === "" ? "the local PostgreSQL" : host}${decodeURIComponent(pathname)}`;
}

const remedies: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Start PostgreSQL there, or correct host and port.",
  ENOTFOUND: "There is no host of that name.",
  "28P01": "The password is wrong or missing: set PGPASSWORD.",
  "28000": "The server does not let this user in (pg_hba.conf).",
  "3D000": "Make the database first: createdb.",
  "42501":
    "The user needs CREATE on the database for the first push, and INSERT, UPDATE and DELETE on schema labwright after.",
};

function worded(error: unknown, place: string): UserError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (error instanceof Error && error.message.includes("client password must be a string"))
    return new UserError(`${place} wants a password`, { hint: "Set PGPASSWORD." });
  const said = error instanceof Error && error.message !== "" ? error.message : code;
  // The server knows the nearest column of a query.
  const hint = error instanceof Error && "hint" in error ? error.hint : undefined;
  return new UserError(`${place}: ${said}`, {
    hint: remedies[code] ?? (typeof hint === "string" ? hint : undefined),
  });
}
