// A folder for what a step needs for a while, in the system's folder for temporary files (TMPDIR). Where that one is missing, full or read-only it
// is named: whoever reads the error knows the path of no file in it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "./diagnostic/user-error.ts";

/** Throws UserError where none can be made. Who makes it removes it. */
export function makeScratch(name: string): string {
  try {
    return mkdtempSync(join(tmpdir(), `${name}-`));
  } catch (error) {
    throw scratchError(error, tmpdir());
  }
}

/** Runs `use` with a folder that is gone after. Throws UserError where the folder for temporary files does not do. */
export async function withScratch<T>(name: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = makeScratch(name);
  try {
    return await use(folder);
  } catch (error) {
    throw scratchError(error, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const faults: readonly (readonly [RegExp, string])[] = [
  [/ENOENT|no such file/i, "is not there"],
  [/ENOTDIR|not a directory/i, "is no folder"],
  [/ENOSPC|EDQUOT|no space left|quota|disk is full/i, "is full"],
  [/EROFS|EACCES|EPERM|read-only|permission denied|not permitted/i, "cannot be written"],
];

/**
 * What the machine said of a path in the folder, in words that name the folder for temporary files; any other error as it is. A database says by its
 * message alone which path it means, and what with it.
 */
function scratchError(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  // SQLite names no path.
  if (!error.message.includes(folder) && error.name !== "SqliteError") return error;
  const fault = faults.find(([pattern]) => pattern.test(error.message))?.[1];
  if (fault === undefined) return error;
  return new UserError(`the folder for temporary files, ${tmpdir()}, ${fault}`, {
    hint: "Set TMPDIR to a folder with room that you may write to, or put this one right.",
  });
}
