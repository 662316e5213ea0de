// Tables for a terminal, cut to its width; plain when piped. Cells are text, and nothing in them can move the cursor.
import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import { fit } from "./words.ts";

const bare = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: "  ",
};

/** No column falls below this many characters. */
const narrowest = 6;

/** Lines of a table with a heading, or a block of lines a row where a terminal has no room for all columns; `right` lists the columns to align right. */
export function textTable(
  heading: readonly string[],
  rows: readonly (readonly unknown[])[],
  right: readonly number[] = [],
): string {
  const width = process.stdout.isTTY ? process.stdout.columns || 80 : 200;
  const cells = rows.map((row) => row.map(cellText));
  const widest = heading.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const gaps = 2 * (heading.length - 1);
  const least = widest.reduce((sum, each) => sum + Math.min(each, narrowest), gaps);
  if (least > width) return stacked(heading, cells, width);
  const widths = squeezed(widest, width - gaps);
  const table = new Table({
    head: heading.map((title, column) => fit(title, widths[column]!)),
    chars: bare,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
    colAligns: heading.map((_, column) => (right.includes(column) ? "right" : "left")),
  });
  for (const row of cells) table.push(row.map((cell, column) => fit(cell, widths[column]!)));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Each row as lines of its own, a column a line, where the columns do not fit beside each other. */
function stacked(heading: readonly string[], cells: readonly (readonly string[])[], width: number): string {
  const room = Math.max(...heading.slice(1).map((title) => title.length));
  const blocks = cells.map(([first = "", ...others]) => {
    const lines = others.flatMap((cell, index) =>
      cell === "" ? [] : [fit(`  ${(heading[index + 1] ?? "").padEnd(room)}  ${cell}`, width).trimEnd()],
    );
    return [fit(first, width).trimEnd(), ...lines].join("\n");
  });
  return [heading[0], ...blocks].join("\n");
}

/** Takes from the widest column until the sum fits, from the first, which names the row, last; none falls below `narrowest`. */
export function squeezed(widest: readonly number[], room: number): number[] {
  const widths = [...widest];
  for (let over = widths.reduce((a, b) => a + b, 0) - room; over > 0; over -= 1) {
    const others = Math.max(0, ...widths.slice(1));
    const at = others > narrowest ? widths.indexOf(others, 1) : 0;
    if (widths[at]! <= narrowest) break;
    widths[at]! -= 1;
  }
  return widths;
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return stripVTControlCharacters(text).replace(/\p{Cc}/gu, " ");
}
