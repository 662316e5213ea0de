// The words and options of `lab why`; its code, why.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const whyCommand: CommandSpec = {
  name: "why",
  positional: "<trial>",
  group: "run",
  summary: "why a trial will run, or why it need not",
  options: [jsonOption, projectOption],
  load: () => import("./why.ts"),
};
