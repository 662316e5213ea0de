// process-env-in-trial: environment variables, which another machine sets differently and no identity sees.
import { processEnvInTrial } from "../../diagnostic/trial-code-messages.ts";
import { type OutsideUse, trialUseRule } from "./trial-uses.ts";

export const processEnvInTrialRule = trialUseRule({
  code: "process-env-in-trial",
  message: processEnvInTrial,
  forbids({ denoted }: OutsideUse): boolean {
    if (denoted.kind === "global") return /^(process|import\.meta)\.env(\.|$)/.test(denoted.path);
    return denoted.kind === "builtin" && denoted.module === "node:process" && /^env(\.|$)/.test(denoted.path);
  },
});
