// The table of commands: what `lab --help` shows, and where the code of each lies. Nothing heavy is imported here.
import type { CommandSpec, OptionSpec } from "./command.ts";
import {
  countOf,
  differencesOf,
  durationMsOf,
  failureLimitOf,
  memoryMbOf,
  numberBetween,
  pairsOf,
} from "./option-values.ts";

const project: OptionSpec = {
  flags: "-C, --project <folder>",
  summary: "project folder (default: the nearest with .lab or package.json)",
  env: "LAB_PROJECT",
};
const json: OptionSpec = {
  flags: "--json",
  summary: "machine-readable output on standard output, nothing else there",
  env: "LAB_JSON",
};
const quiet: OptionSpec = {
  flags: "-q, --quiet",
  summary: "say nothing but errors and the closing line",
  env: "LAB_QUIET",
};
const yes: OptionSpec = { flags: "-y, --yes", summary: "answer every question with yes", env: "LAB_YES" };
const set: OptionSpec = {
  flags: "-S, --set <key=values>",
  summary: "replace a parameter's levels: a,b,c or range(start,stop[,step]), stop left out",
  env: null,
  parse: pairsOf("-S"),
  initial: [],
};
const filter: OptionSpec = {
  flags: "--filter <key=values>",
  summary: "only conditions with these levels (a,b for several); `replicate=0,1` too",
  env: null,
  parse: pairsOf("--filter"),
  initial: [],
};
const limit: OptionSpec = {
  flags: "--limit <n>",
  summary: "at most n trials of each experiment, first replicates first",
  env: "LAB_LIMIT",
  parse: countOf("--limit", 1),
};
const run: OptionSpec = {
  flags: "--run <run>",
  summary: "the run to look at (default: latest)",
  env: "LAB_RUN",
};
const output: OptionSpec = {
  flags: "-o, --output <file>",
  summary: "write to a file instead of standard output",
  env: "LAB_OUTPUT",
};

