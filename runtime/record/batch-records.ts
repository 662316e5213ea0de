// Record batches as TrialRecord objects, and back: for reading a few records, for stages' values, and for records that the
// controller makes itself. Tables and scans read the columns instead.

import { BatchBuilder } from "./batch-builder.ts";
import type { BatchJson } from "./batch-layout.ts";
import { failureReasonOf } from "./batch-layout.ts";
import { setOwn } from "./json-data.ts";
import type { MetricCoding } from "./metric-coding.ts";
import { metricCodeOf, metricValueOf } from "./metric-coding.ts";
import type { Outcome } from "./outcome.ts";
import { censoredWords, outcomeCodes } from "./outcome.ts";
import type { PortCalls } from "./port-calls.ts";
import type { RecordBatch } from "./record-batch.ts";
import { rowsOfSeries } from "./series-columns.ts";
import type { ArtifactRef, MetricValue, TrialRecord } from "./trial-record.ts";

/** Metric declarations by name; {} for a stage. */
export type MetricCodings = Readonly<Record<string, MetricCoding>>;

/** The records of a batch in its order; with `rows`, of those rows only. */
export function recordsOf(
  batch: RecordBatch,
  metrics: MetricCodings,
  rows?: Iterable<number>,
): TrialRecord[] {
  const extras = extrasOf(batch);
  const names = batch.json().metrics;
  return Array.from(rows ?? batch.unit.keys(), (row): TrialRecord => {
    const values: Record<string, MetricValue> = {};
    for (let column = 0; column < names.length; column++) {
      const name = names[column]!;
      setOwn(
        values,
        name,
        metricValueOf(batch.metrics[column]![row]!, Object.hasOwn(metrics, name) ? metrics[name] : undefined),
      );
    }
    return {
      job: batch.job,
      unit: batch.unit[row]!,
      result: {
        outcome: outcomeOf(batch, row, extras),
        metrics: values,
        series: extras.series.get(row) ?? {},
        artifacts: extras.artifacts.get(row) ?? [],
        ...(extras.values.has(row) && { value: extras.values.get(row) }),
      },
      telemetry: {
        startedAt: knownOf(batch.baseMs + batch.startOffset[row]!),
        durationMs: knownOf(batch.durationMs[row]!),
        attempt: batch.attempt[row]!,
        worker: batch.json().worker,
        memoryMb: batch.memoryMb,
        ...(extras.telemetry.has(row) && { extras: extras.telemetry.get(row)! }),
        ...(extras.calls.has(row) && { calls: extras.calls.get(row)! }),
      },
    };
  });
}

/** Times are numbers in a batch: NaN where nobody knows them. */
function knownOf(time: number): number | null {
  return Number.isNaN(time) ? null : time;
}

/** One batch of records that share a job and a worker. The inverse of `recordsOf`, up to the 32-bit precision of durations. */
export function batchOf(records: readonly TrialRecord[], metrics: MetricCodings): Uint8Array {
  const first = records[0];
  if (first === undefined) throw new RangeError("a batch needs at least one record");
  const names = Object.keys(metrics);
  const builder = new BatchBuilder({
    job: first.job,
    metrics: names,
    worker: first.telemetry.worker,
    capacity: records.length,
  });
  for (const { unit, result, telemetry } of records) {
    const codes = names.map((name) => metricCodeOf(result.metrics[name] ?? null, metrics[name]!));
    const { outcome } = result;
    const row = builder.push(
      unit,
      outcomeCodes[outcome.kind],
      telemetry.attempt,
      telemetry.startedAt ?? Number.NaN,
      telemetry.durationMs ?? Number.NaN,
      codes,
    );
    if (outcome.kind === "failed") builder.fail(row, outcome.reason, outcome.message, outcome.stack);
    else if (outcome.kind === "censored") builder.censor(row, outcome.metric, outcome.bound);
    else if (outcome.kind !== "measured") builder.explain(row, outcome.reason);
    for (const [name, rows] of Object.entries(result.series)) builder.series(row, name, rows);
    builder.artifacts(row, result.artifacts);
    if (telemetry.extras !== undefined) builder.telemetry(row, telemetry.extras);
    if (telemetry.calls !== undefined) builder.calls(row, telemetry.calls);
    if ("value" in result && result.value !== undefined) builder.value(row, result.value);
  }
  return builder.seal(first.telemetry.memoryMb);
}

