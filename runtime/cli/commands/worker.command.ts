// The words and options of `lab worker`; its code, worker.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { memoryMbOf } from "../option-values.ts";
import { jobsOption, labelsOption, poolOption, redisOption } from "../shared-options.ts";

export const workerCommand: CommandSpec = {
  name: "worker",
  positional: "",
  group: "run",
  summary: "offer this machine to runs of engine bullmq, until it is told to leave",
  details: [
    "Example:",
    "  lab worker --redis rediss://queue.lab.example:6380 -j 16 --labels gpu",
    "User and password of the server: LAB_REDIS_USER and",
    "LAB_REDIS_PASSWORD in the environment or in .env.",
    "Ctrl-C once finishes what runs and leaves; twice leaves at once.",
  ].join("\n"),
  options: [
    redisOption,
    poolOption,
    jobsOption,
    {
      flags: "--name <name>",
      summary: "what it is called in lists and records (default: the machine's name)",
      env: null,
    },
    labelsOption,
    {
      flags: "--memory <size>",
      summary: "memory of each worker thread, Buffers included: 512MB, 2GB",
      env: "LAB_MEMORY",
      parse: memoryMbOf("--memory"),
    },
    {
      flags: "--folder <path>",
      summary:
        "keep code below this project, whose packages trials then find (default: the cache of the account)",
      env: null,
    },
  ],
  load: () => import("./worker.ts"),
};
