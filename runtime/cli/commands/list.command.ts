// The words and options of `lab list`; its code, list.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const listCommand: CommandSpec = {
  name: "list",
  positional: "",
  group: "look",
  summary: "experiments, and runs newest first",
  options: [jsonOption, projectOption],
  load: () => import("./list.ts"),
};
