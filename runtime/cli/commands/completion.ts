// `lab completion bash|zsh|fish`: the script for a shell; `lab completion words -- <line>`: what may stand at the end of a line, one word a
// line.
import { UserError } from "../../diagnostic/user-error.ts";
import type { CommandHandler } from "../command.ts";
import { candidatesFor, wordsOf } from "../completion/candidates.ts";
import { projectNames } from "../completion/project-names.ts";
import { completionScripts } from "../completion/scripts.ts";
import { exitCode } from "../exit-code.ts";
import { projectRoot } from "../options.ts";

export const handle: CommandHandler = async ([asked = "", line = ""], options, commands) => {
  if (asked === "words") {
    const [, ...words] = wordsOf(line);
    const found = await candidatesFor(words, { commands, names: projectNames(projectRoot(options)) });
    process.stdout.write(found.map((word) => `${word}\n`).join(""));
    return exitCode.done;
  }
  const script = Object.entries(completionScripts).find(([shell]) => shell === asked)?.[1];
  if (script === undefined)
    throw new UserError(`"${asked}" is no shell that lab can complete in`, {
      hint: "It is bash, zsh or fish.",
    });
  process.stdout.write(script);
  return exitCode.done;
};
