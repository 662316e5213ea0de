// The short way of `lab build`: when nothing that a build was made from has changed, it is the answer. Loads no compiler.
import { existsSync } from "node:fs";
import path from "node:path";
import { compilerStamp } from "../discover/labwright-package.ts";
import { unchanged } from "../discover/source-stamps.ts";
import { latestBuildOf, refreshBuild, type StoredBuild } from "./build-folder.ts";

/** The latest build of `files` (relative to `root`) if it still holds, else null. */
export function reusableBuild(root: string, files: readonly string[]): StoredBuild | null {
  const stored = latestBuildOf(root, files);
  if (stored === null || stored.record.compiler !== compilerStamp()) return null;
  if (stored.record.absent.some((file) => existsSync(path.join(root, file)))) return null;
  const sources = unchanged(root, stored.record.sources);
  if (sources === null) return null;
  refreshBuild(root, stored, sources);
  return stored;
}
