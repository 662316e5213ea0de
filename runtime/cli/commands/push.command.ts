// The words and options of `lab push`; its code, push.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption, quietOption } from "../shared-options.ts";

export const pushCommand: CommandSpec = {
  name: "push",
  positional: "<address> [run]",
  group: "keep",
  summary: "trials and series of a run to a PostgreSQL that many share; what is there is not sent again",
  details: `Examples:
  lab push postgres://me@results.example.org/lab          the latest run; the password from PGPASSWORD
  lab query --from postgres://me@results.example.org/lab "select * from runs"`,
  options: [jsonOption, quietOption, projectOption],
  load: () => import("./push.ts"),
};
