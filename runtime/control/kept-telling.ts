// What the process of a run has told that is in no record: its workers with what they took, the disk, and what happened. Kept in the run's
// folder for who looks when the process has gone.
import { existsSync } from "node:fs";
import type { RunState } from "../live/run-state.ts";
import { ownerOnly, writeAtomicSync } from "../store/files/atomic-file.ts";
import { readStored } from "../store/files/stored-file.ts";

export type KeptTelling = Pick<RunState, "workers" | "diskFreeMb" | "feed">;

/** Null where nothing was kept, or what was kept cannot be read. */
export function readTelling(path: string): KeptTelling | null {
  if (!existsSync(path)) return null;
  try {
    // As keepTelling has written it.
    return JSON.parse(readStored(path).toString("utf8")) as KeptTelling;
  } catch {
    return null;
  }
}

export function keepTelling(path: string, { workers, diskFreeMb, feed }: RunState): void {
  writeAtomicSync(path, JSON.stringify({ workers, diskFreeMb, feed } satisfies KeptTelling), {
    mode: ownerOnly,
  });
}
