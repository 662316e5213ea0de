// Writes `trials.parquet` of one experiment: a row a recorded trial, parameters joined from the conditions, words from the few rows that
// have any.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { trialColumns } from "../../../lib/experiment/trial-columns.ts";
import { trialOf } from "../../plan/opened-plan.ts";
import { idParts } from "../../plan/trial-id.ts";
import { metricTranslationOf } from "../../record/metric-coding.ts";
import { outcomeCodes } from "../../record/outcome.ts";
import type { RecordBatch } from "../../record/record-batch.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import { trialColumnNames } from "./column-names.ts";
import type { ColumnType } from "./column-type.ts";
import { createConditionsTable } from "./conditions-table.ts";
import { quotedName, quotedText } from "./duck.ts";
import { copyToParquet } from "./parquet-copy.ts";
import type { RowBuffers, SourceColumn } from "./row-source.ts";
import { registerRowSource, typedColumnSql } from "./row-source.ts";
import { writeIdParts } from "./trial-ids.ts";
import type { ExperimentRows, TrialScan } from "./trial-scan.ts";
import { scanTrials } from "./trial-scan.ts";

/** Fixed columns of the source, before the metrics. */
const fixed = [
  "unit",
  "condition",
  "replicate",
  "outcome",
  "attempt",
  "started",
  "duration",
  "worker",
] as const;

/** Writes the file into `folder` and returns what the first look found, which the series need too. */
export async function writeTrials(
  connection: DuckDBConnection,
  part: ExperimentRows,
  folder: string,
): Promise<TrialScan> {
  mkdirSync(folder, { recursive: true });
  const scan = await scanWithDetails(connection, part);
  const { experiment, planned } = part;
  const metrics = Object.entries(experiment.planned.metrics);
  const parameters = experiment.space.parameters;
  const names = trialColumnNames({
    parameters,
    metrics: metrics.map(([name]) => name),
    telemetry: scan.telemetry,
  });
  await createConditionsTable(connection, {
    conditions: planned.conditions,
    idParts: planned.rawConditions.map((condition) =>
      idParts({ job: trialOf(experiment).job, condition, space: experiment.space }),
    ),
    parameters,
    names: names.parameters,
  });
  await writeIdParts(connection, folder);
  const failure = await registerTrials(connection, part, scan);
  const metricSql = metrics.map(([name, spec], index) => {
    const place = `r.m${index}`;
    const typed =
      spec.type === "category"
        ? textByIndexSql(place, spec.categories ?? [])
        : typedColumnSql(
            place,
            spec.type === "integer" && scan.wideIntegers.has(name) ? "number" : spec.type,
          );
    return `${typed} AS ${quotedName(names.metrics[index]!)}`;
  });
  const outcomes = Object.keys(outcomeCodes);
  await copyToParquet(connection, {
    path: join(folder, "trials.parquet"),
    columns: parameters.length + metrics.length + trialColumns.length + scan.telemetry.length,
    failure,
    select: `SELECT ${[
      ...names.parameters.map((name) => `c.${quotedName(name)}`),
      "CAST(r.condition AS UINTEGER) AS condition",
      "CAST(r.replicate AS UINTEGER) AS replicate",
      `${textByIndexSql("r.outcome", outcomes)} AS outcome`,
      "d.reason",
      "d.message",
      ...metricSql,
      "d.censored_metric",
      "d.censored_bound",
      "d.artifacts",
      "CAST(r.attempt AS USMALLINT) AS attempt",
      `make_timestamp(CAST(${knownSql("r.started")} * 1000 AS BIGINT)) AS started_at`,
      `round(${knownSql("r.duration")}, 4) AS duration_ms`,
      `${textByIndexSql("r.worker", scan.workers)} AS worker`,
      ...names.telemetry.map(
        (name, index) => `${typedColumnSql(`r.t${index}`, "number")} AS ${quotedName(name)}`,
      ),
    ].join(
      ", ",
    )} FROM lab_trials() r LEFT JOIN conditions c ON c.lab_condition = CAST(r.condition AS UINTEGER) LEFT JOIN details d ON d.unit = CAST(r.unit AS UINTEGER)`,
  });
  return scan;
}

/** A time that nobody knows is NaN in its record, and null in a table. */
function knownSql(place: string): string {
  return `CASE WHEN isnan(${place}) THEN NULL ELSE ${place} END`;
}

