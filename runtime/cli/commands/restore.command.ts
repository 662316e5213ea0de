// The words and options of `lab restore`; its code, restore.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const restoreCommand: CommandSpec = {
  name: "restore",
  positional: "<file>",
  group: "keep",
  summary: "take over a run from a file of `lab archive`, every byte checked",
  options: [jsonOption, projectOption],
  load: () => import("./restore.ts"),
};
