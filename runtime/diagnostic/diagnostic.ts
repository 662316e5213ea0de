// The author's mistakes as data: a code, a place, what was found, what was expected, the nearest valid choice.
// All of them are collected before anything runs; words live in messages.ts, printing in print.ts.

/** A place in the author's source: path relative to the project, line and column counted from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters to underline; 1 when unknown. */
  readonly length: number;
}

export interface Diagnostic {
  /** Stable, kebab-case, documented in docs/diagnostics.md: "unknown-metric", "clock-in-trial" ... */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly place: SourcePlace | null;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** One sentence: what was expected instead, with the nearest valid name where there is one; null when the message says it all. */
  readonly hint: string | null;
}

/** Success with a value, or every reason why not. */
export type Result<T, E> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: E };
