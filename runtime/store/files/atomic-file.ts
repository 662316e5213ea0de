// Files that are replaced as a whole: a reader sees the old content or the new, and after a power cut one of the two is there.
import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "../ledger/frame-log.ts";
import { worded, wordedSync } from "./store-error.ts";

/** Mode of files that may hold what only their owner should read: journals of effects, logs, uncommitted changes. */
export const ownerOnly = 0o600;

/** Writes, flushes and renames into place. Makes the folder when it is missing. */
export function writeAtomicSync(
  path: string,
  content: string | Uint8Array,
  { mode = 0o666 }: { readonly mode?: number } = {},
): void {
  const draft = draftOf(path);
  wordedSync(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    try {
      const file = openSync(draft, "wx", mode);
      try {
        const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(draft, path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
    syncFolder(dirname(path));
  });
}

/** As writeAtomicSync, without blocking the process meanwhile. */
export async function writeAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const draft = draftOf(path);
  await worded(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    try {
      const file = await open(draft, "wx");
      try {
        await file.writeFile(content);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
  });
}

/** Ends in `.draft`, so that what a killed process left is known for what it is. */
function draftOf(path: string): string {
  return `${path}.${randomUUID().slice(0, 8)}.draft`;
}
