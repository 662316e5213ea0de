// A first look over all that counts of an experiment, before its columns are written: which workers there were, which rows have words or
// artifacts, what types the series' columns take.
import type { OpenedExperiment } from "../../plan/opened-plan.ts";
import { recordsOf } from "../../record/batch-records.ts";
import type { RecordBatch } from "../../record/record-batch.ts";
import { columnDataOf } from "../../record/series-columns.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import type { CountedRows, JobLedger } from "../ledger/job-ledger.ts";
import type { PlannedTrials } from "../runs/planned-rows.ts";
import type { ColumnType } from "./column-type.ts";
import { schemaTypesOf, typeOfValue, widerType } from "./column-type.ts";

/** What is written of an experiment. */
export interface ExperimentRows {
  readonly experiment: OpenedExperiment;
  readonly planned: PlannedTrials;
  readonly ledger: JobLedger;
}

export interface TrialScan {
  /** Trials with a record. */
  readonly rows: number;
  readonly workers: readonly string[];
  /** Names of extras of telemetry, in order of first sight. */
  readonly telemetry: readonly string[];
  /** Metrics declared as integers that hold a value too large to be one. */
  readonly wideIntegers: ReadonlySet<string>;
  readonly series: ReadonlyMap<string, { readonly columns: Map<string, ColumnType> }>;
}

/** `onRecord` is handed, decoded, each record that is not just a row of metrics: not measured, or with artifacts. */
export function scanTrials(
  { experiment, planned, ledger }: ExperimentRows,
  onRecord: (record: TrialRecord) => void,
): TrialScan {
  const workers = new Set<string>();
  const wideIntegers = new Set<string>();
  const telemetry = new Set<string>();
  const integers = Object.entries(experiment.planned.metrics)
    .filter(([, { type }]) => type === "integer")
    .map(([name]) => name);
  const series = new Map(
    Object.entries(experiment.planned.series).map(([name, schema]) => [
      name,
      { columns: schemaTypesOf(schema) },
    ]),
  );
  let rows = 0;
  ledger.visit((counted) => {
    const { batch, count, units } = counted;
    const json = batch.json();
    workers.add(json.worker);
    for (let index = 0; index < count; index += 1) if (planned.has(units[index]!)) rows += 1;
    for (const name of integers) {
      const column = batch.metrics[json.metrics.indexOf(name)];
      if (column?.some((value) => !Number.isNaN(value) && !Number.isSafeInteger(value)))
        wideIntegers.add(name);
    }
    if (!batch.hasExtras) return;
    for (const { name } of json.telemetry ?? []) telemetry.add(name);
    for (const record of worded(counted, planned)) onRecord(record);
    scanSeries(batch, series);
  });
  return { rows, workers: [...workers], telemetry: [...telemetry], wideIntegers, series };
}

/** Widens the types of series' columns to what a batch holds of them. */
export function scanSeries(batch: RecordBatch, series: TrialScan["series"]): void {
  for (const part of batch.json().series ?? []) {
    const known = series.get(part.name);
    if (known === undefined) continue;
    for (const column of part.columns) {
      const data = columnDataOf(column, part.rows, batch.bytes);
      let type = known.columns.get(column.name) ?? null;
      for (let row = 0; row < data.length && type !== "json"; row += 1)
        type = widerType(type, typeOfValue(data[row]));
      if (type !== null) known.columns.set(column.name, type);
    }
  }
}

/** The records of a batch that have more to say than columns hold, with the plan's unit numbers. */
function worded({ batch, count, rows, units, source }: CountedRows, planned: PlannedTrials): TrialRecord[] {
  const { artifacts = [] } = batch.json();
  const withArtifacts = new Set(artifacts.map(([row]) => row));
  const unitOfRow = new Map<number, number>();
  for (let index = 0; index < count; index += 1) {
    const row = rows[index]!;
    if ((batch.outcome[row] !== 0 || withArtifacts.has(row)) && planned.has(units[index]!))
      unitOfRow.set(row, units[index]!);
  }
  if (unitOfRow.size === 0) return [];
  const chosen = [...unitOfRow];
  return recordsOf(batch, source.experiment.metrics, unitOfRow.keys()).map((record, index) => ({
    ...record,
    unit: chosen[index]![1],
  }));
}
