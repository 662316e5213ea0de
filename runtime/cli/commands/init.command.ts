// The words and options of `lab init`; its code, init.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";

export const initCommand: CommandSpec = {
  name: "init",
  positional: "[folder]",
  group: "write",
  summary: "make a folder with one experiment that type-checks and runs",
  options: [
    { flags: "--name <name>", summary: "name of the package (default: the folder's)", env: null },
    {
      flags: "--template <name>",
      summary: "bandit (default), or environment: an environment of your own and a learner in it",
      env: null,
      choices: ["bandit", "environment"],
    },
    {
      flags: "--from <script>",
      summary:
        "the draft of an experiment around a Python script, made from what it tells argparse, or from its `--help`",
      env: null,
    },
  ],
  load: () => import("./init.ts"),
};
