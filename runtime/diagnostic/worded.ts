// What the files of messages share: making a diagnostic of words, and the turns of phrase that all use.
import type { Diagnostic, SourcePlace } from "./diagnostic.ts";

/** Where a diagnostic points; null for what has no place, such as the command line. */
export type Place = SourcePlace | null;

export function error(code: string, place: Place, message: string, hint: string | null): Diagnostic {
  return { code, severity: "error", place, message, hint };
}

export function warning(code: string, place: Place, message: string, hint: string | null): Diagnostic {
  return { code, severity: "warning", place, message, hint };
}

/** "file:line:column". */
export function at(place: SourcePlace): string {
  return `${place.file}:${place.line}:${place.column}`;
}

/** "1 condition", "12,000 conditions". */
export function count(n: number, noun: string): string {
  return `${grouped(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/** 4294967295 as "4,294,967,295". */
export function grouped(n: number): string {
  return n.toLocaleString("en-US");
}
