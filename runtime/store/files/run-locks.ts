// What a run holds while it goes on: its own folder, and each job that it records. Runs on unlike experiments go on side by side; one that
// would record what another is recording is refused with that one's name. The project's lock is held only while a run begins.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { JobId } from "../../plan/plan.ts";
import { runLayoutOf, type StoreLayout } from "./layout.ts";
import { lockHolder, type RunLock, takeLock } from "./run-lock.ts";
import { StoreError } from "./store-error.ts";

/** How long a run waits for another that only begins, or for `lab clean`. */
const patienceMs = 60_000;
const lookEveryMs = 20;

export interface LockedJob {
  readonly id: JobId;
  readonly experiment: string;
}

/** Takes all or none; the caller holds the project's lock. Throws StoreError ("locked") that names who has one of them. */
export function takeRunLocks(
  layout: StoreLayout,
  of: { readonly run: string; readonly jobs: readonly LockedJob[] },
): { release(): void } {
  const what = `run ${of.run}`;
  const taken: RunLock[] = [];
  const release = (): void => {
    for (const lock of taken) lock.release();
  };
  try {
    mkdirSync(runLayoutOf(layout, of.run).folder, { recursive: true });
    taken.push(takeLock(runLayoutOf(layout, of.run).lock, what, { refused: `${of.run} is running already` }));
    for (const { id, experiment } of of.jobs) {
      const refused = `Trials of ${experiment} are being recorded by another run`;
      taken.push(takeLock(join(layout.locks, id), what, { refused }));
    }
    return { release };
  } catch (error) {
    release();
    throw error;
  }
}

/** Takes the project's lock, which nobody holds for long. */
export async function takeProjectLock(layout: StoreLayout, what: string): Promise<RunLock> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return takeLock(layout.lock, what);
    } catch (error) {
      const isHeld =
        error instanceof StoreError && error.fault === "locked" && lockHolder(layout.lock) !== null;
      if (!isHeld || Date.now() >= until) throw error;
    }
    await wait(lookEveryMs);
  }
}

/** Whether a process is writing the run now. */
export function isHeld(layout: StoreLayout, run: string): boolean {
  return lockHolder(runLayoutOf(layout, run).lock) !== null;
}
