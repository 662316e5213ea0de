// Prints what a build found, for people on standard error, for programs as JSON on standard output.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { jsonOf, printDiagnostics } from "../../diagnostic/print.ts";

/** Diagnostics with their lines of code, cut to the terminal's width. */
export function showDiagnostics(root: string, diagnostics: readonly Diagnostic[]): void {
  const colour = process.stderr.isTTY && process.env.NO_COLOR === undefined;
  const width = process.stderr.isTTY ? process.stderr.columns || 80 : 100;
  process.stderr.write(printDiagnostics(diagnostics, { source: sourceReader(root), colour, width }));
}

/** The same as a JSON object on standard output. */
export function showDiagnosticsAsJson(
  ok: boolean,
  diagnostics: readonly Diagnostic[],
  more: Readonly<Record<string, unknown>> = {},
): void {
  process.stdout.write(`${JSON.stringify({ ok, ...more, diagnostics: jsonOf(diagnostics) }, null, 2)}\n`);
}

function sourceReader(root: string): (file: string) => string | null {
  return (file) => {
    try {
      // Columns are counted without the mark of UTF-8.
      return readFileSync(join(root, file), "utf8").replace(/^\uFEFF/, "");
    } catch {
      return null;
    }
  };
}
