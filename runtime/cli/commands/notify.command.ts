// The words and options of `lab notify`; its code, notify.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const notifyCommand: CommandSpec = {
  name: "notify",
  positional: "[notifier...]",
  group: "run",
  summary: "who is told of runs (`notify` in lab.config.ts); --test tells them now",
  details: [
    "Examples:",
    "  lab notify                 who is told, of what, and whether their addresses are set",
    "  lab notify --test          sends each of them a message",
    "  lab notify --test discord  only that one",
  ].join("\n"),
  options: [
    { flags: "--test", summary: "send a message to each, and say what came of it", env: null },
    jsonOption,
    projectOption,
  ],
  load: () => import("./notify.ts"),
};
