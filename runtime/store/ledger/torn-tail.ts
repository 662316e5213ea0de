// Cuts what a killed writer left half-written at the end of its files, and words damage of any kind. Called by the next writer, who holds
// the project's lock; readers only skip.
import { truncateSync } from "node:fs";
import { join } from "node:path";
import { errorCodeOf, StoreError, wordedSync } from "../files/store-error.ts";
import { namesStored } from "../files/stored-file.ts";
import { damageWords } from "./damage.ts";
import { scanFrames } from "./frame-scan.ts";
import { readSegmentHead } from "./segment.ts";

/** Cuts torn tails of all segments in a folder; returns a sentence for each cut and for each corrupt place. */
export function cutTornTails(folder: string): readonly string[] {
  const notices: string[] = [];
  for (const name of namesStored(folder).filter((each) => each.endsWith(".wal"))) {
    const path = join(folder, name);
    const start = framesStartOf(path);
    if (start === null) continue;
    scanFrames(path, start, {
      frame: () => undefined,
      damage(damage) {
        if (damage.kind === "torn") wordedSync(path, () => truncateSync(path, damage.from));
        notices.push(damageWords(damage));
      },
    });
  }
  return notices;
}

/** Null when the head itself is unreadable: then nothing is touched. */
function framesStartOf(path: string): number | null {
  try {
    return readSegmentHead(path).start;
  } catch (error) {
    if (error instanceof StoreError || errorCodeOf(error) === "ENOENT") return null;
    throw error;
  }
}
