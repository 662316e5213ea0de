// The words and options of `lab branch`; its code, branch.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { budgetOf, pairsOf } from "../option-values.ts";
import { jsonOption, projectOption, quietOption, yesOption } from "../shared-options.ts";

export const branchCommand: CommandSpec = {
  name: "branch",
  positional: "<trial>",
  group: "run",
  summary: "continue one trial from an exchange on, with a parameter or an answer changed",
  details: [
    "Exchanges before the point have the answers that were kept, whatever is asked now; later ones are",
    "asked anew. The branch is a run and an experiment of its own and counts for no condition of the other.",
    "Examples:",
    "  lab branch 3f2a --at 50 --set prefix=P2          from round 50 on (keys with round-50)",
    "  lab branch 3f2a --answer 'firm-1/round-12={\"price\":1.9}'",
  ].join("\n"),
  options: [
    {
      flags: "--at <round|key>",
      summary: "the first exchange that is asked anew (default: after the changed answers)",
      env: null,
    },
    {
      flags: "-S, --set <name=value>",
      summary: "a parameter's value (may be given again)",
      env: null,
      parse: pairsOf("-S"),
      initial: [],
    },
    {
      flags: "--answer <key=text>",
      summary: "an answer in place of the kept one (may be given again)",
      env: null,
      parse: answerPairOf,
      initial: [],
    },
    {
      flags: "--run <run>",
      summary: "the run that the trial is of (default: the newest that has it)",
      env: "LAB_RUN",
    },
    { flags: "--name <name>", summary: "name of the branch's run", env: null },
    {
      flags: "--budget <limits>",
      summary: "what the branch may take of services: usd=5 tokens=2M calls=10000 time=2h",
      env: "LAB_BUDGET",
      parse: budgetOf,
    },
    yesOption,
    jsonOption,
    quietOption,
    projectOption,
  ],
  load: () => import("./branch.ts"),
};

function answerPairOf(
  text: string,
  earlier: readonly (readonly [string, string])[],
): readonly (readonly [string, string])[] {
  const at = text.indexOf("=");
  return [...earlier, [text.slice(0, at === -1 ? text.length : at), at === -1 ? "" : text.slice(at + 1)]];
}
