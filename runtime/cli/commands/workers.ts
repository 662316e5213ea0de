// `lab workers <n>`: threads are started or given no more work, at once.
import { workersMax } from "../../control/request.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { steer } from "../live-run.ts";
import { text } from "../options.ts";

export const handle: CommandHandler = async ([typed = ""], options) => {
  const workers = /^\d+$/.test(typed) ? Number(typed) : Number.NaN;
  if (!(workers >= 1 && workers <= workersMax))
    throw new UserError(`lab workers takes a whole number from 1 to ${workersMax}, not "${typed}"`, {
      hint: "To start nothing more: lab pause.",
    });
  await steer(options, {
    reference: text(options, "run"),
    asked: { do: "workers", workers },
    words: () => `${workers} ${workers === 1 ? "worker" : "workers"} from now on`,
  });
  return exitCode.done;
};
