// The words and options of `lab report`; its code, report.ts, is loaded when it is asked for.
import type { CommandSpec } from "../command.ts";
import { durationMsOf } from "../option-values.ts";
import { jsonOption, projectOption, quietOption, runTagOption } from "../shared-options.ts";

export const reportCommand: CommandSpec = {
  name: "report",
  positional: "[run]",
  group: "conclude",
  summary: "what was found and how sure we are: one page that works offline",
  options: [
    {
      flags: "--format <formats>",
      summary: "html,csv,json,markdown,latex,svg,png,pdf,parquet (default: html,csv)",
      env: "LAB_REPORT_FORMAT",
    },
    {
      flags: "--output-dir <folder>",
      summary: "where the files go (default: .lab/runs/<run>/report)",
      env: "LAB_OUTPUT_DIR",
    },
    {
      flags: "--check",
      summary: "exit with code 5 unless the evidence supports every gate: expect(metric).toBeAbove(...)",
      env: "LAB_CHECK",
    },
    {
      flags: "--junit <file>",
      summary: "write the gates as JUnit XML, for continuous integration",
      env: "LAB_JUNIT",
    },
    {
      flags: "--analysis-timeout <duration>",
      summary: "longest a custom analysis may take (default: 60s); those that failed are tried again",
      env: "LAB_ANALYSIS_TIMEOUT",
      parse: durationMsOf("--analysis-timeout"),
    },
    { flags: "--open", summary: "open the page with the platform's own opener", env: null },
    { flags: "--watch", summary: "write the report anew every 3 s until the run ends", env: null },
    runTagOption,
    jsonOption,
    quietOption,
    projectOption,
  ],
  load: () => import("./report.ts"),
};
