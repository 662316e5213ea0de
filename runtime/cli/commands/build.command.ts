// The words and options of `lab build`; its code, build.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption, quietOption, tagOption } from "../shared-options.ts";

export const buildCommand: CommandSpec = {
  name: "build",
  positional: "[experiment|path...]",
  group: "write",
  summary: "check the experiments and freeze them into a plan; every mistake at file:line",
  details: [
    "A file or folder that is there is built alone; any other word is the name of an experiment.",
    "Example:",
    "  lab build --register    freeze question, design, analyses and stopping rule before the data",
  ].join("\n"),
  options: [
    {
      flags: "--register",
      summary:
        "register question, design, analyses and stopping rule under a hash with a date, never rewritten",
      env: null,
    },
    tagOption,
    jsonOption,
    quietOption,
    projectOption,
  ],
  load: () => import("./build.ts"),
};
