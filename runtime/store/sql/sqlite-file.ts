// A run as one SQLite database: what it is (`run`, `experiments`, `metric_specs`), `trials`, a table a series, `artifacts`; and as views each
// experiment's trials, `conditions`, and `metrics` with a row a value. Rows are read and inserted two thousand at a time.

import type { DuckDBConnection } from "@duckdb/node-api";
import Database from "libsql";
import { trialColumns } from "../../../lib/experiment/trial-columns.ts";
import type { OpenedExperiment, OpenedPlan } from "../../plan/opened-plan.ts";
import { ranAt } from "../../record/known-times.ts";
import { trialColumnNames } from "../parquet/column-names.ts";
import { loadDuck, quotedName, quotedText } from "../parquet/duck.ts";
import type { RunManifest } from "../store.ts";
import { type RunDatabase, seriesViewName } from "./run-database.ts";
import { plainValueOf } from "./sql-value.ts";

/** Kept in the file as `PRAGMA user_version`: rises when a table or a column changes its meaning. */
const schemaVersion = 1;

interface SqliteOptions {
  readonly run: RunManifest;
  readonly opened: OpenedPlan;
  /** Null for all experiments of the run. */
  readonly experiment: string | null;
  readonly path: string;
}

/** Returns the number of trials. */
export async function writeSqlite(source: RunDatabase, options: SqliteOptions): Promise<number> {
  const file = new Database(options.path);
  try {
    // The file is nobody's until it is whole: there is nothing to roll back to.
    file.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA user_version = ${schemaVersion}`);
    file.exec("BEGIN");
    const rows = await writeTables(source, file, options);
    file.exec("COMMIT");
    return rows;
  } finally {
    file.close();
  }
}

async function writeTables(
  source: RunDatabase,
  file: Database.Database,
  { run, opened, experiment }: SqliteOptions,
): Promise<number> {
  const experiments = opened.experiments.filter(
    ({ planned: { name } }) => source.experiments.has(name) && (experiment === null || name === experiment),
  );
  describeRun(file, run);
  describeExperiments(file, experiments);
  const names = experiments.map(({ planned }) => planned.name);
  const only = `WHERE experiment IN (${names.map(quotedText).join(", ")})`;
  const order = "ORDER BY experiment, replicate, condition";
  const columns = await columnsOf(source.connection, "trials");
  const rows = await copyRows(source.connection, file, {
    table: "trials",
    columns,
    select: `SELECT * FROM trials ${only} ${order}`,
  });
  file.exec(`CREATE INDEX trials_by_id ON trials (trial);
CREATE INDEX trials_by_condition ON trials (experiment, condition, replicate);
CREATE TABLE artifacts AS SELECT t.experiment, t.trial, json_extract(a.value, '$.name') AS name,
  json_extract(a.value, '$.hash') AS hash, json_extract(a.value, '$.bytes') AS bytes
  FROM trials t, json_each(t.artifacts) a WHERE t.artifacts IS NOT NULL`);
  const taken = new Set([
    "run",
    "experiments",
    "metric_specs",
    "trials",
    "artifacts",
    "conditions",
    "metrics",
  ]);
  for (const series of new Set(experiments.flatMap(({ planned }) => Object.keys(planned.series)))) {
    const view = seriesViewName(null, series);
    if (!source.tables.includes(view)) continue;
    taken.add(view.toLowerCase());
    await copyRows(source.connection, file, {
      table: view,
      columns: await columnsOf(source.connection, view),
      select: `SELECT * FROM ${quotedName(view)} ${only} ${order}, position`,
    });
    file.exec(
      `CREATE INDEX ${quotedName(`${view}_by_condition`)} ON ${quotedName(view)} (experiment, condition, replicate, position)`,
    );
  }
  for (const each of experiments) writeView(file, each, { columns, taken });
  writeSharedViews(file, experiments);
  return rows;
}

function describeRun(file: Database.Database, run: RunManifest): void {
  const { provenance: from } = run;
  const ran = ranAt(from);
  insertAll(file, "run", [
    {
      id: run.id,
      name: run.name,
      status: run.status,
      started_at: ran.startedAt,
      finished_at: ran.finishedAt,
      command: from.command,
      build: run.build,
      labwright: from.labwright,
      node: from.node,
      platform: from.platform,
      git_commit: from.gitCommit,
      git_dirty: from.gitDirty,
    },
  ]);
}

function describeExperiments(file: Database.Database, experiments: readonly OpenedExperiment[]): void {
  insertAll(
    file,
    "experiments",
    experiments.map(({ planned }) => ({
      name: planned.name,
      question: planned.question,
      description: planned.description,
      file: planned.file,
      primary_metric: planned.primary,
      replicates: planned.replicates.count,
      seed: planned.replicates.seed,
      pairing: planned.replicates.pairing,
    })),
  );
  insertAll(
    file,
    "metric_specs",
    experiments.flatMap((each) => {
      const { metrics } = namesOf(each);
      return Object.entries(each.planned.metrics).map(([metric, spec], index) => ({
        experiment: each.planned.name,
        metric,
        column: metrics[index]!,
        type: spec.type,
        unit: spec.unit,
        direction: spec.direction,
        description: spec.description,
      }));
    }),
  );
}

function namesOf({ planned, space }: OpenedExperiment) {
  const metrics = Object.keys(planned.metrics);
  return trialColumnNames({ parameters: space.parameters, metrics, telemetry: [] });
}

/** The trials of one experiment with its own columns, under its name; left out where a table has that name. */
function writeView(
  file: Database.Database,
  experiment: OpenedExperiment,
  { columns, taken }: { readonly columns: readonly Column[]; readonly taken: Set<string> },
): void {
  const { name } = experiment.planned;
  if (taken.has(name.toLowerCase()) || name.toLowerCase().startsWith("sqlite_")) return;
  taken.add(name.toLowerCase());
  const { parameters, metrics } = namesOf(experiment);
  const own = new Set([...parameters, ...metrics, ...trialColumns]);
  const shown = columns.filter((column) => own.has(column.name) || column.name.startsWith("telemetry_"));
  file.exec(
    `CREATE VIEW ${quotedName(name)} AS SELECT ${shown.map((column) => quotedName(column.name)).join(", ")} FROM trials WHERE experiment = ${quotedText(name)}`,
  );
}

function writeSharedViews(file: Database.Database, experiments: readonly OpenedExperiment[]): void {
  const names = experiments.map(namesOf);
  const parameters = [...new Set(names.flatMap((each) => each.parameters))].map(quotedName);
  file.exec(
    `CREATE VIEW conditions AS SELECT ${["experiment", "condition", ...parameters].join(", ")}, count(*) AS trials, sum(outcome = 'measured') AS measured FROM trials GROUP BY experiment, condition`,
  );
  const cases = [...new Set(names.flatMap((each) => each.metrics))].map(
    (column) => `WHEN ${quotedText(column)} THEN t.${quotedName(column)}`,
  );
  file.exec(
    `CREATE VIEW metrics AS SELECT * FROM (SELECT t.experiment, t.trial, t.condition, t.replicate, m.metric, CASE m."column" ${cases.join(" ")} END AS value FROM trials t JOIN metric_specs m ON m.experiment = t.experiment) WHERE value IS NOT NULL`,
  );
}

interface Column {
  readonly name: string;
  /** As SQLite is told it. */
  readonly type: string;
}

async function columnsOf(connection: DuckDBConnection, view: string): Promise<readonly Column[]> {
  const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${quotedName(view)}`);
  return described
    .getRows()
    .map(([name, type]) => ({ name: String(name), type: sqliteTypeOf(String(type)) }));
}

