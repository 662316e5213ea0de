// The words and options of `lab retry`; its code, retry.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const retryCommand: CommandSpec = {
  name: "retry",
  positional: "[arm|trial]",
  group: "run",
  summary: "run failed trials of a run under way again: all, of an arm (key=value,...), or one",
  details: [
    "The old outcome stands until the new one does; journalled answers are not asked for again. What fails by its own",
    "logic fails again. Of a run that has ended, `lab run --retry-errors` runs them again.",
  ].join("\n"),
  options: [
    {
      flags: "--cause <words>",
      summary: "those alone that failed with these words, numbers aside",
      env: null,
    },
    { flags: "--experiment <name>", summary: "whose trials, where several have failures", env: null },
    { flags: "--run <run>", summary: "the run under way (default: the only one)", env: "LAB_RUN" },
    jsonOption,
    projectOption,
  ],
  load: () => import("./retry.ts"),
};
