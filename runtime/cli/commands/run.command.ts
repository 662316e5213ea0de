// The words and options of `lab run`; its code, run.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import {
  budgetOf,
  countOf,
  durationMsOf,
  failureLimitOf,
  hoursOf,
  memoryMbOf,
  priorityOf,
} from "../option-values.ts";
import {
  engineOption,
  filterLevels,
  hostsOption,
  jsonOption,
  limitOption,
  projectOption,
  quietOption,
  replicatesOption,
  setLevels,
  shardOption,
  yesOption,
} from "../shared-options.ts";

export const runCommand: CommandSpec = {
  name: "run",
  positional: "[experiment|path...]",
  group: "run",
  summary: "run what is not done yet; the same command resumes",
  details: [
    "Examples:",
    "  lab run                          everything in the project",
    "  lab run patience -j 4            one experiment on four threads",
    "  lab run -S session=range(1,11)   other levels than the file's",
    "  lab run --replay                 the latest run again, offline, compared byte for byte",
    "  lab run --trial 3f2a --inline    one trial in this process; `lab debug 3f2a` under a debugger",
  ].join("\n"),
  options: [
    {
      flags: "-j, --jobs <n>",
      summary: "worker threads (default: the number of cores)",
      env: "LAB_JOBS",
      parse: countOf("--jobs", 1),
    },
    engineOption,
    hostsOption,
    { flags: "-n, --dry-run", summary: "say what would run and why; run nothing", env: null },
    { flags: "--name <name>", summary: "name of the run", env: "LAB_NAME" },
    {
      flags: "--resume",
      summary: "go on with the run that --name names, else the newest of this plan; failed trials run again",
      env: null,
    },
    {
      flags: "--folder <path>",
      summary: "keep a folder a run there: a status file and a folder an arm, up to date while it runs",
      env: "LAB_FOLDER",
    },
    setLevels,
    filterLevels,
    replicatesOption,
    limitOption,
    shardOption,
    { flags: "--force", summary: "run again what is already recorded", env: null },
    { flags: "--accept", summary: "count results of earlier code as current, on record", env: null },
    {
      flags: "--fail-fast",
      summary: "stop at the first failed trial; a refused or censored one is no failure",
      env: "LAB_FAIL_FAST",
    },
    {
      flags: "--fail-on-error <share|n>",
      summary: "stop when more trials than this have failed",
      env: "LAB_FAIL_ON_ERROR",
      parse: failureLimitOf,
    },
    {
      flags: "--retry-errors",
      summary:
        "run failed trials again (refused and censored ones stand); the old record stands until the new one does",
      env: "LAB_RETRY_ERRORS",
    },
    {
      flags: "--timeout <duration>",
      summary: "longest a trial may take: 30s, 10m, 2h",
      env: "LAB_TIMEOUT",
      parse: durationMsOf("--timeout"),
    },
    {
      flags: "--budget <limits>",
      summary:
        "what the run may take of services, over all its sessions: usd=5 tokens=2M calls=10000 time=2h",
      env: "LAB_BUDGET",
      parse: budgetOf,
    },
    {
      flags: "--memory <size>",
      summary: "memory of each worker thread, Buffers included: 512MB, 2GB",
      env: "LAB_MEMORY",
      parse: memoryMbOf("--memory"),
    },
    {
      flags: "--retry <n>",
      summary: "try failed trials again up to n times, in place of what the experiment's limits say",
      env: "LAB_RETRY",
      parse: countOf("--retry", 0),
    },
    { flags: "--cancelled", summary: "run trials after all that `lab cancel` left out", env: null },
    {
      flags: "--priority <experiment=n>",
      summary: "start trials of experiments with a higher number first (default: 0; may be given again)",
      env: null,
      parse: priorityOf("--priority"),
      initial: [],
    },
    {
      flags: "--max-hours <hours>",
      summary: "let what runs end after so long and stop (exit code 4); the same command goes on",
      env: "LAB_MAX_HOURS",
      parse: hoursOf("--max-hours"),
    },
    { flags: "--detach", summary: "print the run's id and return; the run goes on by itself", env: null },
    {
      flags: "--analysis-timeout <duration>",
      summary: "longest a custom analysis may take (default: 60s)",
      env: "LAB_ANALYSIS_TIMEOUT",
      parse: durationMsOf("--analysis-timeout"),
    },
    {
      flags: "--no-gate",
      summary: "run although an environment has not passed `lab test` with its present code",
      env: null,
    },
    {
      flags: "--replay [run]",
      summary:
        "run a recorded run (default: the latest) once more from the exchanges it kept; nothing is sent or recorded",
      env: null,
    },
    { flags: "--trial <id>", summary: "run only this trial", env: null },
    { flags: "--inline", summary: "in this process, without threads (with --trial)", env: null },
    yesOption,
    {
      flags: "--rows",
      summary: "with --json, also rows of series as trials record them",
      env: null,
    },
    jsonOption,
    quietOption,
    projectOption,
  ],
  load: () => import("./run.ts"),
};
