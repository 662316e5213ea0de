// Whether the programs that trials start are on this machine: an interpreter that is missing is told before the first trial, not by each of
// a thousand.
import { accessSync, constants, statSync } from "node:fs";
import path from "node:path";
import type { Job } from "../plan/plan.ts";
import { type Checked, failed, ok } from "./check.ts";

/** One finding for each program of these jobs, wherever several start it. `searched` is the PATH where a command sets none. */
export function checkPrograms(
  jobs: readonly Job[],
  searched: string = process.env.PATH ?? "",
): readonly Checked[] {
  const checks = jobs.flatMap((job) => (job.program === undefined ? [] : [checkProgram(job, searched)]));
  return [...new Map(checks.map((each) => [`${each.check} ${each.found}`, each])).values()];
}

function checkProgram(job: Job, searched: string): Checked {
  const { name, path: own } = job.program ?? { name: "", path: null };
  const check = `program ${name}`;
  if (!name.includes("/")) {
    const found = (own ?? searched)
      .split(path.delimiter)
      .map((folder) => path.join(folder || ".", name))
      .find((file) => isProgram(file));
    if (found !== undefined) return ok(check, found);
    const isScript = job.files?.some((file) => file.path === name) === true;
    return isScript
      ? failed(
          check,
          `${name} of ${job.experiment} is a file, and only the PATH is searched for a bare name`,
          `Write "./${name}", or its interpreter before it.`,
        )
      : failed(check, `is not on the PATH; ${job.experiment} starts it`, `Install ${name}, or set the PATH.`);
  }
  const file = job.files?.find((each) => each.path === path.posix.normalize(name));
  if (file !== undefined) return ok(check, file.source);
  return path.isAbsolute(name) && isProgram(name)
    ? ok(check, name)
    : failed(
        check,
        `there is no such program; ${job.experiment} starts it`,
        "Correct the first word of its command's run.",
      );
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
