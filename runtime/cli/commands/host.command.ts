// The words and options of `lab host`; its code, host.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { countOf, labelsOf, memoryMbOf } from "../option-values.ts";

export const hostCommand: CommandSpec = {
  name: "host",
  positional: "",
  group: "run",
  summary: "serve trials for a run of another machine: what `lab run --engine ssh` and slurm start there",
  details: ["By hand only to see whether a machine is ready:", "  ssh big-box lab host --check"].join("\n"),
  options: [
    { flags: "--check", summary: "print the versions and the cores of this machine, and end", env: null },
    {
      flags: "--threads <n>",
      summary: "worker threads (default: the number of cores)",
      env: null,
      parse: countOf("--threads", 1),
    },
    {
      flags: "--memory <size>",
      summary: "memory of each worker thread, Buffers included: 512MB, 2GB",
      env: null,
      parse: memoryMbOf("--memory"),
    },
    {
      flags: "--labels <labels>",
      summary: "what this machine has that experiments may need: gpu or gpu,site=north",
      env: null,
      parse: labelsOf,
    },
    {
      flags: "--folder <path>",
      summary:
        "keep code below this project, whose packages trials then find (default: the cache of the account)",
      env: null,
    },
    {
      flags: "--element <folder>",
      summary: "serve as an element of a Slurm array, over this folder of a run in place of standard input",
      env: null,
    },
  ],
  load: () => import("./host.ts"),
};
