// The words and options of `lab merge`; its code, merge.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const mergeCommand: CommandSpec = {
  name: "merge",
  positional: "<folder...>",
  group: "keep",
  summary: "take over the runs of other projects' .lab; parts become one run",
  details: [
    "Nothing here is rewritten, and merging again changes nothing. A trial with",
    "different results here and there is named, and nothing is taken over.",
    "Example, after lab run --shard 1/2 and 2/2 on two machines:",
    "  lab merge ../from-the-other/.lab",
  ].join("\n"),
  options: [
    {
      flags: "--keep-both",
      summary: "take over conflicting records too; of each trial the one recorded first counts",
      env: null,
    },
    jsonOption,
    projectOption,
  ],
  load: () => import("./merge.ts"),
};
