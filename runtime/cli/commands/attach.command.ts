// The words and options of `lab attach`; its code, attach.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption, quietOption } from "../shared-options.ts";

export const attachCommand: CommandSpec = {
  name: "attach",
  positional: "[run]",
  group: "run",
  summary: "the live table of a run under way, and its exit code; Ctrl-C leaves it running",
  details: [
    "Ctrl-C leaves the run as it is; a second one within three seconds ends the run as `lab stop` does,",
    "a third one at once.",
  ].join("\n"),
  options: [jsonOption, quietOption, projectOption],
  load: () => import("./attach.ts"),
};
