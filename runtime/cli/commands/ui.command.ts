// The words and options of `lab ui`; its code, ui.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { countOf } from "../option-values.ts";
import { jsonOption, projectOption } from "../shared-options.ts";

export const uiCommand: CommandSpec = {
  name: "ui",
  positional: "",
  group: "look",
  summary: "a page in the browser: runs as they go, trials, failures, plans",
  details: `The page is served to this machine alone. Its address holds a token that lets the page act on runs; with --read-only
it may look and nothing else. Ctrl-C ends the page, never a run.

Examples:
  lab ui                            the address to open
  lab ui --read-only --port 8123    to look, at a fixed port
  lab ui --export site              a copy of the page and its runs, to publish`,
  options: [
    {
      flags: "--port <n>",
      summary: "port to listen on (default: any free one)",
      env: "LAB_UI_PORT",
      parse: countOf("--port", 1),
    },
    { flags: "--read-only", summary: "look at runs, and act on none", env: "LAB_UI_READ_ONLY" },
    { flags: "--export <folder>", summary: "write a read-only copy to publish, and end", env: null },
    { flags: "--open", summary: "open the page in the browser", env: null },
    jsonOption,
    projectOption,
  ],
  load: () => import("./ui.ts"),
};
