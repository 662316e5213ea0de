// What Ctrl-C asks where the hosts of a run can go on without it, such as an array of Slurm.
import { createInterface } from "node:readline/promises";
import type { Executor } from "../../execute/protocol/executor.ts";
import { drawing } from "./drawing.ts";
import type { SignalAnswer } from "./signals.ts";

const question =
  "Leave the run going without this terminal (l), end it and cancel what waits (c), or go on watching (w)? [l/c/W] ";

/** Null where there is no choice, or nobody to ask. */
export function askToLeave(executor: Executor): (() => Promise<SignalAnswer>) | null {
  if (executor.leave === undefined || !process.stdin.isTTY) return null;
  return async () => {
    const answer = await answered();
    if (answer === "leave") executor.leave?.();
    return answer;
  };
}

/** Another Ctrl-C ends the run. */
async function answered(): Promise<SignalAnswer> {
  const goOn = drawing.pause();
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const again = new Promise<string>((resolve) => terminal.once("SIGINT", () => resolve("c")));
  try {
    const text = (await Promise.race([terminal.question(question), again])).trim().toLowerCase();
    if (text.startsWith("l")) return "leave";
    return text.startsWith("c") ? "end" : "on";
  } finally {
    terminal.close();
    goOn();
  }
}
