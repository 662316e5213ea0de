// The words and options of `lab priority`; its code, priority.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const priorityCommand: CommandSpec = {
  name: "priority",
  positional: "<experiment> <n>",
  group: "run",
  summary: "which trials of a run under way start first: a higher number before a lower one",
  options: [
    { flags: "--run <run>", summary: "the run under way (default: the only one)", env: "LAB_RUN" },
    jsonOption,
    projectOption,
  ],
  load: () => import("./priority.ts"),
};
