// `lab status [run]`: how far a run is; may be asked by another process while it runs.
import { openStore } from "../../store/project-store.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRunOf } from "../found-run.ts";
import { flag, projectRoot } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { showStatus } from "../terminal/show-status.ts";

export const handle: CommandHandler = async ([reference], options) => {
  const store = openStore(projectRoot(options));
  const run = await foundRunOf(store, reference ?? null, options);
  await showStatus(store, run, { json: flag(options, "json"), withTrials: flag(options, "trials") });
  sayStoreProblems(store);
  return exitCode.done;
};
