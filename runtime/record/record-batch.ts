// A record batch: the records of some units of one job in one buffer, as a host sends it and the ledger keeps it. Reading
// makes typed-array views of the bytes and copies nothing; the JSON section is parsed when first asked for.
import type { BatchBuilderOptions } from "./batch-builder.ts";
import { BatchBuilder } from "./batch-builder.ts";
import type { BatchJson } from "./batch-layout.ts";
import { batchHeaderBytes, batchMagic, batchOffsetsOf, batchVersion, headerField } from "./batch-layout.ts";

/** Views of a batch's columns; entry i of each belongs to row i. */
export interface RecordBatch {
  readonly bytes: Uint8Array;
  /** Index of the job in its plan's `jobs`. */
  readonly job: number;
  readonly rows: number;
  readonly unit: Uint32Array;
  /** Codes of `outcomeCodes`. */
  readonly outcome: Uint8Array;
  /** Codes of failure reasons (batch-layout.ts), 0 for other outcomes. */
  readonly reason: Uint8Array;
  readonly attempt: Uint16Array;
  /** Milliseconds after `baseMs`. */
  readonly startOffset: Float32Array;
  readonly durationMs: Float32Array;
  /** Milliseconds since the epoch. */
  readonly baseMs: number;
  readonly memoryMb: number;
  /** One column a metric, in the order of `json().metrics`. */
  readonly metrics: readonly Float64Array[];
  /** Whether there is more than fixed columns: messages, series, artifacts, values. */
  readonly hasExtras: boolean;
  json(): BatchJson;
}

/**
 * A builder for batches of one job.
 *
 * @example
 * const builder = createBatchBuilder({ job: 0, metrics: ["profit"], worker: "local-1/1" });
 * const row = builder.push(7, outcomeCodes.measured, 1, Date.now(), 0.2, [0.84]);
 * builder.series(row, "rounds", [{ period: 1, price: 1.47 }]);
 * port.postMessage(bytes, [builder.seal().buffer]);
 */
export function createBatchBuilder(options: BatchBuilderOptions): BatchBuilder {
  return new BatchBuilder(options);
}

/** Reads a sealed batch. Bytes that do not start on a multiple of eight in their buffer are copied first. Throws RangeError when they are no batch of this version. */
export function readBatch(source: Uint8Array): RecordBatch {
  const bytes = source.byteOffset % 8 === 0 ? source : source.slice();
  if (bytes.length < batchHeaderBytes)
    throw new RangeError(`a record batch has at least ${batchHeaderBytes} bytes, not ${bytes.length}`);
  const { buffer, byteOffset } = bytes;
  const header = new DataView(buffer, byteOffset, batchHeaderBytes);
  const field = (at: number): number => header.getUint32(at, true);
  if (field(headerField.magic) !== batchMagic) throw new RangeError("these bytes are no record batch");
  const version = field(headerField.version);
  if (version !== batchVersion)
    throw new RangeError(`a record batch of format ${version}; this labwright reads format ${batchVersion}`);
  const rows = field(headerField.rows);
  const metricCount = field(headerField.metrics);
  const jsonOffset = field(headerField.jsonOffset);
  const jsonLength = field(headerField.jsonLength);
  const offsets = batchOffsetsOf(rows, metricCount);
  if (offsets.series > jsonOffset || jsonOffset + jsonLength > bytes.length)
    throw new RangeError(`a record batch of ${rows} rows that does not fit its ${bytes.length} bytes`);
  let parsed: BatchJson | null = null;
  return {
    bytes,
    job: field(headerField.job),
    rows,
    unit: new Uint32Array(buffer, byteOffset + offsets.unit, rows),
    outcome: new Uint8Array(buffer, byteOffset + offsets.outcome, rows),
    reason: new Uint8Array(buffer, byteOffset + offsets.reason, rows),
    attempt: new Uint16Array(buffer, byteOffset + offsets.attempt, rows),
    startOffset: new Float32Array(buffer, byteOffset + offsets.startOffset, rows),
    durationMs: new Float32Array(buffer, byteOffset + offsets.duration, rows),
    baseMs: header.getFloat64(headerField.baseMs, true),
    memoryMb: field(headerField.memoryMb),
    metrics: Array.from(
      { length: metricCount },
      (_, column) => new Float64Array(buffer, byteOffset + offsets.metrics + 8 * rows * column, rows),
    ),
    hasExtras: field(headerField.hasExtras) !== 0,
    json() {
      // The section was written by `seal` from a BatchJson; the ledger's checksum vouches for the bytes.
      parsed ??= JSON.parse(
        new TextDecoder().decode(bytes.subarray(jsonOffset, jsonOffset + jsonLength)),
      ) as BatchJson;
      return parsed;
    },
  };
}
