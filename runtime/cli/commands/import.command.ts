// The words and options of `lab import`; its code, import.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { outputOption, projectOption } from "../shared-options.ts";

export const importCommand: CommandSpec = {
  name: "import",
  positional: "<plan-file>",
  group: "write",
  summary: "write a plan file (YAML or JSON) as a module that has the same trials",
  details: [
    "Example:",
    "  lab import plan.yaml    writes plan.experiment.ts beside it; what plan.yaml has run counts for it",
  ].join("\n"),
  options: [
    { ...outputOption, summary: "the module (default: beside the plan file, .experiment.ts; - prints it)" },
    projectOption,
  ],
  load: () => import("./import.ts"),
};
