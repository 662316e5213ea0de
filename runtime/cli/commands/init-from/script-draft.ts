// `lab init --from train.py`: asks the script for its arguments and makes the draft of its experiment.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { UserError } from "../../../diagnostic/user-error.ts";
import { askArgparse, readArgparseDump } from "./argparse-dump.ts";
import { readArgparseHelp } from "./argparse-help.ts";
import { draftExperiment, stem } from "./draft-experiment.ts";

const timeoutSeconds = 60;

/** The draft's file name and text. Throws a UserError where the script or its help cannot be had. */
export function scriptDraft(path: string, shown: string): { readonly file: string; readonly text: string } {
  if (!existsSync(path) || !statSync(path).isFile())
    throw new UserError(`${shown} is no file; nothing was written`, {
      hint: "Name a Python script: lab init --from train.py",
    });
  const script = basename(path);
  const output = outputOf(path, shown);
  const told = readArgparseDump(output) ?? { arguments: readArgparseHelp(output) ?? [], command: null };
  if (told.arguments.length === 0 && told.command === null)
    throw new UserError(`the help of ${shown} names no options; nothing was written`, {
      hint: "`lab init --from` reads what a script tells argparse, or a help that looks like it (python3 SCRIPT --help). See docs/training-scripts.md to write the experiment by hand.",
    });
  return { file: `${stem(script)}.experiment.ts`, text: draftExperiment(script, told) };
}

/** What the script writes when it is asked for its arguments. */
function outputOf(path: string, shown: string): string {
  const { error, status, stdout, stderr } = spawnSync("python3", ["-c", askArgparse, `./${basename(path)}`], {
    cwd: dirname(path),
    encoding: "utf8",
    timeout: timeoutSeconds * 1000,
    killSignal: "SIGKILL",
    maxBuffer: 1 << 22,
    stdio: ["ignore", "pipe", "pipe"],
    // Wide, so that no line is wrapped, and without colours (Python 3.14 has them).
    env: { ...process.env, COLUMNS: "1000", NO_COLOR: "1", FORCE_COLOR: "", PYTHONDONTWRITEBYTECODE: "1" },
  });
  const code = error !== undefined && "code" in error ? error.code : null;
  if (code === "ENOENT")
    throw new UserError("python3 is not found; nothing was written", {
      hint: "Install Python 3, or put python3 on the PATH.",
    });
  if (code === "ETIMEDOUT")
    throw new UserError(`python3 ${shown} --help took more than ${timeoutSeconds} s; nothing was written`, {
      hint: "Read the arguments (parse_args) before the work begins.",
    });
  if (error !== undefined || status !== 0) {
    const said = stderr?.trim().split("\n").at(-1) ?? "";
    throw new UserError(
      `python3 ${shown} --help failed: ${said === "" ? (error?.message ?? `exit code ${status}`) : said}`,
      {
        hint: "Nothing was written. `lab init --from` needs a script that answers --help, as argparse and click do.",
      },
    );
  }
  return stdout;
}
