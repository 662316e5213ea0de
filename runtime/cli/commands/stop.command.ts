// The words and options of `lab stop`; its code, stop.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const stopCommand: CommandSpec = {
  name: "stop",
  positional: "[run]",
  group: "run",
  summary: "end a run under way as one Ctrl-C does; the same `lab run` resumes",
  details:
    "Trials that save states (`steps`, `checkpoint`) end at the next one and go on from it later; others are let end.",
  options: [
    { flags: "--now", summary: "at once, as a second Ctrl-C: trials under way are lost", env: null },
    jsonOption,
    projectOption,
  ],
  load: () => import("./stop.ts"),
};
