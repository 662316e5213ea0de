// The words and options of `lab archive`; its code, archive.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const archiveCommand: CommandSpec = {
  name: "archive",
  positional: "<run>",
  group: "keep",
  summary: "a run with all that it rests on as one checksummed file",
  options: [
    { flags: "-o, --output <file>", summary: "the file (default: <run>.lab.tar.gz)", env: null },
    { flags: "--without-artifacts", summary: "leave out the files that trials left", env: null },
    jsonOption,
    projectOption,
  ],
  load: () => import("./archive.ts"),
};
