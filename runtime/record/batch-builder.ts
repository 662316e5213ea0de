// Gathers what the units of one job came to, column by column, and seals it into one transferable buffer. `push` is the hot path: it
// allocates nothing; whatever is rare (failures, series, artifacts, values) goes through the methods below it.

import type { BatchJson, SeriesColumnJson, SeriesJson } from "./batch-layout.ts";
import {
  align8,
  batchHeaderBytes,
  batchMagic,
  batchOffsetsOf,
  batchVersion,
  headerField,
  reasonCodes,
} from "./batch-layout.ts";
import { assertJsonData } from "./json-data.ts";
import type { FailureReason } from "./outcome.ts";
import { outcomeCodes } from "./outcome.ts";
import type { PortCalls } from "./port-calls.ts";
import type { EncodedColumn, SeriesRows } from "./series-columns.ts";
import { columnsOf } from "./series-columns.ts";
import { shortened } from "./short-text.ts";
import type { ArtifactRef } from "./trial-record.ts";

export interface BatchBuilderOptions {
  /** Index of the job in the plan's `jobs`. */
  readonly job: number;
  /** Names of the metric columns, in the order in which `push` is handed their values; [] for a stage. */
  readonly metrics: readonly string[];
  /** Host and thread, such as "local-1/2". */
  readonly worker: string;
  /** What the job's records draw on (see BatchJson.drawnOn). */
  readonly drawnOn?: Readonly<Record<string, string>>;
  /** Rows to make room for at first; it grows. */
  readonly capacity?: number;
}

export class BatchBuilder {
  readonly #options: BatchBuilderOptions;
  readonly #metricCount: number;
  #rows = 0;
  #capacity: number;
  #baseMs = 0;
  #metrics: Float64Array[];
  #startOffset: Float32Array;
  #duration: Float32Array;
  #unit: Uint32Array;
  #attempt: Uint16Array;
  #outcome: Uint8Array;
  #reason: Uint8Array;
  #extras = noExtras();
  #seriesRows = 0;

  constructor(options: BatchBuilderOptions) {
    this.#options = options;
    this.#metricCount = options.metrics.length;
    this.#capacity = Math.max(16, options.capacity ?? 1024);
    this.#metrics = options.metrics.map(() => new Float64Array(this.#capacity));
    this.#startOffset = new Float32Array(this.#capacity);
    this.#duration = new Float32Array(this.#capacity);
    this.#unit = new Uint32Array(this.#capacity);
    this.#attempt = new Uint16Array(this.#capacity);
    this.#outcome = new Uint8Array(this.#capacity);
    this.#reason = new Uint8Array(this.#capacity);
  }

  /** Units gathered since the last seal. */
  get rows(): number {
    return this.#rows;
  }

  /** Series rows gathered since the last seal; seal early when there are many. */
  get seriesRows(): number {
    return this.#seriesRows;
  }

