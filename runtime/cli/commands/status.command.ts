// The words and options of `lab status`; its code, status.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption, runTagOption } from "../shared-options.ts";

export const statusCommand: CommandSpec = {
  name: "status",
  positional: "[run]",
  group: "look",
  summary: "how far a run is; may be asked while it runs",
  details: [
    "Statuses of trials:",
    "  pending     nothing is recorded of it yet",
    "  prepared    handed to a worker, behind others",
    "  running     the first of what a worker was handed that has not ended",
    "  completed   it has its metrics; failed, refused, censored and cancelled ones have a reason",
  ].join("\n"),
  options: [
    {
      flags: "--trials",
      summary: "list the trials too: status, time and error, with --json as manifest-jsonl has them",
      env: null,
    },
    runTagOption,
    jsonOption,
    projectOption,
  ],
  load: () => import("./status.ts"),
};
