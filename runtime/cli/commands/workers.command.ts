// The words and options of `lab workers`; its code, workers.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const workersCommand: CommandSpec = {
  name: "workers",
  positional: "<n>",
  group: "run",
  summary: "worker threads of a run under way from now on",
  options: [
    { flags: "--run <run>", summary: "the run under way (default: the only one)", env: "LAB_RUN" },
    jsonOption,
    projectOption,
  ],
  load: () => import("./workers.ts"),
};