function sqliteTypeOf(type: string): string {
  if (type === "BOOLEAN") return "BOOLEAN";
  if (type === "DOUBLE") return "REAL";
  return /INT|SMALLINT/.test(type) ? "INTEGER" : "TEXT";
}

async function copyRows(
  connection: DuckDBConnection,
  file: Database.Database,
  {
    table,
    columns,
    select,
  }: { readonly table: string; readonly columns: readonly Column[]; readonly select: string },
): Promise<number> {
  const insert = createTable(file, table, columns);
  const { JSDuckDBValueConverter } = await loadDuck();
  const result = await connection.stream(select);
  let rows = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return rows;
    for (const row of chunk.convertRows(JSDuckDBValueConverter)) insert.run(row.map(boundValueOf));
    rows += chunk.rowCount;
  }
}

function insertAll(
  file: Database.Database,
  table: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): void {
  const [first = {}] = rows;
  const columns = Object.keys(first).map((name) => ({
    name,
    type: typeof first[name] === "number" ? "INTEGER" : "TEXT",
  }));
  const insert = createTable(file, table, columns);
  for (const row of rows) insert.run(columns.map(({ name }) => boundValueOf(row[name] ?? null)));
}

function createTable(file: Database.Database, table: string, columns: readonly Column[]): Database.Statement {
  const declared = columns.map(({ name, type }) => `${quotedName(name)} ${type}`).join(", ");
  file.exec(`CREATE TABLE ${quotedName(table)} (${declared})`);
  return file.prepare(`INSERT INTO ${quotedName(table)} VALUES (${columns.map(() => "?").join(", ")})`);
}

/** Yes and no as 1 and 0; integers beyond 2^53 whole. */
function boundValueOf(value: unknown): unknown {
  if (typeof value === "boolean") return Number(value);
  return typeof value === "bigint" ? value : plainValueOf(value);
}
