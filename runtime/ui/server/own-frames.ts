// Which lines of a stack are the author's: no package, no part of Node, and none of what runs trials.
import { fileURLToPath } from "node:url";

const ours = fileURLToPath(new URL("../../", import.meta.url));

/** "Object.trial (experiments/walk.experiment.ts:9:11)"; null for a line that names no place of the author's. */
export function ownPlaceOf(line: string): string | null {
  const place = /^\s*at (.+)$/.exec(line)?.[1];
  return place === undefined || place.includes(ours) || /node_modules|node:internal|\(node:/.test(place)
    ? null
    : place;
}

/** A stack down to the author's last line; null where none is, as of a program that failed. */
export function ownPartOf(stack: string | null): string | null {
  const lines = (stack ?? "").split("\n");
  const last = lines.findLastIndex((line) => ownPlaceOf(line) !== null);
  return last < 0 ? null : lines.slice(0, last + 1).join("\n");
}
