// The words and options of `lab verify`; its code, verify.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { countOf } from "../option-values.ts";
import { engineOptions, jsonOption, projectOption } from "../shared-options.ts";

export const verifyCommand: CommandSpec = {
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
    ...engineOptions,
    jsonOption,
    projectOption,
  ],
  load: () => import("./verify.ts"),
};