export const commands: readonly CommandSpec[] = [
  {
    name: "init",
    positional: "[folder]",
    group: "write",
    summary: "make a folder with one experiment that type-checks and runs",
    options: [{ flags: "--name <name>", summary: "name of the package (default: the folder's)", env: null }],
    load: () => import("./commands/init.ts"),
  },
  {
    name: "build",
    positional: "[path...]",
    group: "write",
    summary: "check the experiments and freeze them into a plan; every mistake at file:line",
    details:
      "Example:\n  lab build --register    freeze question, design, analyses and stopping rule before the data",
    options: [
      {
        flags: "--register",
        summary:
          "register question, design, analyses and stopping rule under a hash with a date, never rewritten",
        env: null,
      },
      json,
      quiet,
      project,
    ],
    load: () => import("./commands/build.ts"),
  },
  {
    name: "plan",
    positional: "[experiment|path...]",
    group: "run",
    summary: "what `lab run` would do, and why",
    details: `Columns:
  new       units without a record, which would run
  reused    units that are recorded and need not run
  stale     results of the same trials under earlier code, kept but not counted
  orphaned  records of conditions or replicates that the design no longer has`,
    options: [
      { flags: "--graph", summary: "print the graph of jobs", env: null },
      set,
      filter,
      limit,
      json,
      project,
    ],
    load: () => import("./commands/plan.ts"),
  },
  {
    name: "run",
    positional: "[experiment|path...]",
    group: "run",
    summary: "run what is not done yet; the same command resumes",
    details: [
      "Examples:",
      "  lab run                          everything in the project",
      "  lab run patience -j 4            one experiment on four threads",
      "  lab run -S session=range(1,11)   other levels than the file's",
      "  lab run --trial 3f2a --inline    one trial in this process, for a debugger",
    ].join("\n"),
    options: [
      {
        flags: "-j, --jobs <n>",
        summary: "worker threads (default: the number of cores)",
        env: "LAB_JOBS",
        parse: countOf("--jobs", 1),
      },
      { flags: "-n, --dry-run", summary: "say what would run and why; run nothing", env: null },
      { flags: "--name <name>", summary: "name of the run", env: "LAB_NAME" },
      set,
      filter,
      limit,
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
        flags: "--memory <size>",
        summary: "memory of each worker thread: 512MB, 2GB",
        env: "LAB_MEMORY",
        parse: memoryMbOf("--memory"),
      },
      { flags: "--trial <id>", summary: "run only this trial", env: null },
      { flags: "--inline", summary: "in this process, without threads (with --trial)", env: null },
      yes,
      json,
      quiet,
      project,
    ],
    load: () => import("./commands/run.ts"),
  },
  {
    name: "why",
    positional: "<trial>",
    group: "run",
    summary: "why a trial will run, or why it need not",
    options: [json, project],
    load: () => import("./commands/why.ts"),
  },
  {
    name: "verify",
    positional: "[run]",
    group: "run",
    summary: "execute stored trials again and compare the results byte for byte",
    options: [
      {
        flags: "--sample <n>",
        summary: "how many trials, drawn evenly (default: 20)",
        env: null,
        parse: countOf("--sample", 1),
        initial: 20,
      },
      json,
      project,
    ],
    load: () => import("./commands/verify.ts"),
  },
  {
    name: "status",
    positional: "[run]",
    group: "look",
    summary: "how far a run is; may be asked while it runs",
    options: [json, project],
    load: () => import("./commands/status.ts"),
  },
  {
    name: "list",
    positional: "",
    group: "look",
    summary: "experiments, and runs newest first",
    options: [json, project],
    load: () => import("./commands/list.ts"),
  },
  {
    name: "show",
    positional: "[run|trial]",
    group: "look",
    summary: "one run or one trial, in full",
    options: [
      {
        flags: "--provenance",
        summary: "where the numbers come from: definition, seeds, git, versions, machine, timings",
        env: null,
      },
      run,
      json,
      project,
    ],
    load: () => import("./commands/show.ts"),
  },
  {
    name: "logs",
    positional: "<trial>",
    group: "look",
    summary: "what a trial said through `log`",
    options: [run, json, project],
    load: () => import("./commands/logs.ts"),
  },
  {
    name: "artifacts",
    positional: "[trial]",
    group: "look",
    summary: "files that trials left; with -o, copy them to a folder",
    options: [
      run,
      { flags: "-o, --output <folder>", summary: "copy the files there", env: null },
      json,
      project,
    ],
    load: () => import("./commands/artifacts.ts"),
  },
  {
    name: "export",
    positional: "<format> [experiment]",
    group: "look",
    summary: "one row a trial as csv, json or parquet; without a name all experiments united",
    options: [
      { flags: "--series <name>", summary: "the rows of a series instead of the trials", env: null },
      run,
      output,
      project,
    ],
    load: () => import("./commands/export.ts"),
  },
  {
    name: "query",
    positional: "<sql>",
    group: "look",
    summary: "SQL over trials and series",
    details: 'Example:\n  lab query "select discount, avg(profitGain) from trials group by discount"',
    options: [
      run,
      {
        flags: "--format <format>",
        summary: "table, csv or json",
        env: null,
        choices: ["table", "csv", "json"],
      },
      json,
      project,
    ],
    load: () => import("./commands/query.ts"),
  },
  {
    name: "report",
    positional: "[run]",
    group: "conclude",
    summary: "what was found and how sure we are: one page that works offline",
    options: [
      {
        flags: "--format <formats>",
        summary: "html,csv,json,markdown,latex,svg,png,parquet (default: html,csv)",
        env: "LAB_REPORT_FORMAT",
      },
      {
        flags: "--output-dir <folder>",
        summary: "where the files go (default: .lab/runs/<run>/report)",
        env: "LAB_OUTPUT_DIR",
      },
      {
        flags: "--check",
        summary: "exit with code 5 unless the evidence supports every gate: expect(metric).toBeAbove(...)",
        env: "LAB_CHECK",
      },
      {
        flags: "--junit <file>",
        summary: "write the gates as JUnit XML, for continuous integration",
        env: "LAB_JUNIT",
      },
      { flags: "--open", summary: "open the page with the platform's own opener", env: null },
      { flags: "--watch", summary: "write the report anew every 3 s until the run ends", env: null },
      json,
      quiet,
      project,
    ],
    load: () => import("./commands/report.ts"),
  },
  {
    name: "compare",
    positional: "<before> <after>",
    group: "conclude",
    summary:
      "two runs of one design: paired differences by condition, and what changed in code and parameters",
    options: [
      {
        flags: "--output-dir <folder>",
        summary: "write the comparison as a page, compare.html, there",
        env: null,
      },
      json,
      project,
    ],
    load: () => import("./commands/compare.ts"),
  },
  {
    name: "power",
    positional: "[experiment]",
    group: "conclude",
    summary: "how many replicates for which effect, from an assumed spread or a pilot run",
    details: [
      "Examples:",
      "  lab power --sd 0.3 --effect 0.1        replicates that find a difference of 0.1",
      "  lab power --pilot latest --effect 0.1  with the spread of a run, pair by pair, simulated too",
      "  lab power --pilot latest -o power.svg  the power curve",
    ].join("\n"),
    options: [
      { flags: "--pilot <run>", summary: "take the spread from this run", env: null },
      { flags: "--metric <name>", summary: "the metric (default: the primary)", env: null },
      {
        flags: "--factor <name>",
        summary: "the factor of a pilot whose levels are compared (default: the first compared)",
        env: null,
      },
      {
        flags: "--effect <differences>",
        summary:
          "differences in the metric's units, a,b for several; in standard deviations without --sd and --pilot",
        env: null,
        parse: differencesOf("--effect"),
      },
      {
        flags: "--sd <number>",
        summary: "assumed standard deviation",
        env: null,
        parse: numberBetween("--sd", 0),
      },
      {
        flags: "--power <share>",
        summary: "the wanted power (default: 0.8)",
        env: null,
        parse: numberBetween("--power", 0.05, 1),
      },
      {
        flags: "-o, --output <file>",
        summary: "write the curve as .svg, or table and curve as .html",
        env: null,
      },
      json,
      project,
    ],
    load: () => import("./commands/power.ts"),
  },
  {
    name: "clean",
    positional: "",
    group: "keep",
    summary: "say what can be deleted, ask, delete it",
    options: [{ flags: "-n, --dry-run", summary: "say it only", env: null }, yes, json, project],
    load: () => import("./commands/clean.ts"),
  },
];
