// How two files that may be of one append-only history stand to each other, and copying that leaves no half of a file.
import { randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { StoreError, wordedSync } from "../files/store-error.ts";
import { openStored } from "../files/stored-file.ts";

const chunk = 1 << 20;

/** "behind": `ours` is the beginning of `theirs`; "ahead": the other way round. */
export function standing(ours: string, theirs: string): "same" | "behind" | "ahead" | "unlike" {
  const [left, right] = [openStored(ours), openStored(theirs)];
  const [a, b] = [Buffer.alloc(chunk), Buffer.alloc(chunk)];
  try {
    for (;;) {
      const [read, other] = [readSync(left, a), readSync(right, b)];
      const shared = Math.min(read, other);
      if (a.compare(b, 0, shared, 0, shared) !== 0) return "unlike";
      if (read === other && read > 0) continue;
      return read === other ? "same" : read < other ? "behind" : "ahead";
    }
  } finally {
    closeSync(left);
    closeSync(right);
  }
}

/** Paths of all files under a folder, relative, with forward slashes, sorted. Throws StoreError for a link or anything but files and folders. */
export function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const stat = lstatSync(join(folder, name));
      if (stat.isDirectory()) return filesUnder(join(folder, name)).map((path) => `${name}/${path}`);
      if (stat.isFile()) return [name];
      if (stat.isSocket()) return [];
      throw new StoreError(
        "damaged",
        `${join(folder, name)} is no plain file, and only plain files are taken over.`,
        "Move it out of the way and give the same command again.",
      );
    });
}

/** Copies with the file's mode: whoever reads the target sees the old content or the new. */
export function copyWhole(from: string, to: string): void {
  const draft = `${to}.${randomUUID().slice(0, 8)}.draft`;
  wordedSync(to, () => {
    mkdirSync(dirname(to), { recursive: true });
    try {
      copyFileSync(from, draft, constants.COPYFILE_FICLONE);
      renameSync(draft, to);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
  });
}

/** Copies files of a folder into one that is not there yet, which then appears as a whole. `draft` lies on the same disk. */
export function copyFolder(
  from: string,
  to: string,
  of: { readonly draft: string; readonly files: readonly string[] },
): void {
  wordedSync(to, () => {
    try {
      mkdirSync(of.draft, { recursive: true });
      for (const file of of.files) copyWhole(join(from, file), join(of.draft, file));
      mkdirSync(dirname(to), { recursive: true });
      renameSync(of.draft, to);
    } catch (error) {
      rmSync(of.draft, { recursive: true, force: true });
      throw error;
    }
  });
}
