// Rows as text: CSV after RFC 4180 (but LF, as shells want it; quotes only where needed) and a JSON list with a row a line. Numbers are written with the fewest
// digits that read back as the same double.
import { plainValueOf } from "./sql-value.ts";

export interface RowText {
  readonly head: string;
  row(values: readonly unknown[], index: number): string;
  tail(rows: number): string;
}

/** `isSafe`: texts that a spreadsheet would take for a formula get an apostrophe before them. */
export function rowText(
  format: "csv" | "json",
  names: readonly string[],
  { isSafe = false }: { readonly isSafe?: boolean } = {},
): RowText {
  const cell = isSafe ? (value: unknown) => csvCell(defused(value)) : csvCell;
  const csvLine = (values: readonly unknown[]): string => `${values.map(cell).join(",")}\n`;
  if (format === "csv")
    return {
      head: csvLine(names),
      row: (values) => csvLine(values),
      tail: () => "",
    };
  const keys = names.map((name) => `${JSON.stringify(name)}:`);
  return {
    head: "[",
    row: (values, index) =>
      `${index === 0 ? "\n" : ",\n"}{${values.map((value, column) => keys[column] + jsonText(value)).join(",")}}`,
    tail: (rows) => (rows === 0 ? "]\n" : "\n]\n"),
  };
}

/** Spreadsheets run a cell that begins so; numbers are none. */
function defused(value: unknown): unknown {
  return typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
}

/** Nothing for a missing value; an empty text is `""`, so that the two differ. */
function csvCell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const plain = typeof value === "bigint" ? value.toString() : plainValueOf(value);
  const text = typeof plain === "object" ? JSON.stringify(plain) : String(plain);
  return text === "" || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function jsonText(value: unknown): string {
  // An integer beyond 2^53 is a JSON number all the same: JSON itself has no such limit.
  return typeof value === "bigint" ? value.toString() : JSON.stringify(plainValueOf(value) ?? null);
}
