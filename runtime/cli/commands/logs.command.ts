// The words and options of `lab logs`; its code, logs.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption, runOption } from "../shared-options.ts";

export const logsCommand: CommandSpec = {
  name: "logs",
  positional: "[trial|run]",
  group: "look",
  summary: "what a trial, or all trials of a run, said through `log`",
  options: [
    { flags: "-f, --follow", summary: "go on with what is said while a run goes on", env: null },
    runOption,
    jsonOption,
    projectOption,
  ],
  load: () => import("./logs.ts"),
};
