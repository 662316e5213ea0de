// The words and options of `lab list`; its code, list.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { countOf, durationMsOf } from "../option-values.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const listCommand: CommandSpec = {
  name: "list",
  positional: "",
  group: "look",
  summary: "runs, newest first, and the experiments of the newest",
  details: [
    "Examples:",
    "  lab list --status failed --since 2d    runs of the last two days with failed trials",
    "  lab list --tag pilot --sort size       the largest first",
  ].join("\n"),
  options: [
    {
      flags: "--status <status>",
      summary: "running, complete, stopped, budget, aborted, killed; or failed: some trials have failed",
      env: null,
      choices: ["running", "complete", "stopped", "budget", "aborted", "killed", "failed"],
    },
    { flags: "--experiment <name>", summary: "runs that hold this experiment", env: null },
    {
      flags: "--tag <tag>",
      summary: "runs with this tag (lab tag), or of experiments with it in their definition",
      env: null,
    },
    {
      flags: "--since <duration>",
      summary: "runs begun within this time: 12h, 2d",
      env: null,
      parse: durationMsOf("--since"),
    },
    { flags: "--archived", summary: "runs that `lab archive` has put into a file", env: null },
    {
      flags: "--sort <by>",
      summary: "started (default), name, status, duration, size, trials or failed; numbers largest first",
      env: null,
      choices: ["started", "name", "status", "duration", "size", "trials", "failed"],
    },
    {
      flags: "--limit <n>",
      summary: "at most n runs (default: 20)",
      env: null,
      parse: countOf("--limit", 1),
    },
    { flags: "--all", summary: "every run", env: null },
    jsonOption,
    projectOption,
  ],
  load: () => import("./list.ts"),
};
