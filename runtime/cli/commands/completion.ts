// `lab completion bash|zsh|fish`: the script for a shell; `lab completion words -- <line>`: what may stand at the end of a line, one word a
// line.
import { chosen } from "../choice.ts";
import type { CommandHandler } from "../command.ts";
import { candidatesFor, wordsOf } from "../completion/candidates.ts";
import { projectNames } from "../completion/project-names.ts";
import { completionScripts } from "../completion/scripts.ts";
import { exitCode } from "../exit-code.ts";
import { shellChoice } from "../first-words.ts";
import { projectRoot } from "../options.ts";

export const handle: CommandHandler = async ([asked = "", line = ""], options, commands) => {
  if (asked === "words") {
    const [, ...words] = wordsOf(line);
    const found = await candidatesFor(words, { commands, names: projectNames(projectRoot(options)) });
    process.stdout.write(found.map((word) => `${word}\n`).join(""));
    return exitCode.done;
  }
  process.stdout.write(completionScripts[chosen(shellChoice, asked)]);
  return exitCode.done;
};
