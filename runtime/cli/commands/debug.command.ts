// The words and options of `lab debug`; its code, debug.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { countOf } from "../option-values.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const debugCommand: CommandSpec = {
  name: "debug",
  positional: "<trial>",
  group: "look",
  summary: "run one trial under a debugger, paused at its first line",
  details: [
    "Attach with VS Code (Debug: Attach to Node Process), Chrome",
    "(chrome://inspect) or any other client of the inspector:",
    "breakpoints are set in the TypeScript that you wrote.",
    "Example:",
    "  lab debug patience/3/0     condition 3, replicate 0",
  ].join("\n"),
  options: [
    {
      flags: "--port <n>",
      summary: "where the inspector listens on this machine; 0 takes a free port (default: 9229)",
      env: null,
      parse: countOf("--port", 0),
      initial: 9229,
    },
    jsonOption,
    projectOption,
  ],
  load: () => import("./debug.ts"),
};
