// Diagnostics as a person reads them: place, sentence, the line of code with a mark under it, the expectation. Pure: sources, colour
// and width are given. `jsonOf` is the same for programs.
import picocolors from "picocolors";
import type { Diagnostic, SourcePlace } from "./diagnostic.ts";

export interface PrintOptions {
  /** The text of a file named in a place; null when it cannot be read, and then no code is shown. */
  readonly source: (file: string) => string | null;
  readonly colour: boolean;
  /** Columns of the terminal; prose is wrapped and code is cut to fit, from 40 up. */
  readonly width: number;
}

type Colours = ReturnType<typeof picocolors.createColors>;

/**
 * All diagnostics and a closing count, ending in a line break; "" for none.
 *
 * @example
 * experiments/patience.experiment.ts:9:15 error unknown-metric
 *   No metric is named "scoer".
 *     9 | compare("scoer", { across: "discount" })
 *       |         ^^^^^^^
 *   Did you mean "score"?
 */
export function printDiagnostics(diagnostics: readonly Diagnostic[], options: PrintOptions): string {
  if (diagnostics.length === 0) return "";
  const colours = picocolors.createColors(options.colour);
  const width = Math.max(40, options.width);
  const blocks = diagnostics.map((diagnostic) => blockOf(diagnostic, options, colours, width));
  return `${blocks.join("\n\n")}\n\n${summaryOf(diagnostics, colours)}\n`;
}

/** "2 errors, 1 warning". */
export function countOf(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const parts = [numbered(errors, "error"), numbered(warnings, "warning")].filter((part) => part !== null);
  return parts.length === 0 ? "no errors" : parts.join(", ");
}

/** The form of `--json`: one object a diagnostic, its keys always all there; place fields are null together. */
export function jsonOf(diagnostics: readonly Diagnostic[]): readonly JsonDiagnostic[] {
  return diagnostics.map(({ code, severity, place, message, hint }) => ({
    code,
    severity,
    file: place?.file ?? null,
    line: place?.line ?? null,
    column: place?.column ?? null,
    length: place?.length ?? null,
    message,
    hint,
  }));
}

/** A diagnostic as `--json` prints it; line and column count from 1. */
export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly length: number | null;
  readonly message: string;
  readonly hint: string | null;
}

function blockOf(diagnostic: Diagnostic, { source }: PrintOptions, colours: Colours, width: number): string {
  const { code, severity, place, message, hint } = diagnostic;
  const paint = severity === "error" ? colours.red : colours.yellow;
  const where = place === null ? "" : `${colours.cyan(`${place.file}:${place.line}:${place.column}`)} `;
  const lines = [`${where}${paint(severity)} ${colours.dim(code)}`, ...wrapped(message, width)];
  const text = place === null ? null : source(place.file);
  if (place !== null && text !== null) lines.push(...frameOf(text, place, { colours, paint, width }));
  if (hint !== null) lines.push(...wrapped(hint, width));
  return lines.join("\n");
}

/** The line of the place with a mark under it; nothing when the file has no such line. */
function frameOf(
  text: string,
  place: SourcePlace,
  { colours, paint, width }: { colours: Colours; paint: (text: string) => string; width: number },
): string[] {
  const raw = text.split(/\r?\n/)[place.line - 1];
  if (raw === undefined) return [];
  const gutter = `    ${place.line} | `;
  const blank = `${" ".repeat(gutter.length - 2)}| `;
  const { code, start, length } = cutTo(raw, place, width - gutter.length);
  const mark = `${" ".repeat(start)}${"^".repeat(length)}`;
  return [colours.dim(gutter) + code, colours.dim(blank) + paint(mark)];
}

/** Takes indentation off and, where the line is still too long, shows the stretch around the mark. */
function cutTo(
  raw: string,
  place: SourcePlace,
  room: number,
): { code: string; start: number; length: number } {
  const line = raw.replace(/\t/g, " ");
  const indent = line.length - line.trimStart().length;
  const from = Math.min(indent, place.column - 1);
  const code = line.slice(from).trimEnd();
  const start = place.column - 1 - from;
  const length = Math.max(1, Math.min(place.length, Math.max(1, code.length - start)));
  if (code.length <= room) return { code, start, length };
  // A third of the room goes to what stands before the mark.
  const left = start + length <= room - 3 ? 0 : Math.max(0, start - Math.floor(room / 3));
  const head = left > 0 ? "..." : "";
  const tail = left + room - head.length < code.length ? "..." : "";
  const shown = code.slice(left, left + room - head.length - tail.length);
  const at = start - left + head.length;
  return {
    code: head + shown + tail,
    start: at,
    length: Math.max(1, Math.min(length, room - tail.length - at)),
  };
}

/** Words to lines of at most `width`, indented by two; a word longer than a line stands alone. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = " ";
    // The comment that a hint proposes stays in one piece, to be copied.
    for (const word of paragraph.match(/(?:\/\/|#) lab-allow .*$|\S+/g) ?? []) {
      if (line.length > 1 && line.length + 1 + word.length > width) {
        lines.push(line);
        line = " ";
      }
      line += ` ${word}`;
    }
    lines.push(line);
  }
  return lines;
}

function summaryOf(diagnostics: readonly Diagnostic[], colours: Colours): string {
  const text = countOf(diagnostics);
  return diagnostics.some(({ severity }) => severity === "error") ? colours.red(text) : colours.yellow(text);
}

function numbered(count: number, noun: string): string | null {
  if (count === 0) return null;
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
