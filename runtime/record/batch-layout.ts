// Where everything lies in a record batch: a 64-byte header, columns that each start on a multiple of eight bytes, binary series
// columns, then a JSON section. Little-endian, as every machine that Node 20 runs on; raise the version when a meaning changes.

import type { FailureReason } from "./outcome.ts";
import type { PortCalls } from "./port-calls.ts";

/** "LWRB" read as a little-endian uint32. */
export const batchMagic = 0x4252574c;
export const batchVersion = 1;
export const batchHeaderBytes = 64;

/** Byte offsets of the header's fields. */
export const headerField = {
  magic: 0,
  version: 4,
  job: 8,
  rows: 12,
  metrics: 16,
  memoryMb: 20,
  jsonOffset: 24,
  jsonLength: 28,
  /** Float64: milliseconds since the epoch to which start offsets are added. */
  baseMs: 32,
  /** Uint32, 1 when the JSON section holds more than the metrics' names and the worker. */
  hasExtras: 40,
} as const;

/** Stored codes of failure reasons, 0 for an outcome that is not a failure. Append only. */
export const reasonCodes: Readonly<Record<FailureReason, number>> = {
  thrown: 1,
  "invalid-metric": 2,
  "invalid-row": 3,
  "time-out": 4,
  memory: 5,
  crash: 6,
  upstream: 7,
  effect: 8,
};

const reasonsByCode = new Map(Object.entries(reasonCodes).map(([reason, code]) => [code, reason]));

/** The reason a stored code stands for; null for 0 and for codes of a later version. */
export function failureReasonOf(code: number): FailureReason | null {
  // The map's values are the keys of `reasonCodes`, which are exactly the reasons.
  return (reasonsByCode.get(code) as FailureReason | undefined) ?? null;
}

export interface BatchOffsets {
  readonly metrics: number;
  readonly startOffset: number;
  readonly duration: number;
  readonly unit: number;
  readonly attempt: number;
  readonly outcome: number;
  readonly reason: number;
  /** Where series columns start. */
  readonly series: number;
}

/** The next multiple of eight. */
export function align8(offset: number): number {
  return (offset + 7) & ~7;
}

/** Offsets of the fixed columns for a number of rows and metric columns. */
export function batchOffsetsOf(rows: number, metricCount: number): BatchOffsets {
  const metrics = batchHeaderBytes;
  const startOffset = metrics + 8 * rows * metricCount;
  const duration = align8(startOffset + 4 * rows);
  const unit = align8(duration + 4 * rows);
  const attempt = align8(unit + 4 * rows);
  const outcome = align8(attempt + 2 * rows);
  const reason = align8(outcome + rows);
  return { metrics, startOffset, duration, unit, attempt, outcome, reason, series: align8(reason + rows) };
}

/** One column of a series: doubles in the binary section, or any JSON values in the JSON section. */
export interface SeriesColumnJson {
  readonly name: string;
  /** Byte offset in the batch for a column of doubles; absent for a JSON column. */
  readonly at?: number;
  readonly values?: readonly unknown[];
  /** Indices of rows that lack this key; their entry in the column is 0 or null and means nothing. */
  readonly absent?: readonly number[];
}

/** The rows of one series in one batch: `records[i]` has the next `counts[i]` of them. */
export interface SeriesJson {
  readonly name: string;
  readonly records: readonly number[];
  readonly counts: readonly number[];
  readonly rows: number;
  readonly columns: readonly SeriesColumnJson[];
}

/** What the JSON section holds. Texts are indices in `strings`, so a million equal messages cost one. */
export interface BatchJson {
  /** In a batch without rows: a digest of the rows of other experiments that the job's records from here on draw on, by experiment. */
  readonly drawnOn?: Readonly<Record<string, string>>;
  readonly metrics: readonly string[];
  readonly worker: string;
  readonly strings?: readonly string[];
  /** [row, message, stack or -1] of failures and, without a stack, the reasons of refusals, cancellations and budget stops. */
  readonly details?: readonly (readonly [row: number, message: number, stack: number])[];
  readonly censored?: readonly (readonly [row: number, metric: number, bound: number])[];
  readonly artifacts?: readonly (readonly [
    row: number,
    refs: readonly { readonly name: string; readonly hash: string; readonly bytes: number }[],
  ])[];
  readonly values?: readonly (readonly [row: number, value: unknown])[];
  readonly series?: readonly SeriesJson[];
  /** Named extras of telemetry: `values[i]` is that of row `rows[i]`; other rows have none of the name. */
  readonly telemetry?: readonly TelemetryJson[];
  /** Accounts of calls by port, of rows that made some. */
  readonly calls?: readonly (readonly [row: number, ports: readonly PortCalls[]])[];
}

export interface TelemetryJson {
  readonly name: string;
  readonly rows: readonly number[];
  readonly values: readonly number[];
}
