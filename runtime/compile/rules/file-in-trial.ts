// file-in-trial: reading and writing files, and code whose path is computed. Imported JSON is part of the identity and welcome.
import { fileInTrial } from "../../diagnostic/trial-code-messages.ts";
import { type OutsideUse, trialUseRule } from "./trial-uses.ts";

const modules = new Set(["node:fs", "node:fs/promises", "node:sqlite"]);
const packages =
  /^(fs-extra|graceful-fs|glob|fast-glob|globby|rimraf|better-sqlite3|libsql|sqlite3|lmdb|level)$/;

export const fileInTrialRule = trialUseRule({
  code: "file-in-trial",
  message: fileInTrial,
  forbids({ denoted }: OutsideUse): boolean {
    if (denoted.kind === "builtin")
      return modules.has(denoted.module) && !/(^|\.)constants(\.|$)/.test(denoted.path);
    return denoted.kind === "package" && packages.test(denoted.module);
  },
});
