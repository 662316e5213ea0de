// What a run will take and what it took, in words.
import { statfsSync } from "node:fs";
import type { RunEstimate } from "../../run/estimate.ts";
import { durationWords, plural, sizeWords } from "./words.ts";

/** "2 min 3 s to 3 min on 2 workers, 12 MB to 15 MB of disk (from 40 measured units)"; of one worker where nobody knows how many there will be. */
export function estimateWords(estimate: RunEstimate, workers: number | null): string {
  const { lowMs, highMs, lowBytes, highBytes, measured } = estimate;
  const time = rangeWords(durationWords(lowMs), durationWords(highMs));
  const disk = rangeWords(sizeWords(lowBytes), sizeWords(highBytes));
  const by =
    workers === null
      ? "on one worker (how many there will be, only the machines know)"
      : `on ${plural(workers, "worker")}`;
  return `${time} ${by}, ${disk} of disk (from ${plural(measured, "measured unit")})`;
}

/** Where the disk of a folder may not have room for what is to come; null where it has. */
export function roomWords(folder: string, { highBytes }: RunEstimate): string | null {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  return free > 2 * highBytes ? null : `${sizeWords(free)} are free on the disk, and it may take more`;
}

export function rangeWords(low: string, high: string): string {
  return low === high ? low : `${low} to ${high}`;
}
