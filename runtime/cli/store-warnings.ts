// What the store found wrong with its files while a command read them, said once at the command's end.
import type { Store } from "../store/store.ts";
import { say } from "./terminal/say.ts";

/** One line each on standard error. */
export function sayStoreProblems(store: Store): void {
  for (const problem of store.problems()) say(process.stderr, `warning: ${problem}`);
}
