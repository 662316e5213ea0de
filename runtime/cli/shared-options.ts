// Options that several commands take, said once.
import type { OptionSpec } from "./command.ts";
import { countOf, indicesOf, labelsOf, listOf, pairsOf, shardOf } from "./option-values.ts";

export const projectOption: OptionSpec = {
  flags: "-C, --project <folder>",
  summary: "project folder (default: the nearest with .lab or package.json)",
  env: "LAB_PROJECT",
};

/** In the order of the help page. */
export const engineNames = ["threads", "ssh", "bullmq", "slurm"] as const;
export type EngineName = (typeof engineNames)[number];

const engineOption: OptionSpec = {
  flags: "--engine <name>",
  summary: "where trials run, in place of what lab.config.ts says (default: threads of this machine)",
  env: "LAB_ENGINE",
  choices: engineNames,
};

const hostsOption: OptionSpec = {
  flags: "--hosts <list>",
  summary: "machines of engine ssh, each with its threads: big-box:8,user@other",
  env: "LAB_HOSTS",
};

export const redisOption: OptionSpec = {
  flags: "--redis <url>",
  summary:
    "where workers of engine bullmq are found: redis://host:6379, rediss:// with TLS (default: LAB_REDIS)",
  env: null,
};

export const poolOption: OptionSpec = {
  flags: "--pool <name>",
  summary: "workers and runs of one pool know each other (default: lab)",
  env: "LAB_POOL",
};

/** Of a machine that trials run on. */
export const labelsOption: OptionSpec = {
  flags: "--labels <labels>",
  summary: "what this machine has that experiments may need: gpu or gpu,site=north",
  env: "LAB_LABELS",
  parse: labelsOf,
};

/** What of an array of engine slurm may be typed. */
const slurmOptions: readonly OptionSpec[] = [
  { flags: "--account <name>", summary: "account of engine slurm, as sbatch takes it", env: null },
  { flags: "--partition <name>", summary: "partition of engine slurm, as sbatch takes it", env: null },
  {
    flags: "--time <limit>",
    summary: "time limit of an array element of engine slurm: 90 (minutes), 4:00:00",
    env: null,
  },
  { flags: "--mem <size>", summary: "memory of an array element of engine slurm: 4000M, 4G", env: null },
  {
    flags: "--array-chunk <n>",
    summary:
      "trials for each array element of engine slurm, which says how many elements there are (default: 100)",
    env: null,
    parse: countOf("--array-chunk", 1),
  },
  {
    flags: "--elements <n>",
    summary: "array elements of engine slurm at most (default: 16)",
    env: null,
    parse: countOf("--elements", 1),
  },
];

export const jobsOption: OptionSpec = {
  flags: "-j, --jobs <n>",
  summary: "worker threads (default: the number of cores)",
  env: "LAB_JOBS",
  parse: countOf("--jobs", 1),
};

/** Of commands that run trials where they are told to, or look there. */
export const engineOptions: readonly OptionSpec[] = [
  jobsOption,
  engineOption,
  hostsOption,
  redisOption,
  poolOption,
  ...slurmOptions,
];

export const jsonOption: OptionSpec = {
  flags: "--json",
  summary: "machine-readable output on standard output, nothing else there",
  env: "LAB_JSON",
};

export const quietOption: OptionSpec = {
  flags: "-q, --quiet",
  summary: "say nothing but errors and the closing line",
  env: "LAB_QUIET",
};

export const yesOption: OptionSpec = {
  flags: "-y, --yes",
  summary: "answer every question with yes",
  env: "LAB_YES",
};

export const setLevels: OptionSpec = {
  flags: "-S, --set <key=values>",
  summary: "replace a parameter's levels: a,b,c or range(start,stop[,step]), stop left out",
  env: null,
  parse: pairsOf("-S"),
  initial: [],
};

export const filterLevels: OptionSpec = {
  flags: "--filter <key=values>",
  summary: "only conditions with these levels (a,b for several); `replicate=0,1` too",
  env: null,
  parse: pairsOf("--filter"),
  initial: [],
};

export const replicatesOption: OptionSpec = {
  flags: "--replicates <indices>",
  summary: "only these replicates, counted from 0: 0,1,2 or 0-2,5",
  env: null,
  parse: indicesOf("--replicates"),
};

export const tagOption: OptionSpec = {
  flags: "--tag <tags>",
  summary: "only experiments with this tag in their definition (tags: [...]); a,b: with any of these",
  env: null,
  parse: listOf("--tag"),
};

/** Of commands about one run. */
export const runTagOption: OptionSpec = {
  flags: "--tag <tag>",
  summary: "the newest run with this tag (lab tag), or of experiments with it in their definition",
  env: null,
};

export const limitOption: OptionSpec = {
  flags: "--limit <n>",
  summary: "at most n trials of each experiment, first replicates first",
  env: "LAB_LIMIT",
  parse: countOf("--limit", 1),
};

export const shardOption: OptionSpec = {
  flags: "--shard <k/n>",
  summary: "only the k-th of n parts of the trials, each on a machine of its own; `lab merge` joins them",
  env: "LAB_SHARD",
  parse: shardOf,
};

export const runOption: OptionSpec = {
  flags: "--run <run>",
  summary: "the run to look at (default: latest)",
  env: "LAB_RUN",
};

export const outputOption: OptionSpec = {
  flags: "-o, --output <file>",
  summary: "write to a file instead of standard output",
  env: "LAB_OUTPUT",
};
