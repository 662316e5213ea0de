// The words and options of `lab import`; its code, import.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { importChoice } from "../first-words.ts";
import { listOf } from "../option-values.ts";
import { jsonOption, outputOption, projectOption } from "../shared-options.ts";

export const importCommand: CommandSpec = {
  name: "import",
  positional: "<plan-file|kind> [path]",
  choice: importChoice,
  group: "write",
  summary:
    "results of another tool as a run, or a plan file (YAML or JSON) as a module that has the same trials",
  details: `Kinds: ${importChoice.words.join(", ")}
Examples:
  lab import plan.yaml                       writes plan.experiment.ts beside it; what plan.yaml has run counts for it
  lab import hydra multirun/2026-11-29       a job a folder; metrics from metrics.json, .csv or .jsonl, or --file NAME
  lab import optuna study.db                 SQLite storage or journal file; --study NAME of several
  lab import inspect logs                    .eval and .json logs of Inspect AI: a trial an epoch of a sample
  lab import wandb-csv runs.csv --metrics loss,accuracy     the table of runs, or histories with a column _step
  lab import folder out                      a folder a trial, with config.json or .yaml and metrics.json, .csv or .jsonl
Importing the same again changes nothing.`,
  options: [
    {
      flags: "--metrics <names>",
      summary: "only these are metrics: a,b (wandb-csv needs them)",
      env: null,
      parse: listOf("--metrics"),
    },
    {
      flags: "--parameters <names>",
      summary: "only these are parameters: a,b",
      env: null,
      parse: listOf("--parameters"),
    },
    {
      flags: "--seed <name>",
      summary: "the parameter that numbers repetitions (default: the one called seed)",
      env: null,
    },
    { flags: "--file <name>", summary: "hydra, folder: the file of metrics in each folder", env: null },
    { flags: "--study <name>", summary: "optuna: the study, of several", env: null },
    {
      flags: "--name <name>",
      summary: "what the experiment is called (default: as the source has it)",
      env: null,
    },
    { ...outputOption, summary: "plan file: the module (default: beside it, .experiment.ts; - prints it)" },
    jsonOption,
    projectOption,
  ],
  load: () => import("./import.ts"),
};
