// The short way of `lab build`: when nothing that a build was made from has changed, it is the answer. Loads no compiler.
import { existsSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { othersBroken } from "../../diagnostic/messages.ts";
import { compilerStamp } from "../discover/labwright-package.ts";
import { type SourceStamp, unchanged } from "../discover/source-stamps.ts";
import { latestBuildNamed, latestBuildOf, refreshBuild, type StoredBuild } from "./build-folder.ts";

/** A build of some experiments alone, with what is said of the others. */
export interface NamedBuild {
  readonly stored: StoredBuild;
  readonly said: Diagnostic;
}

/** The latest build of `files` (relative to `root`) if it still holds, else null. */
export function reusableBuild(root: string, files: readonly string[]): StoredBuild | null {
  const stored = latestBuildOf(root, files);
  return stored !== null && stillHolds(root, stored) ? stored : null;
}

/** What was built of these experiments while others were broken, if neither has changed since; null otherwise. */
export function reusableNamed(root: string, names: readonly string[]): NamedBuild | null {
  const known = latestBuildNamed(root, names);
  return known !== null && stillHolds(root, known.stored, known.broken)
    ? { stored: known.stored, said: othersBroken({ files: known.broken.map(({ file }) => file) }) }
    : null;
}

/** Whether this compiler would make the same build now, and the `others` are as they were too; keeps the files' present times. */
function stillHolds(root: string, stored: StoredBuild, others: readonly SourceStamp[] = []): boolean {
  const { compiler, absent, sources } = stored.record;
  if (compiler !== compilerStamp()) return false;
  if (absent.some((file) => existsSync(path.join(root, file)))) return false;
  const current = unchanged(root, sources);
  if (current === null || unchanged(root, others) === null) return false;
  refreshBuild(root, stored, current);
  return true;
}
