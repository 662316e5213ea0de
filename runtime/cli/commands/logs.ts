// `lab logs <trial>`: what a trial said, over all runs that ran it.

import { openStore } from "../../store/project-store.ts";
import { readTrialLog } from "../../store/trial-log.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundTrialOfRun } from "../found-run.ts";
import { flag, projectRoot, text } from "../options.ts";
import { plainText } from "../terminal/plain-text.ts";

export const handle: CommandHandler = async ([reference = ""], options) => {
  const store = openStore(projectRoot(options));
  const { trial } = await foundTrialOfRun(store, { reference, run: text(options, "run") });
  let lines = 0;
  for await (const line of readTrialLog(store.layout, trial.id)) {
    lines += 1;
    if (flag(options, "json")) process.stdout.write(`${JSON.stringify(line)}\n`);
    else
      process.stdout.write(
        `${new Date(line.at).toISOString()} ${line.level.padEnd(5)} ${plainText(line.text)}\n`,
      );
  }
  if (lines === 0) process.stderr.write(`trial ${trial.id} logged nothing\n`);
  return exitCode.done;
};
