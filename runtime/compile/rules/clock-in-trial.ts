// clock-in-trial: the time of day and of the process. `new Date(0)` and `Date.parse(text)` are plain functions of their arguments.

import { clockInTrial } from "../../diagnostic/trial-code-messages.ts";
import { ts } from "../typescript/ts-morph.ts";
import { type OutsideUse, trialUseRule } from "./trial-uses.ts";

const clocks =
  /^(Date\.now|performance\.(now|timeOrigin|mark|measure|eventLoopUtilization)|process\.(hrtime(\.bigint)?|uptime)|Temporal\.Now\..+)$/;

export const clockInTrialRule = trialUseRule({
  code: "clock-in-trial",
  message: clockInTrial,
  forbids({ denoted, node }: OutsideUse): boolean {
    if (denoted.kind === "builtin") return clocks.test(builtinPath(denoted.module, denoted.path));
    if (denoted.kind !== "global") return false;
    return denoted.path === "Date" ? readsNow(node) : clocks.test(denoted.path);
  },
});

function builtinPath(module: string, path: string): string {
  if (module === "node:perf_hooks") return path;
  return module === "node:process" ? `process.${path}` : "";
}

/** `new Date()` and `Date()` read the clock. */
function readsNow(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isNewExpression(parent) && parent.expression === node) return (parent.arguments?.length ?? 0) === 0;
  return ts.isCallExpression(parent) && parent.expression === node;
}
