// Writing to a stream at its reader's pace.
import type { Writable } from "node:stream";

/** Waits when the reader is slower than we are; a reader that went away (`| head`) is an error. */
export function writeTo(output: Writable, part: string | Uint8Array): Promise<void> {
  if (part.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => output.write(part, (error) => (error ? reject(error) : resolve())));
}
