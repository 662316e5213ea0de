// The words and options of `lab export`; its code, export.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { outputOption, projectOption, runOption } from "../shared-options.ts";

export const exportCommand: CommandSpec = {
  name: "export",
  positional: "<format> [experiment]",
  group: "look",
  summary: "one row a trial as csv, json, jsonl or parquet, a manifest, or result-json",
  details: [
    "Without a name all experiments united.",
    "  lab export csv patience -o trials.csv",
    "  lab export manifest               which parameters each simulation_id (trial) stands for, as CSV",
    "  lab export manifest-jsonl         the same as JSON lines",
    "  lab export result-json -o results one record an experiment, and its trials and series beside it",
    "",
    "A result record has experiment_name, timestamp, status, config, metrics, artifacts, error and",
    "execution_time_seconds. Its status is success (every planned trial has a measurement), failed (none",
    "has) or partial. With -o it is <name>_<date>_<time>.json, and <name>_detailed_results.json beside it",
    "holds every trial and the rows of its series.",
  ].join("\n"),
  options: [
    { flags: "--series <name>", summary: "the rows of a series instead of the trials", env: null },
    {
      flags: "--safe",
      summary: "CSV for a spreadsheet: texts that begin with = + - @ get an apostrophe before them",
      env: null,
    },
    runOption,
    outputOption,
    projectOption,
  ],
  load: () => import("./export.ts"),
};
