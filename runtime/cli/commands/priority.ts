// `lab priority <experiment> <n>`: which trials start first; no result depends on it.
import { priorityMax } from "../../control/request.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { steer } from "../live-run.ts";
import { text } from "../options.ts";

export const handle: CommandHandler = async ([experiment = "", typed = ""], options) => {
  const priority = /^-?\d+$/.test(typed) ? Number(typed) : Number.NaN;
  if (!(Math.abs(priority) <= priorityMax))
    throw new UserError(
      `a priority is a whole number from -${priorityMax} to ${priorityMax}, not "${typed}"`,
    );
  await steer(options, {
    reference: text(options, "run"),
    asked: { do: "priority", experiment, priority },
    words: () => `${experiment} has priority ${priority}`,
  });
  return exitCode.done;
};
