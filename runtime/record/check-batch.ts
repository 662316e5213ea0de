// Whether a batch of records that came from outside can be read to its last row: what is not seen here is found when a person asks for
// results, beside the words that nothing is lost.

import type { BatchJson, SeriesJson } from "./batch-layout.ts";
import { outcomeCodes } from "./outcome.ts";
import { arePortCalls } from "./port-calls.ts";
import { type RecordBatch, readBatch } from "./record-batch.ts";
import { columnDataOf } from "./series-columns.ts";

/** By code, 1 where an outcome has it: looked at for every trial of a run. */
const isOutcome = new Uint8Array(256);
for (const code of Object.values(outcomeCodes)) isOutcome[code] = 1;

/**
 * Reads a batch and sees that every row of it can be read.
 *
 * @param metrics how many metric columns the job has
 * @throws RangeError, with what is wrong, for bytes that are no batch, or one that names rows or texts that it does not hold
 */
export function checkedBatch(bytes: Uint8Array, metrics: number): RecordBatch {
  const batch = readBatch(bytes);
  const json = jsonOf(batch);
  // A lease whose code could not be loaded has rows without metrics.
  if (batch.metrics.length !== json.metrics.length || ![0, metrics].includes(batch.metrics.length))
    throw new RangeError(`${batch.metrics.length} columns of metrics; expected ${metrics}`);
  if (typeof json.worker !== "string") throw new RangeError("no worker is named");
  for (const code of batch.outcome)
    if (isOutcome[code] !== 1) throw new RangeError(`an outcome of code ${code}`);
  if (batch.hasExtras) {
    try {
      checkExtras(batch, json);
    } catch (error) {
      // What is no list where a list belongs.
      if (error instanceof TypeError) throw new RangeError(`its texts are no records: ${error.message}`);
      throw error;
    }
  }
  return batch;
}

function jsonOf(batch: RecordBatch): BatchJson {
  try {
    const json: unknown = batch.json();
    if (typeof json === "object" && json !== null && "metrics" in json && Array.isArray(json.metrics))
      return batch.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new RangeError("its texts are no JSON that labwright wrote");
}

function checkExtras(batch: RecordBatch, json: BatchJson): void {
  const { strings = [] } = json;
  const isRow = (row: unknown): boolean => isIndex(row, batch.rows);
  const isText = (text: unknown): boolean => isIndex(text, strings.length);
  const isTrue = (holds: boolean, words: string): void => {
    if (!holds) throw new RangeError(words);
  };
  isTrue(
    strings.every((text) => typeof text === "string"),
    "a text that is none",
  );
  for (const [row, message, stack] of json.details ?? [])
    isTrue(isRow(row) && isText(message) && (stack === -1 || isText(stack)), "a message that is not there");
  for (const [row, metric, bound] of json.censored ?? [])
    isTrue(isRow(row) && isText(metric) && typeof bound === "number", "a bound of a row that is not there");
  for (const [row, refs] of json.artifacts ?? [])
    isTrue(isRow(row) && refs.every(({ name }) => typeof name === "string"), "an artifact of no row");
  for (const [row] of json.values ?? []) isTrue(isRow(row), "a value of no row");
  for (const { name, rows, values } of json.telemetry ?? [])
    isTrue(
      typeof name === "string" && rows.every(isRow) && values.length === rows.length,
      "telemetry of no row",
    );
  for (const [row, ports] of json.calls ?? [])
    isTrue(isRow(row) && ports.every(arePortCalls), "an account of calls of no row");
  for (const series of json.series ?? []) checkSeries(batch, series);
}

function checkSeries(batch: RecordBatch, { name, records, counts, rows, columns }: SeriesJson): void {
  const counted = counts.reduce((sum, count) => sum + count, 0);
  const areRows = records.every((row) => isIndex(row, batch.rows)) && counts.every((count) => count >= 0);
  if (typeof name !== "string" || !areRows || records.length !== counts.length || counted !== rows)
    throw new RangeError(`${counted} rows of series ${name}; expected ${rows}`);
  for (const column of columns) {
    const isWhole =
      typeof column.name === "string" &&
      columnDataOf(column, rows, batch.bytes).length === rows &&
      (column.absent ?? []).every((row) => isIndex(row, rows));
    if (!isWhole)
      throw new RangeError(`column ${column.name} of series ${name} does not fit its ${rows} rows`);
  }
}

function isIndex(value: unknown, length: number): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < length;
}
