// The words and options of `lab select`; its code, select.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const selectCommand: CommandSpec = {
  name: "select",
  positional: "[run]",
  group: "keep",
  summary: "the run that commands take when none is named (`latest` stays the newest)",
  options: [
    { flags: "--none", summary: "select none: it is the latest again", env: null },
    jsonOption,
    projectOption,
  ],
  load: () => import("./select.ts"),
};
