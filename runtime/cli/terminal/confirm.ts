// A yes-or-no question on the terminal. Where nobody can answer, the answer is no, and the flag that says yes is named.
import { createInterface } from "node:readline/promises";
import { UserError } from "../../diagnostic/user-error.ts";

/** Asks on standard error; "y" or "yes" is yes, anything else no. */
export async function confirmed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY)
    throw new UserError(`${question} There is no terminal to answer on.`, {
      hint: "Give --yes to go on without being asked.",
    });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
