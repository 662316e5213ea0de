// Which files a build was made from, and whether they are still the same: size and time first, content only where those differ.
import { createHash } from "node:crypto";
import { readFileSync, type Stats, statSync } from "node:fs";
import path from "node:path";

export interface SourceStamp {
  /** Relative to the project's root, forward slashes. */
  readonly file: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
}

/** Stamps of files (absolute or relative to `root`), each once, sorted. Files that are gone are left out. */
export function stampsOf(root: string, files: Iterable<string>): readonly SourceStamp[] {
  const names = new Set(
    [...files].map((file) => path.relative(root, path.resolve(root, file)).split(path.sep).join("/")),
  );
  return [...names].sort().flatMap((file) => {
    const stats = statsOf(path.join(root, file));
    if (stats === null) return [];
    return { file, size: stats.size, mtimeMs: stats.mtimeMs, sha256: contentHash(path.join(root, file)) };
  });
}

/** The stamps with current times when every file still has its content; null when one has changed or gone. */
export function unchanged(root: string, stamps: readonly SourceStamp[]): readonly SourceStamp[] | null {
  const current: SourceStamp[] = [];
  for (const stamp of stamps) {
    const absolute = path.resolve(root, stamp.file);
    const stats = statsOf(absolute);
    if (stats === null || stats.size !== stamp.size) return null;
    if (stats.mtimeMs !== stamp.mtimeMs && contentHash(absolute) !== stamp.sha256) return null;
    current.push(stats.mtimeMs === stamp.mtimeMs ? stamp : { ...stamp, mtimeMs: stats.mtimeMs });
  }
  return current;
}

function statsOf(file: string): Stats | null {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() ? stats : null;
}

function contentHash(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
