// Series of a plan file: members of `metrics_to_track` of the type `series`, with the columns of their rows and where the rows are.
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import { key as columnKey, separated } from "./code-text.ts";
import type { Part } from "./module-text.ts";
import type { Entry, PlanNode } from "./plan-document.ts";
import { nameOfPath } from "./plan-parameters.ts";
import { fileKindOf } from "./plan-program.ts";
import { bad, badChoice, membersOf, pathBelow, type Reading, textOf } from "./plan-reading.ts";

/** What runs the plan: each has its rows elsewhere. */
export type PlanRuns = "program" | "module" | "orchestrator";

export interface PlanSeries {
  readonly name: string;
  readonly place: SourcePlace;
  /** The schema of its rows, as TypeScript. */
  readonly code: Part;
  /** A field of the status, or a file of rows; null for a module, which records them itself. */
  readonly from: {
    readonly name: string;
    readonly kind: "field" | "jsonLines" | "csv";
    readonly place: SourcePlace;
  } | null;
}

const columnTypes: Readonly<Record<string, string>> = {
  number: "z.number()",
  integer: "z.int()",
  boolean: "z.boolean()",
  text: "z.string()",
};

export function isSeries({ node }: Entry): boolean {
  return node.entries?.some(({ key, node: type }) => key === "type" && type.value === "series") ?? false;
}

/** Null for one with mistakes. */
export function readSeries(reading: Reading, { key, place, node }: Entry, runs: PlanRuns): PlanSeries | null {
  const known = ["type", "columns", ...(runs === "module" ? [] : ["from"])];
  const parts = membersOf(reading, node.entries ?? [], { within: `series "${key}"`, known });
  const columns = parts.get("columns");
  const example = `columns and their types: columns: { round: integer, price: number } (${Object.keys(columnTypes).join(", ")})`;
  if (columns === undefined || columns.node.entries === null || columns.node.entries.length === 0)
    return bad(reading, columns?.node ?? node, `series "${key}"`, example, place);
  const written = columns.node.entries.map((column): Part => {
    const type = columnTypes[String(column.node.value)];
    if (type === undefined)
      badChoice(reading, column.node, `the type of column "${column.key}"`, Object.keys(columnTypes));
    return { of: column.place, parts: [`${columnKey(column.key)}: ${type ?? "z.number()"}`] };
  });
  const from = fromOf(reading, { key, place, node, runs, entry: parts.get("from") });
  if (from === null && runs !== "module") return null;
  const schema = ["z.object({ ", ...separated(written), " })"];
  return { name: nameOfPath(key), place, code: { of: columns.place, parts: schema }, from };
}

function fromOf(
  reading: Reading,
  of: {
    readonly key: string;
    readonly place: SourcePlace;
    readonly node: PlanNode;
    readonly runs: PlanRuns;
    readonly entry: Entry | undefined;
  },
): PlanSeries["from"] {
  const { key, place, node, runs, entry } = of;
  if (runs === "module") return null;
  if (runs === "orchestrator") {
    const field = textOf(reading, entry, "the field of the status that has its rows") ?? key;
    return { kind: "field", name: field, place: entry?.node.place ?? place };
  }
  const expected =
    "from: a file of rows in the trial's folder, such as from: rounds.jsonl or from: rounds.csv";
  const file = entry === undefined ? null : textOf(reading, entry, expected);
  const kind = file === null ? "json" : fileKindOf(file);
  if (entry !== undefined && file !== null && kind !== "json" && pathBelow(file) !== null)
    return { kind, name: file, place: entry.node.place };
  if (entry === undefined) return bad(reading, node, `series "${key}"`, expected, place);
  return file === null ? null : bad(reading, entry.node, `from of series "${key}"`, expected);
}
