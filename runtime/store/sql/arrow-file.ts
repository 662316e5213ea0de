// Rows of a query as an Arrow IPC file (what Feather version 2 is), read and written 65,536 rows at a time. Texts that repeat are
// dictionaries, which an Arrow file holds once and whole, so they are looked up before the first row is written.
import type { Writable } from "node:stream";
import type { DuckDBConnection, DuckDBDataChunk, DuckDBValue } from "@duckdb/node-api";
import * as arrow from "apache-arrow";
import { quotedName } from "../parquet/duck.ts";
import { writeTo } from "./write-to.ts";

/** A column of text with at most so many different values becomes a dictionary. */
const dictionaryMax = 4096;

/** Never dictionaries: nearly every row has a text of its own there. */
const plainTexts: readonly string[] = ["trial", "message", "artifacts"];

const batchRows = 65_536;

interface Column {
  readonly name: string;
  readonly type: arrow.DataType;
  readonly dictionary: { readonly vector: arrow.Vector; readonly codes: ReadonlyMap<unknown, number> } | null;
}

/** Returns the number of rows. The stream is left open. */
export async function writeArrow(
  connection: DuckDBConnection,
  select: string,
  output: Writable,
): Promise<number> {
  const columns = await columnsOf(connection, select);
  const schema = new arrow.Schema(columns.map(({ name, type }) => new arrow.Field(name, type, true)));
  const writer = new arrow.RecordBatchFileWriter();
  const bytes = writer[Symbol.asyncIterator]();
  let next = bytes.next();
  /** Hands on what the writer has ready, so that no more than a batch is ever held. */
  const handOn = async (): Promise<void> => {
    const empty = Symbol("empty");
    for (;;) {
      const part = await Promise.race([next, new Promise<typeof empty>((done) => setImmediate(done, empty))]);
      if (part === empty || part.done === true) return;
      await writeTo(output, part.value);
      next = bytes.next();
    }
  };
  // Also a file without rows has its columns.
  writer.reset(undefined, schema);
  const result = await connection.stream(select);
  let rows = 0;
  let parts: DuckDBDataChunk[] = [];
  let held = 0;
  const writeBatch = async (): Promise<void> => {
    if (held === 0) return;
    const children = columns.map((column, index) =>
      dataOf(
        column,
        parts.flatMap((part) => part.getColumnValues(index)),
      ),
    );
    const data = arrow.makeData({
      type: new arrow.Struct(schema.fields),
      length: held,
      nullCount: 0,
      children,
    });
    writer.write(new arrow.RecordBatch(schema, data));
    rows += held;
    parts = [];
    held = 0;
    await handOn();
  };
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    parts.push(chunk);
    held += chunk.rowCount;
    if (held >= batchRows) await writeBatch();
  }
  await writeBatch();
  writer.finish();
  await handOn();
  return rows;
}

async function columnsOf(connection: DuckDBConnection, select: string): Promise<readonly Column[]> {
  const described = await connection.runAndReadAll(`DESCRIBE ${select}`);
  const columns: Column[] = [];
  for (const [name, sqlType] of described.getRows()) {
    const [column, type] = [String(name), String(sqlType)];
    const texts =
      type === "VARCHAR" && !plainTexts.includes(column) ? await textsOf(connection, select, column) : null;
    columns.push(
      texts === null
        ? { name: column, type: arrowTypeOf(type), dictionary: null }
        : dictionaryColumn(column, texts, columns.length),
    );
  }
  return columns;
}

/** The different texts of a column, sorted; null where there are many. */
async function textsOf(
  connection: DuckDBConnection,
  select: string,
  column: string,
): Promise<readonly string[] | null> {
  const name = quotedName(column);
  const reader = await connection.runAndReadAll(
    `SELECT DISTINCT ${name} FROM (${select}) WHERE ${name} IS NOT NULL ORDER BY 1 LIMIT ${dictionaryMax + 1}`,
  );
  const texts = reader.getRows().map(([text]) => String(text));
  return texts.length > dictionaryMax ? null : texts;
}

function dictionaryColumn(name: string, texts: readonly string[], id: number): Column {
  const type = new arrow.Dictionary(new arrow.Utf8(), new arrow.Int32(), id);
  const codes = new Map<unknown, number>(texts.map((text, code) => [text, code]));
  // A dictionary of no text would have no buffers at all, which readers refuse.
  const vector = arrow.vectorFromArray(texts.length === 0 ? [""] : texts, new arrow.Utf8());
  return { name, type, dictionary: { vector, codes } };
}

function arrowTypeOf(sqlType: string): arrow.DataType {
  switch (sqlType) {
    case "BOOLEAN":
      return new arrow.Bool();
    case "USMALLINT":
      return new arrow.Uint16();
    case "UINTEGER":
      return new arrow.Uint32();
    case "BIGINT":
      return new arrow.Int64();
    case "DOUBLE":
      return new arrow.Float64();
    case "TIMESTAMP":
      return new arrow.TimestampMicrosecond("UTC");
    default:
      return new arrow.Utf8();
  }
}

function dataOf({ type, dictionary }: Column, values: readonly DuckDBValue[]): arrow.Data {
  if (dictionary !== null)
    return arrow.makeData({
      ...numbersOf(
        values.map((value) => (value === null ? null : (dictionary.codes.get(value) ?? null))),
        new arrow.Int32(),
      ),
      // A column has a dictionary by having this type.
      type: type as arrow.Dictionary,
      dictionary: dictionary.vector,
    });
  // Times are told to Arrow's builders in milliseconds, which would round them.
  if (type instanceof arrow.TimestampMicrosecond)
    return arrow.makeData({ ...numbersOf(values.map(microsecondsOf), new arrow.Int64()), type });
  return arrow.vectorFromArray(values, type).data[0]!;
}

function numbersOf<T extends arrow.Int32 | arrow.Int64>(values: readonly unknown[], type: T) {
  const { nullCount, nullBitmap, values: data } = arrow.vectorFromArray(values, type).data[0]!;
  return { length: values.length, nullCount, nullBitmap, data };
}

function microsecondsOf(value: DuckDBValue): bigint | null {
  return typeof value === "object" && value !== null && "micros" in value ? value.micros : null;
}
