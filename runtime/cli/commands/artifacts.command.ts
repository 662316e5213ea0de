// The words and options of `lab artifacts`; its code, artifacts.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption, runOption } from "../shared-options.ts";

export const artifactsCommand: CommandSpec = {
  name: "artifacts",
  positional: "[trial]",
  group: "look",
  summary: "files that trials left; with -o, copy them to a folder",
  options: [
    runOption,
    { flags: "-o, --output <folder>", summary: "copy the files there", env: null },
    jsonOption,
    projectOption,
  ],
  load: () => import("./artifacts.ts"),
};
