// The words and options of `lab open`; its code, open.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { countOf } from "../option-values.ts";
import { jobsOption, projectOption } from "../shared-options.ts";

export const openCommand: CommandSpec = {
  name: "open",
  positional: "<experiment>",
  group: "run",
  summary: "a run that takes batches of conditions from another program, over a socket of this machine",
  details: [
    "The experiment's space has room for proposals (space.proposed). The first line of the output says where to connect, the last how the run ended;",
    "each is a JSON object. What a program sends and hears: docs/programs.md.",
    "Examples:",
    "  lab open tune -j 4",
  ].join("\n"),
  options: [
    jobsOption,
    {
      flags: "--port <n>",
      summary: "port to listen on (default: any that is free)",
      env: null,
      parse: countOf("--port", 1),
    },
    { flags: "--name <name>", summary: "name of the run", env: "LAB_NAME" },
    projectOption,
  ],
  load: () => import("./open.ts"),
};
