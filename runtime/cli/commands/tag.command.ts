// The words and options of `lab tag`; its code, tag.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const tagCommand: CommandSpec = {
  name: "tag",
  positional: "<run> [tag...]",
  group: "keep",
  summary: "give a run tags (+pilot), take them away (-old), or say which it has",
  takesDashes: true,
  details: [
    "Example:",
    "  lab tag latest +pilot -old",
    'An experiment has its tags in its definition: tags: ["pilot"]. `lab run --tag pilot` runs those.',
  ].join("\n"),
  options: [jsonOption, projectOption],
  load: () => import("./tag.ts"),
};
