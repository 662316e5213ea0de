// The file that a mistyped path was meant to be.
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { nearest } from "../../diagnostic/nearest.ts";

/** The name beside it that is nearest, with the same folder before it; null for none. `folder` is where paths begin. */
export function nearestFile(folder: string, name: string): string | null {
  const beside = path.resolve(folder, path.dirname(name));
  if (!existsSync(beside)) return null;
  const files = readdirSync(beside).filter((file) => path.extname(file) === path.extname(name));
  const near = nearest(path.basename(name), files);
  return near === null ? null : path.posix.join(path.posix.dirname(name), near);
}