/** Why rows have no measurement, in words, by row. */
export function messagesOf(batch: RecordBatch): ReadonlyMap<number, string> {
  if (!batch.hasExtras) return new Map();
  const { details = [], strings = [] } = batch.json();
  const words = details.map(([row, message]) => [row, strings[message] ?? ""] as const);
  const bounds = [...boundsOf(batch)].map(([row, bound]) => [row, censoredWords(bound)] as const);
  return new Map([...words, ...bounds]);
}

/** What is known of censored rows, by row. */
export function boundsOf(
  batch: RecordBatch,
): ReadonlyMap<number, { readonly metric: string; readonly bound: number }> {
  const { censored = [], strings = [] } = batch.json();
  return new Map(censored.map(([row, metric, bound]) => [row, { metric: strings[metric] ?? "", bound }]));
}

interface RowExtras {
  readonly details: ReadonlyMap<number, { readonly message: string; readonly stack: string | null }>;
  readonly censored: ReadonlyMap<number, { readonly metric: string; readonly bound: number }>;
  readonly artifacts: ReadonlyMap<number, readonly ArtifactRef[]>;
  readonly values: ReadonlyMap<number, unknown>;
  readonly telemetry: ReadonlyMap<number, Readonly<Record<string, number>>>;
  readonly calls: ReadonlyMap<number, readonly PortCalls[]>;
  readonly series: ReadonlyMap<
    number,
    Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>
  >;
}

function extrasOf(batch: RecordBatch): RowExtras {
  const json = batch.json();
  const { strings = [] } = json;
  return {
    details: new Map(
      json.details?.map(([row, message, stack]) => [
        row,
        { message: strings[message] ?? "", stack: stack < 0 ? null : (strings[stack] ?? null) },
      ]),
    ),
    censored: boundsOf(batch),
    artifacts: new Map(json.artifacts),
    values: new Map(json.values),
    telemetry: telemetryByRow(json),
    calls: new Map(json.calls),
    series: seriesByRow(batch, json),
  };
}

function telemetryByRow({ telemetry = [] }: BatchJson): Map<number, Record<string, number>> {
  const byRow = new Map<number, Record<string, number>>();
  for (const { name, rows, values } of telemetry)
    for (const [index, row] of rows.entries()) {
      const own = byRow.get(row) ?? {};
      byRow.set(row, own);
      setOwn(own, name, values[index]!);
    }
  return byRow;
}

function seriesByRow(
  batch: RecordBatch,
  json: BatchJson,
): Map<number, Record<string, Record<string, unknown>[]>> {
  const byRow = new Map<number, Record<string, Record<string, unknown>[]>>();
  for (const series of json.series ?? []) {
    const rows = rowsOfSeries(series, batch.bytes);
    let next = 0;
    for (let index = 0; index < series.records.length; index++) {
      const row = series.records[index]!;
      const own = byRow.get(row) ?? {};
      byRow.set(row, own);
      const part = rows.slice(next, next + series.counts[index]!);
      next += part.length;
      const before = Object.hasOwn(own, series.name) ? own[series.name] : undefined;
      if (before === undefined) setOwn(own, series.name, part);
      else before.push(...part);
    }
  }
  return byRow;
}

function outcomeOf(batch: RecordBatch, row: number, extras: RowExtras): Outcome {
  const detail = extras.details.get(row);
  switch (batch.outcome[row]) {
    case outcomeCodes.measured:
      return { kind: "measured" };
    case outcomeCodes.failed:
      return {
        kind: "failed",
        reason: failureReasonOf(batch.reason[row]!) ?? "thrown",
        message: detail?.message ?? "",
        stack: detail?.stack ?? null,
      };
    case outcomeCodes.refused:
      return { kind: "refused", reason: detail?.message ?? "" };
    case outcomeCodes.censored:
      return { kind: "censored", ...(extras.censored.get(row) ?? { metric: "", bound: 0 }) };
    case outcomeCodes.cancelled:
      return { kind: "cancelled", reason: detail?.message ?? "" };
    case outcomeCodes["budget-stopped"]:
      return { kind: "budget-stopped", reason: detail?.message ?? "" };
    default:
      throw new RangeError(`outcome code ${batch.outcome[row]} is of a later version of labwright`);
  }
}
