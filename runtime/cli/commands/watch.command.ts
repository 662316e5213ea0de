// The words and options of `lab watch`; its code, watch.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const watchCommand: CommandSpec = {
  name: "watch",
  positional: "[run]",
  group: "look",
  summary: "where a run under way stands, live, until it ends; changes nothing",
  options: [jsonOption, projectOption],
  load: () => import("./watch.ts"),
};
