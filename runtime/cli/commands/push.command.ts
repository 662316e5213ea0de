// The words and options of `lab push`; its code, push.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { pushChoice } from "../first-words.ts";
import { jsonOption, projectOption, quietOption } from "../shared-options.ts";

export const pushCommand: CommandSpec = {
  name: "push",
  positional: "<address|s3> [run]",
  choice: pushChoice,
  group: "keep",
  summary:
    "a run's trials and series to a shared PostgreSQL, or its files to S3; what is there is not sent again",
  details: `Examples:
  lab push postgres://me@results.example.org/lab          the latest run; the password from PGPASSWORD
  lab push s3 latest --drop                               artifacts and tables to the bucket of lab.config.ts, no copy kept here
  lab query --from postgres://me@results.example.org/lab "select * from runs"`,
  options: [
    {
      flags: "--drop",
      summary: "s3: what is there is no longer kept here; it is fetched when it is read",
      env: null,
    },
    jsonOption,
    quietOption,
    projectOption,
  ],
  load: () => import("./push.ts"),
};
