// The words and options of `lab sync`; its code, sync.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { trackerChoice } from "../first-words.ts";
import { countOf } from "../option-values.ts";
import { jsonOption, projectOption, quietOption } from "../shared-options.ts";

export const syncCommand: CommandSpec = {
  name: "sync",
  positional: "<tracker> [run]",
  choice: trackerChoice,
  group: "look",
  summary: "a run to a tracking server (mlflow): conditions, trials, series, report; again sends what is new",
  details: [
    "Examples:",
    "  lab sync mlflow --uri http://127.0.0.1:5000   the latest run; its first 1,000 trials as runs of their own",
    "  lab sync mlflow latest --all                  every trial as a run of its own",
    "",
    "What is not given here is taken from mlflow({ ... }) in lab.config.ts, then from MLFLOW_TRACKING_URI.",
    "Credentials: MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.",
  ].join("\n"),
  options: [
    { flags: "--uri <url>", summary: "the server's address", env: null },
    {
      flags: "--experiment <name>",
      summary: "name of the experiment there (default: that of each experiment)",
      env: null,
    },
    {
      flags: "--trials <n>",
      summary: "trials of an experiment that are runs of their own, the first planned ones (default: 1000)",
      env: null,
      parse: countOf("--trials", 0),
    },
    { flags: "--all", summary: "every trial is a run of its own", env: null },
    quietOption,
    jsonOption,
    projectOption,
  ],
  load: () => import("./sync.ts"),
};
