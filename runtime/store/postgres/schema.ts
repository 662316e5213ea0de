// The tables of a shared results store in PostgreSQL, in a schema of their own. docs/integrations.md describes them.
import type { Client } from "pg";
import { UserError } from "../../diagnostic/user-error.ts";

/** Rises when a table or a column changes its meaning; a store of a later version is left alone. */
const schemaVersion = 1;

/** Held while tables or views are made, so that pushes at once do it one after the other. */
const lockNumber = 0x1ab_0001;

const tables = `
CREATE SCHEMA IF NOT EXISTS labwright;
CREATE TABLE IF NOT EXISTS labwright.schema_version (
  version integer NOT NULL, made_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS labwright.runs (
  key text PRIMARY KEY, run text NOT NULL, name text, status text NOT NULL, started_at timestamptz,
  finished_at timestamptz, command text, build text NOT NULL, labwright text NOT NULL, git_commit text,
  pushed_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE IF NOT EXISTS labwright.experiments (
  run_key text NOT NULL REFERENCES labwright.runs ON DELETE CASCADE, experiment text NOT NULL, question text,
  file text, replicates integer NOT NULL, seed text, pairing text, primary_metric text, metrics jsonb NOT NULL,
  PRIMARY KEY (run_key, experiment));
CREATE TABLE IF NOT EXISTS labwright.trials (
  trial text PRIMARY KEY, experiment text NOT NULL, job text NOT NULL, parameters jsonb NOT NULL,
  replicate integer NOT NULL, seed bigint, outcome text NOT NULL, reason text, message text, metrics jsonb NOT NULL,
  censored_metric text, censored_bound double precision, artifacts jsonb NOT NULL, telemetry jsonb NOT NULL,
  attempt integer, started_at timestamptz, duration_ms double precision, worker text, digest text NOT NULL,
  pushed_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX IF NOT EXISTS trials_experiment ON labwright.trials (experiment, job);
CREATE TABLE IF NOT EXISTS labwright.run_trials (
  run_key text NOT NULL REFERENCES labwright.runs ON DELETE CASCADE,
  trial text NOT NULL REFERENCES labwright.trials ON DELETE CASCADE, PRIMARY KEY (run_key, trial));
CREATE TABLE IF NOT EXISTS labwright.series (
  trial text NOT NULL REFERENCES labwright.trials ON DELETE CASCADE, series text NOT NULL, position integer NOT NULL,
  "values" jsonb NOT NULL, PRIMARY KEY (trial, series, position));
`;

/** Makes what is missing. Throws UserError where the tables are of a later version. */
export async function ensureSchema(client: Client): Promise<void> {
  const there = await client.query("SELECT to_regclass('labwright.schema_version') IS NOT NULL AS there");
  if (there.rows[0].there === true && (await isCurrent(client))) return;
  await locked(client, async () => {
    await client.query(tables);
    if (!(await isCurrent(client)))
      await client.query("INSERT INTO labwright.schema_version (version) VALUES ($1)", [schemaVersion]);
  }).catch((error: unknown) => {
    // An index or a reference names a column that a table of that name does not have.
    if (!(error instanceof Error && "code" in error && error.code === "42703")) throw error;
    throw new UserError(`schema labwright there has tables that labwright did not make: ${error.message}`, {
      hint: "Push to another database, or have them renamed.",
    });
  });
}

async function isCurrent(client: Client): Promise<boolean> {
  const { rows } = await client.query("SELECT max(version) AS version FROM labwright.schema_version");
  const version: unknown = rows[0].version;
  if (typeof version === "number" && version > schemaVersion)
    throw new UserError(
      `the tables there are of version ${version}, and this labwright writes version ${schemaVersion}`,
      { hint: "Push with the newer labwright." },
    );
  return version === schemaVersion;
}

/** In one transaction, alone among pushes. */
export async function locked(client: Client, act: () => Promise<void>): Promise<void> {
  await inTransaction(client, async () => {
    await client.query("SELECT pg_advisory_xact_lock($1)", [lockNumber]);
    await act();
  });
}

export async function inTransaction(client: Client, act: () => Promise<void>): Promise<void> {
  await client.query("BEGIN");
  try {
    await act();
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
}
