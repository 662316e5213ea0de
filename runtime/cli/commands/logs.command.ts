// The words and options of `lab logs`; its code, logs.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption, runOption } from "../shared-options.ts";

export const logsCommand: CommandSpec = {
  name: "logs",
  positional: "<trial>",
  group: "look",
  summary: "what a trial said through `log`",
  options: [runOption, jsonOption, projectOption],
  load: () => import("./logs.ts"),
};
