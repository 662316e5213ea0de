// What a program left behind as values: metrics from JSON, JSON lines or CSV. Each error says which file and where.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MetricSource } from "../../lib/experiment/command.ts";

type Row = Readonly<Record<string, unknown>>;
type MetricFile = Exclude<MetricSource, { readonly output: unknown }>;

/** The metrics of a trial by name. Throws, in words, where one is not there. */
export function metricsFrom(
  source: MetricFile,
  of: { readonly folder: string; readonly metrics: readonly string[] },
): Row {
  const { folder, metrics } = of;
  const { file, row } = rowOf(source, folder);
  return Object.fromEntries(
    metrics.map((name) => {
      const key = source.names?.[name] ?? name;
      const value = valueAt(row, key);
      if (value === undefined)
        throw new Error(`${file} has no "${key}" for the metric "${name}"; it has ${keysOf(row)}`);
      return [name, value];
    }),
  );
}

function rowOf(source: MetricFile, folder: string): { readonly file: string; readonly row: Row } {
  if ("csv" in source)
    return { file: source.csv, row: last(csvRows(textOf(folder, source.csv)), source.csv) };
  if ("json" in source) {
    const row = parsed(textOf(folder, source.json), source.json);
    return { file: source.json, row };
  }
  const file = source.jsonLines;
  const lines = textOf(folder, file)
    .split("\n")
    .filter((line) => line.trim() !== "");
  return { file, row: parsed(last(lines, file), `${file}:${lines.length}`) };
}

/** A JSON object; `place` names it in the error. */
export function parsed(text: string, place: string): Row {
  const value = parsedJson(text, place);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new Error(`${place} holds no JSON object`);
  return Object.fromEntries(Object.entries(value));
}

/** NaN and Infinity, which Python writes as such, or a text that may hold them. */
const bareNumbers = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;

/** JSON as programs write it: NaN and infinities are numbers that are none, and fail the metric or row that they stand in. */
export function parsedJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (!/NaN|Infinity/.test(text)) throw new Error(`${place} is no JSON: ${said}`);
    const marked = text.replace(bareNumbers, (found) =>
      found.startsWith('"') ? found : `{"${mark}":"${found}"}`,
    );
    try {
      return JSON.parse(marked, (_, value: unknown) => {
        const number: unknown = Reflect.get(Object(value), mark);
        return typeof number === "string" ? Number(number) : value;
      });
    } catch {
      throw new Error(`${place} is no JSON: ${said}`);
    }
  }
}

const mark = "labwright/number";

/** The rows of a CSV text with a heading; numbers and booleans as such. Lines that have not ended are left out where told. */
export function csvRows(text: string): Row[] {
  const [heading, ...lines] = text.split(/\r?\n/).filter((line) => line !== "");
  if (heading === undefined) return [];
  const names = cellsOf(heading);
  return lines.map((line) => {
    const cells = cellsOf(line);
    return Object.fromEntries(names.map((name, index) => [name, typedCell(cells[index] ?? "")]));
  });
}

function cellsOf(line: string): string[] {
  const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell = ""]) =>
    cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
  );
  // The expression matches once more at the end of a line that does not end with a comma.
  return line.endsWith(",") ? cells : cells.slice(0, -1);
}

/** A cell, or what an expression found, as the value that it says. */
export function typedCell(cell: string): string | number | boolean | null {
  const text = cell.trim();
  if (text === "" || text === "NA") return null;
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  if (/^[-+]?nan$/i.test(text)) return Number.NaN;
  const infinite = /^([-+]?)inf(inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number.isNaN(Number(text)) ? cell : Number(text);
}

function textOf(folder: string, file: string): string {
  const path = join(folder, file);
  if (!existsSync(path)) throw new Error(`the program left no ${file} behind`);
  return readFileSync(path, "utf8");
}

function last<T>(rows: readonly T[], file: string): T {
  const row = rows.at(-1);
  if (row === undefined) throw new Error(`${file} has no rows`);
  return row;
}

/** `a.b` is the member b of the member a; a key that holds a dot itself comes first. */
function valueAt(row: Row, key: string): unknown {
  if (Object.hasOwn(row, key)) return row[key];
  let value: unknown = row;
  for (const part of key.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = Reflect.get(value, part);
  }
  return value;
}

function keysOf(row: Row): string {
  const keys = Object.keys(row).map((key) => `"${key}"`);
  return keys.length === 0 ? "no keys" : keys.slice(0, 12).join(", ");
}
