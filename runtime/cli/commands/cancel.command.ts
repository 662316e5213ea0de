// The words and options of `lab cancel`; its code, cancel.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const cancelCommand: CommandSpec = {
  name: "cancel",
  positional: "<arm|trial>",
  group: "run",
  summary: "leave out an arm (key=value,...) or a trial of a run under way, on record",
  details: [
    "What has ended stays. The run's manifest keeps who cancelled what, when, and after how many replicates;",
    "it runs again only with `lab run --cancelled`.",
  ].join("\n"),
  options: [
    { flags: "--experiment <name>", summary: "whose arm, where several have such levels", env: null },
    { flags: "--run <run>", summary: "the run under way (default: the only one)", env: "LAB_RUN" },
    jsonOption,
    projectOption,
  ],
  load: () => import("./cancel.ts"),
};
