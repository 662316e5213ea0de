// The words and options of `lab plan`; its code, plan.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import {
  engineOptions,
  filterLevels,
  jsonOption,
  limitOption,
  projectOption,
  replicatesOption,
  setLevels,
  shardOption,
  tagOption,
} from "../shared-options.ts";

export const planCommand: CommandSpec = {
  name: "plan",
  positional: "[experiment|path...]",
  group: "run",
  summary: "what `lab run` would do, and why",
  details: `Columns:
  new       units without a record, which would run
  reused    units that are recorded and need not run
  stale     results of the same trials under earlier code, kept but not counted
  orphaned  records of conditions or replicates that the design no longer has`,
  options: [
    { flags: "--graph", summary: "print the graph of jobs", env: null },
    ...engineOptions,
    tagOption,
    setLevels,
    filterLevels,
    replicatesOption,
    limitOption,
    shardOption,
    jsonOption,
    projectOption,
  ],
  load: () => import("./plan.ts"),
};
