// The words and options of `lab completion`; its code, completion.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { shellChoice } from "../first-words.ts";
import { projectOption } from "../shared-options.ts";

export const completionCommand: CommandSpec = {
  name: "completion",
  positional: "<shell> [line]",
  choice: shellChoice,
  group: "keep",
  summary: "print the script that completes commands, flags and the project's own names in bash, zsh or fish",
  details: [
    "Load it in the shell, or in its start-up file:",
    "  source <(npx lab completion bash)      bash, and zsh with zsh",
    "  npx lab completion fish | source       fish",
    "It asks `lab completion words -- <line>` for the words.",
  ].join("\n"),
  options: [projectOption],
  load: () => import("./completion.ts"),
};
