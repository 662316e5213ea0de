// The words and options of `lab show`; its code, show.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption, runOption } from "../shared-options.ts";

export const showCommand: CommandSpec = {
  name: "show",
  positional: "[run|trial]",
  group: "look",
  summary: "one run or one trial, in full",
  options: [
    {
      flags: "--provenance",
      summary: "where the numbers come from: definition, seeds, git, versions, machine, timings",
      env: null,
    },
    runOption,
    jsonOption,
    projectOption,
  ],
  load: () => import("./show.ts"),
};
