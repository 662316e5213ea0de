// Files that appear together or not at all: each is written under a temporary name beside its own, and takes its name once all are
// written. A full disk or a folder that cannot be written leaves what was there before.
import { mkdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Thrown when a file could not be written; the message names it and the reason, and `cause` is the system's error. */
export class ReportWriteError extends Error {
  override readonly name = "ReportWriteError";
  /** The file that could not be written. */
  readonly path: string;

  constructor(path: string, cause: unknown) {
    super(`Cannot write ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.path = path;
  }
}

/** What a file holds, or a function that writes it at the path it is given. */
export type DraftContent = string | Uint8Array | ((path: string) => Promise<unknown>);

export class Draft {
  readonly #files: { readonly path: string; readonly temporary: string }[] = [];
  /** Folders that were made for it, outermost first. */
  readonly #made: string[] = [];

  /** @throws ReportWriteError when the folder or the file cannot be written. */
  async write(path: string, content: DraftContent): Promise<void> {
    const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
    try {
      const made = await mkdir(dirname(path), { recursive: true });
      if (made !== undefined) this.#made.push(...foldersBetween(made, dirname(path)));
      this.#files.push({ path, temporary });
      await (typeof content === "function" ? content(temporary) : writeFile(temporary, content));
    } catch (error) {
      throw new ReportWriteError(path, error);
    }
  }

  /** Gives every file its name, and tells the names in the order written. @throws ReportWriteError */
  async publish(): Promise<readonly string[]> {
    for (const { path, temporary } of this.#files) {
      await rename(temporary, path).catch((error: unknown) => {
        throw new ReportWriteError(path, error);
      });
    }
    return this.#files.map(({ path }) => path);
  }

  /** Takes away what is not published, and the folders made for it where nothing else is in them. */
  async discard(): Promise<void> {
    for (const { temporary } of this.#files) await rm(temporary, { force: true });
    for (const folder of this.#made.toReversed()) {
      // A folder that holds something by now stays.
      await rmdir(folder).catch(() => undefined);
    }
  }
}

/** The folders from the first that was made down to the last. */
function foldersBetween(first: string, last: string): readonly string[] {
  const folders = [last];
  while (folders[0] !== first && dirname(folders[0]!) !== folders[0]) folders.unshift(dirname(folders[0]!));
  return folders;
}
