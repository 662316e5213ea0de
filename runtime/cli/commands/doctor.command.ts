// The words and options of `lab doctor`; its code, doctor.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { engineOptions, jsonOption, labelsOption, projectOption, tagOption } from "../shared-options.ts";

export const doctorCommand: CommandSpec = {
  name: "doctor",
  positional: "[experiment|path...]",
  group: "run",
  summary:
    "whether a run can begin: machine, folder, configuration, engine, keys, services and models; with the remedies",
  details: [
    "Examples:",
    "  lab doctor             the machine, the project and all its services",
    "  lab doctor persuasion  only what this experiment asks",
    "  lab doctor --engine slurm --partition main   whether a run with these options could begin",
    "Every machine of ssh and every worker of bullmq is asked; Slurm is given one job of a minute at most, of the size of an element.",
    "Nothing is asked of a model, so nothing is paid. An orchestrator of a named experiment simulates its first condition twice, with the same seed.",
    "A run looks at its services itself before it begins.",
  ].join("\n"),
  options: [...engineOptions, labelsOption, tagOption, jsonOption, projectOption],
  load: () => import("./doctor.ts"),
};
