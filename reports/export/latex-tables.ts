// Tables as longtables of the size of a page: what is too wide is split, its first columns repeated, never made smaller than it can be read.
import { cellText, escaped, plain } from "./latex-text.ts";
import type { PlainTable } from "./plain-table.ts";

const rowsMax = 200;
/** Width of the text of the page, in millimetres. */
const pageWidth = 166;
const gap = 3.4;
/** Text wraps beyond this. */
const textMax = 44;
/** Of the letters of a table, set in footnotesize. */
const letterWidth = 1.42;

/** One longtable, or several where one would be wider than the page. */
export function tableText(table: PlainTable): string {
  const widths = table.columns.map((_, i) => widthOf(table, i));
  return partsOf(table, widths)
    .map((part, i, all) =>
      partText(table, widths, part, all.length === 1 ? null : `${i + 1} of ${all.length}`),
    )
    .join("\n\n");
}

function widthOf({ columns, rows }: PlainTable, column: number): number {
  const { head, isNumber } = columns[column]!;
  const letters = Math.max(
    headLines(head).width,
    ...rows.slice(0, rowsMax).map((row) => row[column]!.length),
  );
  return Math.min(isNumber ? Infinity : textMax, letters * letterWidth) + gap;
}

/** Indices of the columns of each part; columns of text at the start name the row, and are in every part. */
function partsOf({ columns }: PlainTable, widths: readonly number[]): readonly (readonly number[])[] {
  const firstNumber = columns.findIndex(({ isNumber }) => isNumber);
  const names = columns.map((_, i) => i).slice(0, Math.max(0, Math.min(firstNumber, 4)));
  const nameWidth = names.reduce((sum, i) => sum + widths[i]!, 0);
  const others = columns.map((_, i) => i).slice(names.length);
  const room = pageWidth - nameWidth;
  const total = others.reduce((sum, i) => sum + widths[i]!, 0);
  // Parts of about the same width, so that none is left with a single column.
  const share = Math.min(room, total / Math.ceil(total / room) + gap);
  const parts: number[][] = [];
  let used = Infinity;
  for (const i of others) {
    const isFull = used + widths[i]! > room || used >= share;
    if (isFull) {
      parts.push([...names]);
      used = 0;
    }
    parts.at(-1)!.push(i);
    used += widths[i]!;
  }
  return parts.length === 0 ? [names] : parts;
}

function partText(
  table: PlainTable,
  widths: readonly number[],
  part: readonly number[],
  place: string | null,
): string {
  const rows = table.rows.slice(0, rowsMax);
  const spec = part.map((i) => {
    if (table.columns[i]!.isNumber) return "r";
    return widths[i]! >= textMax ? `>{\\raggedright\\arraybackslash}p{${textMax}mm}` : "l";
  });
  const more =
    table.rows.length > rows.length ? ` The first ${rows.length} of ${table.rows.length} rows.` : "";
  const head = part.map((i) => headText(table.columns[i]!.head, table.columns[i]!.isNumber)).join(" & ");
  const id = `${plain(table.id)}${place === null ? "" : `, part ${place}`}`;
  return `% begin table ${id}
\\begingroup\\footnotesize\\setlength{\\tabcolsep}{${gap / 2}mm}
\\begin{longtable}{@{}${spec.join("")}@{}}
\\caption{${escaped(table.caption + more)}${place === null ? "" : ` Part ${place}.`}}\\\\
\\toprule
${head} \\\\
\\midrule
\\endfirsthead
\\toprule
${head} \\\\
\\midrule
\\endhead
\\bottomrule
\\endfoot
${rows.map((row) => `${part.map((i) => cellText(row[i]!, table.columns[i]!.isNumber)).join(" & ")} \\\\`).join("\n")}
\\end{longtable}
\\endgroup
% end table ${id}`;
}

/** A head of several words stands in lines, since it is longer than the numbers under it. */
function headLines(head: string): { readonly lines: readonly string[]; readonly width: number } {
  const lines: string[] = [];
  for (const word of head.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= 14) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return { lines, width: Math.max(...lines.map(({ length }) => length)) };
}

function headText(head: string, isNumber: boolean): string {
  const { lines } = headLines(head);
  if (lines.length === 1) return escaped(head);
  return `\\begin{tabular}[b]{@{}${isNumber ? "r" : "l"}@{}}${lines.map(escaped).join("\\\\")}\\end{tabular}`;
}
