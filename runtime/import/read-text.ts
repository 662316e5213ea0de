// Files of other tools read with their mistakes at file:line: JSON, JSON lines, YAML, CSV; and nested settings as names with dots.
import { readFileSync } from "node:fs";
import { parse as parseCsv } from "csv-parse/sync";
import { LineCounter, parseDocument } from "yaml";
import type { Json } from "../../lib/experiment/json.ts";
import { UserError } from "../diagnostic/user-error.ts";
import type { ImportedValue } from "./imported.ts";

/** Larger files are no settings and no metrics. */
const bytesMax = 512 * 2 ** 20;

export function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    if (bytes.length > bytesMax) throw new UserError(`${path} is larger than 512 MB`);
    return bytes.toString("utf8").replace(/^\ufeff/, "");
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Python writes NaN and Infinity as bare words, which JSON does not have: they are read as null. */
export function parseJson(text: string, place: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    const bare = text.replaceAll(
      /("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g,
      (_, quoted: string | undefined) => quoted ?? "null",
    );
    try {
      return JSON.parse(bare);
    } catch {
      const message = error instanceof Error ? error.message : String(error);
      throw new UserError(`${place}:${lineOf(text, message)}: ${message}`);
    }
  }
}

function lineOf(text: string, message: string): number {
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  return text.slice(0, position).split("\n").length;
}

export function readJson(path: string): Json {
  return parseJson(readText(path), path);
}

export function readYaml(path: string): Json {
  const lines = new LineCounter();
  // Hydra writes YAML 1.1, in which `yes` is a truth value.
  const document = parseDocument(readText(path), { lineCounter: lines, version: "1.1", logLevel: "silent" });
  const [error] = document.errors;
  if (error !== undefined)
    throw new UserError(`${path}:${lines.linePos(error.pos[0]).line}: ${error.message.split("\n")[0]}`);
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  // Dates and the like become what JSON makes of them.
  return JSON.parse(JSON.stringify(value ?? null));
}

export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

interface CsvLine {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Rows under their heading. Throws UserError for a row of another length. */
export function readCsv(path: string): {
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
} {
  const text = readText(path);
  let lines: readonly CsvLine[];
  try {
    // With `info` each row comes with where it ended, which the package's types leave out.
    lines = parseCsv(text, { info: true, skip_empty_lines: true }) as unknown as readonly CsvLine[];
  } catch (error) {
    const at = error instanceof Error && "lines" in error ? `:${error.lines}` : "";
    throw new UserError(`${path}${at}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const [head, ...body] = lines;
  if (head === undefined) throw new UserError(`${path}:1: there is no heading`);
  const twice = head.record.find((name, index) => head.record.indexOf(name) !== index);
  if (twice !== undefined) throw new UserError(`${path}:1: there are two columns "${twice}"`);
  return {
    columns: head.record,
    rows: body.map(({ record, info }) => ({
      line: info.lines,
      cells: Object.fromEntries(head.record.map((name, index) => [name, record[index] ?? ""])),
    })),
  };
}

/** Objects a line. */
export function readJsonLines(path: string): readonly { readonly line: number; readonly value: Json }[] {
  return readText(path)
    .split("\n")
    .map((text, index) => ({ text, line: index + 1 }))
    .filter(({ text }) => text.trim() !== "")
    .map(({ text, line }) => {
      try {
        return { line, value: parseJson(text, path) };
      } catch (error) {
        const words = error instanceof Error ? error.message.replace(/^.*?:\d+: /, "") : String(error);
        throw new UserError(`${path}:${line}: ${words}`);
      }
    });
}

/** A cell of CSV: nothing, a number, yes or no, else its text. */
export function valueOfCell(cell: string): ImportedValue {
  const text = cell.trim();
  if (text === "" || /^(nan|null|none|-?inf(inity)?)$/i.test(text)) return null;
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return Number(text);
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  return cell;
}

/** An object's values by path, as "optimizer.lr"; lists and empty objects are values. */
export function flattened(value: Json, prefix = ""): Readonly<Record<string, Json>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { [prefix]: value };
  const entries = Object.entries(value);
  if (entries.length === 0 && prefix !== "") return { [prefix]: value };
  return Object.assign(
    {},
    ...entries.map(([name, member]) => flattened(member as Json, prefix === "" ? name : `${prefix}.${name}`)),
  );
}

/** What may be a metric; lists, objects and numbers that are not finite are null. */
export function metricOf(value: unknown): ImportedValue {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "boolean" || typeof value === "string" ? value : null;
}
