// Turns whatever ended a command into words on standard error and an exit code. A person's mistake never shows a stack; our own
// bug does, with where to report it.
import { CommanderError } from "commander";
import pc from "picocolors";
import { InvalidDesign } from "../diagnostic/invalid-design.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import { say } from "./terminal/say.ts";
import { showDiagnostics } from "./terminal/show-diagnostics.ts";

/** File-system refusals that are the machine's state, not our bug. */
const machineFaults: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EROFS: "the file system is read-only",
  EACCES: "permission was denied",
  EPERM: "the operation is not permitted",
  EMFILE: "too many files are open",
  EDQUOT: "the disk quota is used up",
};

/** Prints `error` for a person and returns the exit code that it stands for. */
export function reportFailure(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.invalid;
  if (error instanceof InvalidDesign) {
    showDiagnostics(error.root, error.diagnostics);
    return exitCode.invalid;
  }
  if (error instanceof UserError) {
    say(process.stderr, `${pc.red("error:")} ${error.message}`);
    if (error.hint !== null) say(process.stderr, `  ${error.hint}`);
    return error.exitCode;
  }
  const fault = machineFaultOf(error);
  if (fault !== null) {
    say(
      process.stderr,
      `${pc.red("error:")} ${fault}\n  What was recorded so far is kept; the same command goes on.`,
    );
    return exitCode.invalid satisfies ExitCode;
  }
  say(
    process.stderr,
    `${pc.red("labwright has a bug:")} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  say(process.stderr, "  Please report it with the command you typed and the lines above.");
  return exitCode.bug;
}

function machineFaultOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const { code, path: from, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  // Where two files are named, the second is the one that was written.
  const path = dest ?? from;
  const words = code === undefined ? undefined : machineFaults[code];
  if (words === undefined) return null;
  return path === undefined ? words : `${words}: ${path}`;
}
