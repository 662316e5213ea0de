// The words and options of `lab unpause`; its code, unpause.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const unpauseCommand: CommandSpec = {
  name: "unpause",
  positional: "[run]",
  group: "run",
  summary: "let a paused run go on",
  options: [jsonOption, projectOption],
  load: () => import("./unpause.ts"),
};
