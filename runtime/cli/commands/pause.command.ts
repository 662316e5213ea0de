// The words and options of `lab pause`; its code, pause.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const pauseCommand: CommandSpec = {
  name: "pause",
  positional: "[run]",
  group: "run",
  summary: "let the trials of a run under way end, start no more",
  options: [jsonOption, projectOption],
  load: () => import("./pause.ts"),
};
