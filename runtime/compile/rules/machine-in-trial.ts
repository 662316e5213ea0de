// machine-in-trial: what differs from machine to machine or from process to process: host name, cores, memory, process id.
import { machineInTrial } from "../../diagnostic/trial-code-messages.ts";
import { type OutsideUse, trialUseRule } from "./trial-uses.ts";

const processNames =
  /^(pid|ppid|cwd|argv|execPath|memoryUsage|cpuUsage|resourceUsage|constrainedMemory|availableMemory)(\.|$)/;

export const machineInTrialRule = trialUseRule({
  code: "machine-in-trial",
  message: machineInTrial,
  forbids({ denoted }: OutsideUse): boolean {
    if (denoted.kind === "global") return isMachinePath(denoted.path);
    if (denoted.kind !== "builtin") return false;
    if (denoted.module === "node:os") return !/^(EOL|constants|devNull)(\.|$)/.test(denoted.path);
    return denoted.module === "node:process" && processNames.test(denoted.path);
  },
});

function isMachinePath(path: string): boolean {
  if (path.startsWith("process.")) return processNames.test(path.slice("process.".length));
  return path === "navigator.hardwareConcurrency";
}
