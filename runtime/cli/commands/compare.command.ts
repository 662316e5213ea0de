// The words and options of `lab compare`; its code, compare.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const compareCommand: CommandSpec = {
  name: "compare",
  positional: "<before> <after>",
  group: "conclude",
  summary: "two runs of one design: paired differences by condition, and what changed in code and parameters",
  options: [
    {
      flags: "--output-dir <folder>",
      summary: "write the comparison as a page, compare.html, there",
      env: null,
    },
    jsonOption,
    projectOption,
  ],
  load: () => import("./compare.ts"),
};
