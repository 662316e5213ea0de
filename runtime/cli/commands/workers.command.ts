// The words and options of `lab workers`; its code, workers.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, poolOption, projectOption, redisOption } from "../shared-options.ts";

export const workersCommand: CommandSpec = {
  name: "workers",
  positional: "[n|drain] [name]",
  choice: { noun: "thing to do with workers", words: ["drain"], or: "a number of threads" },
  group: "run",
  summary: "worker threads of a run under way from now on; or the workers of a farm",
  details: [
    "Examples:",
    "  lab workers 4             the run under way uses four threads",
    "  lab workers               the workers of engine bullmq: who they are,",
    "                            what they do",
    "  lab workers drain big-3   lets one finish and leave",
  ].join("\n"),
  options: [
    { flags: "--run <run>", summary: "the run under way (default: the only one)", env: "LAB_RUN" },
    redisOption,
    poolOption,
    jsonOption,
    projectOption,
  ],
  load: () => import("./workers.ts"),
};
