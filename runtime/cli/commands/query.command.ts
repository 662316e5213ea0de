// The words and options of `lab query`; its code, query.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption, runOption } from "../shared-options.ts";

export const queryCommand: CommandSpec = {
  name: "query",
  positional: "<sql>",
  group: "look",
  summary: "SQL over trials and series",
  details: `Examples:
  lab query "select discount, avg(profitGain) from trials group by discount"
  lab query --from postgres://me@host/lab "select run, status from runs"    what lab push has brought there`,
  options: [
    runOption,
    {
      flags: "--from <address>",
      summary:
        "ask a shared PostgreSQL (tables runs, trials, series, one an experiment) in place of a run here",
      env: null,
    },
    {
      flags: "--format <format>",
      summary: "table, csv or json",
      env: null,
      choices: ["table", "csv", "json"],
    },
    jsonOption,
    projectOption,
  ],
  load: () => import("./query.ts"),
};
