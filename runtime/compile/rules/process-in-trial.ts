// process-in-trial: other processes and threads, and the end of this one.
import { processInTrial } from "../../diagnostic/trial-code-messages.ts";
import { type OutsideUse, trialUseRule } from "./trial-uses.ts";

const modules = /^node:(child_process|cluster|worker_threads)$/;
const actions = /^(exit|abort|kill|chdir|reallyExit|send|exitCode|on|once|stdin(\..*)?)$/;
const packages = /^(execa|cross-spawn|shelljs|zx|piscina|tinypool|workerpool)$/;
/** Parts of worker_threads that start nothing. */
const harmless = /^(isMainThread|threadId|MessageChannel|BroadcastChannel)$/;

export const processInTrialRule = trialUseRule({
  code: "process-in-trial",
  message: processInTrial,
  forbids({ denoted }: OutsideUse): boolean {
    if (denoted.kind === "package") return packages.test(denoted.module);
    if (denoted.kind === "global")
      return denoted.path.startsWith("process.") && actions.test(denoted.path.slice(8));
    if (denoted.kind !== "builtin") return false;
    if (denoted.module === "node:process") return actions.test(denoted.path);
    return modules.test(denoted.module) && !harmless.test(denoted.path);
  },
});
