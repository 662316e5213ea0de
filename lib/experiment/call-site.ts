// Where in the author's source a builder was called, so that a diagnostic can point at that line.
// The place is the first stack frame outside the builder; with source maps enabled Node already gives the original file.

/** A place in a source file as the JavaScript engine reports it: path (or URL path), line and column counted from 1. */
export interface CallSite {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The place that called `builder`; null when the engine gives no stack. */
export function callSiteOf(builder: (...args: never[]) => unknown): CallSite | null {
  const holder: { stack?: string } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(holder, builder);
  const stack = holder.stack;
  Error.stackTraceLimit = limit;
  return stack === undefined ? null : parseFrame(stack);
}

/** Reads `file:line:column` out of the first frame of a V8 stack; null when there is none. */
export function parseFrame(stack: string): CallSite | null {
  const frame = stack.split("\n").find((line) => /^\s+at /.test(line));
  const match = frame?.match(/\(?((?:file:\/\/)?[^()\s][^()]*):(\d+):(\d+)\)?$/);
  if (match?.[1] === undefined) return null;
  const place = match[1].replace(/^\s*at (?:async )?/, "");
  const file = place.startsWith("file://") ? decodeURIComponent(place.slice("file://".length)) : place;
  return { file, line: Number(match[2]), column: Number(match[3]) };
}