async function scanWithDetails(connection: DuckDBConnection, part: ExperimentRows): Promise<TrialScan> {
  await connection.run(
    "CREATE TABLE details (unit UINTEGER, reason VARCHAR, message VARCHAR, censored_metric VARCHAR, censored_bound DOUBLE, artifacts VARCHAR)",
  );
  const appender = await connection.createAppender("details");
  const text = (value: string | null): void =>
    value === null ? appender.appendNull() : appender.appendVarchar(value);
  const scan = scanTrials(part, ({ unit, result: { outcome, artifacts } }: TrialRecord) => {
    appender.appendUInteger(unit);
    text(outcome.kind === "failed" ? outcome.reason : null);
    text(outcome.kind === "failed" ? outcome.message : "reason" in outcome ? outcome.reason : null);
    text(outcome.kind === "censored" ? outcome.metric : null);
    if (outcome.kind === "censored") appender.appendDouble(outcome.bound);
    else appender.appendNull();
    text(artifacts.length === 0 ? null : JSON.stringify(artifacts));
    appender.endRow();
  });
  appender.closeSync();
  return scan;
}

async function registerTrials(
  connection: DuckDBConnection,
  part: ExperimentRows,
  scan: TrialScan,
): Promise<{ error: unknown }> {
  const { experiment, planned, ledger } = part;
  const metrics = Object.entries(experiment.planned.metrics);
  const number: ColumnType = "number";
  const columns: SourceColumn[] = [
    ...fixed,
    ...metrics.map((_, index) => `m${index}`),
    ...scan.telemetry.map((_, index) => `t${index}`),
  ].map((name) => ({
    name,
    type: number,
  }));
  const workerIndex = new Map(scan.workers.map((worker, index) => [worker, index]));
  const batches = ledger.counted();
  let current = batches.next();
  let at = 0;
  const fill = ({ numbers }: RowBuffers, limit: number): number => {
    const [unit, condition, replicate, outcome, attempt, started, duration, worker] =
      numbers as Float64Array[];
    let filled = 0;
    while (filled < limit && current.done !== true) {
      const { batch, count, rows, units, source } = current.value;
      const names = batch.json().metrics;
      const from = filled;
      const workerCode = workerIndex.get(batch.json().worker) ?? 0;
      const taken: number[] = [];
      for (; at < count && filled < limit; at += 1) {
        const number = units[at]!;
        if (!planned.has(number)) continue;
        const row = rows[at]!;
        unit![filled] = number;
        condition![filled] = planned.conditionOf(number);
        replicate![filled] = planned.replicateOf(number);
        outcome![filled] = batch.outcome[row]!;
        attempt![filled] = batch.attempt[row]!;
        started![filled] = batch.baseMs + batch.startOffset[row]!;
        duration![filled] = batch.durationMs[row]!;
        worker![filled] = workerCode;
        taken.push(row);
        filled += 1;
      }
      for (const [index, [name, spec]] of metrics.entries()) {
        const to = numbers[fixed.length + index]!;
        const values = batch.metrics[names.indexOf(name)];
        const translate = metricTranslationOf(source.experiment.metrics[name], spec);
        for (let each = 0; each < taken.length; each += 1) {
          const value = values === undefined ? Number.NaN : values[taken[each]!]!;
          to[from + each] = translate === null ? value : translate(value);
        }
      }
      for (const [index, name] of scan.telemetry.entries()) {
        const to = numbers[fixed.length + metrics.length + index]!;
        const values = telemetryOf(batch, name);
        for (let each = 0; each < taken.length; each += 1)
          to[from + each] = values?.get(taken[each]!) ?? Number.NaN;
      }
      if (at >= count) {
        current = batches.next();
        at = 0;
      }
    }
    return filled;
  };
  const failure = { error: null as unknown };
  await registerRowSource(connection, {
    name: "lab_trials",
    columns,
    rows: scan.rows,
    fill,
    onError: (error) => (failure.error = error),
  });
  return failure;
}

/** An extra of telemetry by row of the batch; null where the batch has none of the name. */
function telemetryOf(batch: RecordBatch, name: string): ReadonlyMap<number, number> | null {
  if (!batch.hasExtras) return null;
  const column = batch.json().telemetry?.find((each) => each.name === name);
  return column === undefined ? null : new Map(column.rows.map((row, index) => [row, column.values[index]!]));
}

/** The text whose index a numeric column holds; null for NaN. A chain of cases is several times faster than a lookup in a list, while it is short. */
function textByIndexSql(place: string, texts: readonly string[]): string {
  if (texts.length === 0) return "CAST(NULL AS VARCHAR)";
  if (texts.length > 24)
    return `list_extract([${texts.map(quotedText).join(", ")}], ${typedColumnSql(place, "integer")} + 1)`;
  return `CASE ${place} ${texts.map((text, index) => `WHEN ${index} THEN ${quotedText(text)}`).join(" ")} END`;
}
