// How much a file or a folder with all that lies in it takes.
import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Bytes of the files, links not followed. */
export function bytesUnder(path: string): number {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesUnder(join(path, name)), 0);
}
