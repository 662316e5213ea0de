// The words and options of `lab clean`; its code, clean.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { keepOf } from "../option-values.ts";
import { jsonOption, projectOption, yesOption } from "../shared-options.ts";

export const cleanCommand: CommandSpec = {
  name: "clean",
  positional: "",
  group: "keep",
  summary: "say what can be deleted, ask, delete it",
  options: [
    {
      flags: "--keep <runs>",
      summary: "keep more: the newest 10, runs of the last 30d, tag=pilot; several with commas",
      env: null,
      parse: keepOf,
    },
    { flags: "-n, --dry-run", summary: "say it only", env: null },
    yesOption,
    jsonOption,
    projectOption,
  ],
  load: () => import("./clean.ts"),
};
