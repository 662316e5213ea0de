// The words and options of `lab export`; its code, export.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { exportFormats } from "../exports/export-formats.ts";
import { countOf } from "../option-values.ts";
import { outputOption, projectOption, runOption, runTagOption } from "../shared-options.ts";

export const exportCommand: CommandSpec = {
  name: "export",
  positional: "<format> [experiment]",
  choice: exportFormats,
  group: "look",
  summary:
    "trials as csv, json, parquet, arrow, sqlite, TensorBoard or W&B, the manifest, the result record; without a name all",
  details: `Formats:
  csv, json, parquet, arrow      one row a trial, or with --series one row a round
  sqlite                         all of the run in one database: trials, series, artifacts, metrics, conditions
  manifest-csv, manifest-jsonl   each trial's id with parameters, replicate, seed, status, times and error
  result-json                    a record an experiment (name, time, status success, failed or partial, config,
                                 metrics, artifacts, error, seconds); with -o result.json every trial with its
                                 series row by row beside it, in result_detailed.jsonl
  tensorboard, wandb             with -o FOLDER, a folder a trial there, with its series: for tensorboard --logdir FOLDER,
                                 or wandb sync FOLDER/offline-run-*
  series-folder                  with -o FOLDER, a folder there as lab run --folder keeps it: experiment_report.json and
                                 an arm's exp_config.yaml, exp_results.csv and .json, stats_analysis.json`,
  options: [
    { flags: "--series <name>", summary: "the rows of a series instead of the trials", env: null },
    {
      flags: "--safe",
      summary: "CSV for a spreadsheet: texts that begin with = + - @ get an apostrophe before them",
      env: null,
    },
    {
      flags: "--trials <n>",
      summary: "tensorboard, wandb: trials of an experiment, the first planned ones (default: 1000)",
      env: null,
      parse: countOf("--trials", 0),
    },
    { flags: "--all", summary: "tensorboard, wandb: every trial", env: null },
    runOption,
    runTagOption,
    outputOption,
    projectOption,
  ],
  load: () => import("./export.ts"),
};
