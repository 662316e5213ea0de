// The words and options of `lab rename`; its code, rename.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const renameCommand: CommandSpec = {
  name: "rename",
  positional: "<run> [name]",
  group: "keep",
  summary: "give a run another name; without one, take its name away",
  options: [jsonOption, projectOption],
  load: () => import("./rename.ts"),
};
