// Every code that a diagnostic can have, read off the functions that word them: what the tests of cases and of docs hold against.
import * as messages from "../messages.ts";
import * as planFile from "../plan-file-messages.ts";
import { codeOf, problemWords } from "../problem-messages.ts";
import * as trialCode from "../trial-code-messages.ts";

/** All codes, sorted, each once. */
export function diagnosticCodes(): readonly string[] {
  const functions = [messages, planFile, trialCode].flatMap((file) => Object.keys(file));
  const codes = functions.map((name) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`));
  return [
    ...new Set([
      ...codes,
      ...Object.keys(problemWords).map((code) => codeOf(code as keyof typeof problemWords)),
    ]),
  ].sort();
}
