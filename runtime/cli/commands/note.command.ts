// The words and options of `lab note`; its code, note.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const noteCommand: CommandSpec = {
  name: "note",
  positional: "<run> [text...]",
  group: "keep",
  summary: "write a note on a run, with who and when; without a text, read them",
  options: [jsonOption, projectOption],
  load: () => import("./note.ts"),
};
