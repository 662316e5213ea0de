// The command line as it was typed.
import { shellLine } from "../diagnostic/shell-line.ts";

/** Quoted so that it can be pasted. */
export function typedCommand(): string {
  return shellLine(["lab", ...process.argv.slice(2)]);
}
