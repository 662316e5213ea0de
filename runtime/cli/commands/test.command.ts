// The words and options of `lab test`; its code, test.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { countOf, durationMsOf } from "../option-values.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const testCommand: CommandSpec = {
  name: "test",
  positional: "[environment...]",
  group: "write",
  summary: "attack environments: are their invariants, laws and promises true?",
  details: [
    "Examples:",
    "  lab test                            every environment of the project",
    "  lab test grid-world --runs 10000    one of them, longer",
    "  lab test --experiment patience      with the parameters that an experiment will run",
    "  lab test --replay                   the counterexample that was found last, again",
    "  lab test --replay .lab/attacks/grid-world-1a2b3c4d.json",
  ].join("\n"),
  options: [
    {
      flags: "--runs <n>",
      summary: "episodes for each environment (default: 1000)",
      env: "LAB_TEST_RUNS",
      parse: countOf("--runs", 1),
    },
    {
      flags: "--time <duration>",
      summary: "longest attack on an environment: 30s, 10m (default: 60s)",
      env: "LAB_TEST_TIME",
      parse: durationMsOf("--time"),
    },
    {
      flags: "--seed <n>",
      summary: "seed of the attack (default: 0)",
      env: "LAB_TEST_SEED",
      parse: countOf("--seed", 0),
    },
    {
      flags: "--experiment <name>",
      summary: "draw parameters from the conditions of this experiment",
      env: null,
    },
    {
      flags: "--replay [file]",
      summary: "play one counterexample again, the newest kept one unless told, and nothing else",
      env: null,
    },
    jsonOption,
    projectOption,
  ],
  load: () => import("./test.ts"),
};
