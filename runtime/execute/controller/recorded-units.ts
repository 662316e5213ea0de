// Which jobs a run looks at, and which of their units it need not run because they are recorded.
import { bitmapOf, clearBit } from "../../plan/bitmap.ts";
import type { Wanted } from "../../plan/selection.ts";
import { isFailure } from "../../record/outcome.ts";
import type { JobRecords } from "../../store/store.ts";
import type { PlannedJob } from "./planned-jobs.ts";

/** What is run again although it is recorded: everything, or what failed. */
export interface RunAgain {
  readonly force: boolean;
  readonly retryErrors: boolean;
}

/** A job that is wanted, or that a wanted one draws on. */
export function isConcerned(index: number, jobs: readonly PlannedJob[], wanted: Wanted): boolean {
  return (
    wanted.has(index) ||
    jobs.some((job) => wanted.has(job.index) && job.needs.some((need) => need.job === index))
  );
}

/** Units that need not run: what is recorded, less what is to be run again. */
export function recordedOf(records: JobRecords | null, limits: RunAgain): Uint8Array {
  if (records === null || limits.force) return bitmapOf(0);
  if (!limits.retryErrors) return records.done;
  const done = records.done.slice();
  for (const [unit, outcome] of records.notMeasured) if (isFailure(outcome)) clearBit(done, unit);
  return done;
}

/** Recorded units without a measurement that are not run again: what draws on one of them has no input. */
export function standingOf(records: JobRecords | null, limits: RunAgain): readonly number[] {
  if (records === null || limits.force) return [];
  return [...records.notMeasured].flatMap(([unit, outcome]) =>
    limits.retryErrors && isFailure(outcome) ? [] : [unit],
  );
}
