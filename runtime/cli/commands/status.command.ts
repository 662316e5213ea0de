// The words and options of `lab status`; its code, status.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const statusCommand: CommandSpec = {
  name: "status",
  positional: "[run]",
  group: "look",
  summary: "how far a run is; may be asked while it runs",
  options: [jsonOption, projectOption],
  load: () => import("./status.ts"),
};
