// The filter of the table of trials: `state=failed discount=0.95 profit>0.5 timeout`. Terms by name with = != > >= < <=, all of which must
// hold; a bare word must stand in a row's levels, state or message. Values with spaces stand in double quotes.
import { nearest } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { metricValueAt, stateOf } from "./cells.ts";
import { rowsOfCause } from "./failures.ts";
import type { TrialColumns } from "./run-tables.ts";
import type { Cell } from "./stable-order.ts";

type Column = (row: number) => Cell;
type Operator = "=" | "!=" | ">" | ">=" | "<" | "<=";

/** A column by the name under which it is sorted and filtered; null for a name that there is not. */
export function columnNamed(columns: TrialColumns, name: string): Column | null {
  const { table, endedAtMs } = columns;
  if (name === "state") return (row) => stateOf(columns, row);
  if (name === "replicate") return (row) => table.replicate[row]!;
  if (name === "seconds") return (row) => numberOf(table.durationMs[row]! / 1000);
  if (name === "ended") return (row) => numberOf(endedAtMs[row]!);
  if (Object.hasOwn(table.metrics, name)) return (row) => metricValueAt(table, name, row);
  const used = table.telemetry[name];
  if (used !== undefined) return (row) => numberOf(used[row]!);
  if (!table.experiment.factors.some((factor) => factor.name === name)) return null;
  const levels = table.conditions.map((condition) => cellOf(condition[name]));
  return (row) => levels[table.condition[row]!]!;
}

/** Names that columnNamed knows. */
export function columnNames({ table }: TrialColumns): readonly string[] {
  const factors = table.experiment.factors.map(({ name }) => name);
  return [
    "state",
    ...factors,
    "replicate",
    ...Object.keys(table.metrics),
    "seconds",
    "ended",
    ...Object.keys(table.telemetry),
  ];
}

/** Whether a row fits. Throws UserError for a name that there is not. */
export function filterOf(columns: TrialColumns, where: string): (row: number) => boolean {
  const tests = termsOf(where).map((term) => testOf(columns, term));
  return (row) => tests.every((test) => test(row));
}

function termsOf(where: string): readonly string[] {
  return where.match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
}

function testOf(columns: TrialColumns, term: string): (row: number) => boolean {
  const [, name, sign, quoted] = /^([^=!<>]+)(!=|>=|<=|=|>|<)(.*)$/s.exec(term) ?? [];
  if (name === undefined || sign === undefined || quoted === undefined) return wordTest(columns, term);
  const text = quoted.replaceAll('"', "");
  if (name === "cause") {
    const rows = new Set(rowsOfCause(columns, text.replaceAll("'", '"')));
    return (row) => rows.has(row);
  }
  const column = columnNamed(columns, name);
  if (column === null) {
    const names = columnNames(columns);
    const near = nearest(name, names);
    throw new UserError(`there is no column "${name}"`, {
      hint: near === null ? `There are ${names.join(", ")}.` : `Did you mean ${near}?`,
    });
  }
  // "failed" stands for all reasons of a failure.
  if (name === "state" && (sign === "=" || sign === "!="))
    return (row) => {
      const state = String(column(row));
      return (state === text || state.startsWith(`${text}: `)) === (sign === "=");
    };
  // One of the alternatives above.
  return (row) => holds(column(row), sign as Operator, text);
}

function holds(cell: Cell, sign: Operator, text: string): boolean {
  if (sign === "=" || sign === "!=") {
    const alternatives = text.split(",");
    const isSame = alternatives.some((each) =>
      typeof cell === "number" ? cell === Number(each) && each !== "" : String(cell) === each,
    );
    return isSame === (sign === "=");
  }
  if (cell === null) return false;
  const order = typeof cell === "number" ? cell - Number(text) : String(cell) < text ? -1 : 1;
  if (Number.isNaN(order)) return false;
  return sign === ">" ? order > 0 : sign === ">=" ? order >= 0 : sign === "<" ? order < 0 : order <= 0;
}

function wordTest(columns: TrialColumns, term: string): (row: number) => boolean {
  const word = term.replaceAll('"', "").toLowerCase();
  const { table } = columns;
  const levels = table.conditions.map((condition) =>
    Object.values(condition).map(cellOf).join(" ").toLowerCase(),
  );
  return (row) =>
    levels[table.condition[row]!]!.includes(word) ||
    stateOf(columns, row).includes(word) ||
    (table.message.get(row)?.toLowerCase().includes(word) ?? false);
}

function numberOf(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function cellOf(level: unknown): Cell {
  if (level === undefined || level === null) return null;
  return typeof level === "number" || typeof level === "string" || typeof level === "boolean"
    ? level
    : JSON.stringify(level);
}