  /**
   * Adds one unit and returns its row, by which the methods below refer to it. `outcome` is a code of `outcomeCodes`; for any but
   * "measured" one of fail, explain or censor must follow. `startedAt` is in ms since the epoch. `values` has one double a
   * metric column: numbers as they are, booleans 0 or 1, categories their index in the declared list, NaN where missing.
   */
  push(
    unit: number,
    outcome: number,
    attempt: number,
    startedAt: number,
    durationMs: number,
    values: ArrayLike<number>,
  ): number {
    const row = this.#rows;
    if (row === this.#capacity) this.#grow();
    if (row === 0) this.#baseMs = startedAt;
    this.#unit[row] = unit;
    this.#outcome[row] = outcome;
    this.#reason[row] = 0;
    this.#attempt[row] = Math.min(attempt, 0xffff);
    this.#startOffset[row] = startedAt - this.#baseMs;
    this.#duration[row] = durationMs;
    // Adding 0 turns -0 into 0 and changes nothing else.
    for (let column = 0; column < this.#metricCount; column++)
      this.#metrics[column]![row] = values[column]! + 0;
    this.#rows = row + 1;
    return row;
  }

  /** Says why a row pushed as failed has no measurement. Texts above 10,000 characters keep their head and tail. */
  fail(row: number, reason: FailureReason, message: string, stack: string | null): void {
    this.#outcome[row] = outcomeCodes.failed;
    this.#reason[row] = reasonCodes[reason];
    this.#extras.details.push([row, this.#textOf(message), stack === null ? -1 : this.#textOf(stack)]);
  }

  /** Gives the reason of a refusal, a cancellation or a budget stop. */
  explain(row: number, reason: string): void {
    this.#extras.details.push([row, this.#textOf(reason), -1]);
  }

  /** Marks a row as censored: `metric` is known to lie beyond `bound`, a finite number. */
  censor(row: number, metric: string, bound: number): void {
    assertJsonData(bound, `the bound of ${metric}`);
    this.#outcome[row] = outcomeCodes.censored;
    this.#extras.censored.push([row, this.#textOf(metric), bound]);
  }

  /** Adds rows of a series, in the order recorded. Rows are read at seal: do not change them after. */
  series(row: number, name: string, rows: readonly Readonly<Record<string, unknown>>[]): void {
    let gathered = this.#extras.series.get(name);
    if (gathered === undefined) {
      gathered = { records: [], counts: [], rows: [] };
      this.#extras.series.set(name, gathered);
    }
    gathered.records.push(row);
    gathered.counts.push(rows.length);
    for (const each of rows) gathered.rows.push(each);
    this.#seriesRows += rows.length;
  }

  artifacts(row: number, refs: readonly ArtifactRef[]): void {
    if (refs.length > 0) this.#extras.artifacts.push([row, refs]);
  }

  /** Named numbers that were measured on the way, such as `{ calls: 3, tokens: 812 }`; finite. */
  telemetry(row: number, extras: Readonly<Record<string, number>>): void {
    for (const [name, value] of Object.entries(extras)) {
      assertJsonData(value, `the telemetry ${name}`);
      const column = this.#extras.telemetry.get(name) ?? { name, rows: [], values: [] };
      this.#extras.telemetry.set(name, column);
      column.rows.push(row);
      column.values.push(value);
    }
  }

  /** The account of the row's calls, one entry a port. */
  calls(row: number, ports: readonly PortCalls[]): void {
    if (ports.length > 0) this.#extras.calls.push([row, ports]);
  }

  /** What a stage returned. Throws NotJsonData when storing it would change it. */
  value(row: number, value: unknown): void {
    assertJsonData(value, "the stage's value");
    this.#extras.values.push([row, value]);
  }

  /**
   * Encodes everything since the last seal into one buffer of its own (fit to transfer) and starts afresh. `memoryMb` is the host's
   * resident memory, 0 if unknown. Throws NotJsonData for a series row that JSON would change.
   */
  seal(memoryMb = 0): Uint8Array {
    const rows = this.#rows;
    const offsets = batchOffsetsOf(rows, this.#metricCount);
    const series = [...this.#extras.series].map(([name, gathered]) => ({
      name,
      gathered,
      columns: columnsOf(gathered.rows, name),
    }));
    let end = offsets.series;
    const places: { readonly at: number; readonly data: Float64Array }[] = [];
    const seriesJson = series.map(({ name, gathered, columns }): SeriesJson => {
      const placed = columns.map((column): SeriesColumnJson => {
        if (!(column.data instanceof Float64Array)) return jsonColumnOf(column, { values: column.data });
        const at = end;
        end = align8(end + column.data.byteLength);
        places.push({ at, data: column.data });
        return jsonColumnOf(column, { at });
      });
      return {
        name,
        records: gathered.records,
        counts: gathered.counts,
        rows: gathered.rows.length,
        columns: placed,
      };
    });
    const { json, hasExtras } = this.#json(seriesJson);
    const bytes = new Uint8Array(align8(end + json.length));
    const header = new DataView(bytes.buffer, 0, batchHeaderBytes);
    header.setUint32(headerField.magic, batchMagic, true);
    header.setUint32(headerField.version, batchVersion, true);
    header.setUint32(headerField.job, this.#options.job, true);
    header.setUint32(headerField.rows, rows, true);
    header.setUint32(headerField.metrics, this.#metricCount, true);
    header.setUint32(headerField.memoryMb, Math.round(memoryMb), true);
    header.setUint32(headerField.jsonOffset, end, true);
    header.setUint32(headerField.jsonLength, json.length, true);
    header.setFloat64(headerField.baseMs, this.#baseMs, true);
    header.setUint32(headerField.hasExtras, hasExtras ? 1 : 0, true);
    for (let column = 0; column < this.#metricCount; column++)
      new Float64Array(bytes.buffer, offsets.metrics + 8 * rows * column, rows).set(
        this.#metrics[column]!.subarray(0, rows),
      );
    new Float32Array(bytes.buffer, offsets.startOffset, rows).set(this.#startOffset.subarray(0, rows));
    new Float32Array(bytes.buffer, offsets.duration, rows).set(this.#duration.subarray(0, rows));
    new Uint32Array(bytes.buffer, offsets.unit, rows).set(this.#unit.subarray(0, rows));
    new Uint16Array(bytes.buffer, offsets.attempt, rows).set(this.#attempt.subarray(0, rows));
    bytes.set(this.#outcome.subarray(0, rows), offsets.outcome);
    bytes.set(this.#reason.subarray(0, rows), offsets.reason);
    for (const { at, data } of places) new Float64Array(bytes.buffer, at, data.length).set(data);
    bytes.set(json, end);
    this.#rows = 0;
    this.#seriesRows = 0;
    this.#extras = noExtras();
    return bytes;
  }

  #json(series: readonly SeriesJson[]): { readonly json: Uint8Array; readonly hasExtras: boolean } {
    const { strings, details, censored, artifacts, values, telemetry, calls } = this.#extras;
    const json: BatchJson = {
      metrics: this.#options.metrics,
      worker: this.#options.worker,
      ...(this.#options.drawnOn !== undefined && { drawnOn: this.#options.drawnOn }),
      ...(strings.size > 0 && { strings: [...strings.keys()] }),
      ...(details.length > 0 && { details }),
      ...(censored.length > 0 && { censored }),
      ...(artifacts.length > 0 && { artifacts }),
      ...(values.length > 0 && { values }),
      ...(series.length > 0 && { series }),
      ...(telemetry.size > 0 && { telemetry: [...telemetry.values()] }),
      ...(calls.length > 0 && { calls }),
    };
    return { json: new TextEncoder().encode(JSON.stringify(json)), hasExtras: Object.keys(json).length > 2 };
  }

  #textOf(whole: string): number {
    const text = shortened(whole);
    const known = this.#extras.strings.get(text);
    if (known !== undefined) return known;
    const index = this.#extras.strings.size;
    this.#extras.strings.set(text, index);
    return index;
  }

  #grow(): void {
    const capacity = this.#capacity * 2;
    const wider = <T extends Float64Array | Float32Array | Uint32Array | Uint16Array | Uint8Array>(
      to: T,
      from: T,
    ): T => {
      to.set(from);
      return to;
    };
    this.#metrics = this.#metrics.map((column) => wider(new Float64Array(capacity), column));
    this.#startOffset = wider(new Float32Array(capacity), this.#startOffset);
    this.#duration = wider(new Float32Array(capacity), this.#duration);
    this.#unit = wider(new Uint32Array(capacity), this.#unit);
    this.#attempt = wider(new Uint16Array(capacity), this.#attempt);
    this.#outcome = wider(new Uint8Array(capacity), this.#outcome);
    this.#reason = wider(new Uint8Array(capacity), this.#reason);
    this.#capacity = capacity;
  }
}

interface Extras {
  readonly strings: Map<string, number>;
  readonly details: [row: number, message: number, stack: number][];
  readonly censored: [row: number, metric: number, bound: number][];
  readonly artifacts: [row: number, refs: readonly ArtifactRef[]][];
  readonly values: [row: number, value: unknown][];
  readonly series: Map<string, SeriesRows>;
  readonly telemetry: Map<
    string,
    { readonly name: string; readonly rows: number[]; readonly values: number[] }
  >;
  readonly calls: [row: number, ports: readonly PortCalls[]][];
}

function noExtras(): Extras {
  return {
    strings: new Map(),
    details: [],
    censored: [],
    artifacts: [],
    values: [],
    series: new Map(),
    telemetry: new Map(),
    calls: [],
  };
}

function jsonColumnOf(
  column: EncodedColumn,
  where: { readonly at: number } | { readonly values: readonly unknown[] },
): SeriesColumnJson {
  return { name: column.name, ...where, ...(column.absent.length > 0 && { absent: column.absent }) };
}
