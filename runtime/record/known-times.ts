// Times of runs and trials as whoever shows them has them: null where another tool ran them and nobody knows.
import type { Provenance, RanAt } from "./trial-table.ts";

/** When the trials of a run ran, ISO 8601. Of results of another tool the manifest's own times are those of the import. */
export function ranAt({ startedAt, finishedAt, ran }: Provenance): RanAt {
  return ran ?? { startedAt, finishedAt };
}

/** A time in ISO 8601 as milliseconds since the epoch. */
export function msOf(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}

/** Milliseconds since the epoch as ISO 8601. */
export function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
