// Which jobs a run looks at, and which of their units it need not run because they are recorded.
import { bitmapOf, clearBit, hasBit } from "../../../plan/bitmap.ts";
import type { PlannedExperiment } from "../../../plan/plan.ts";
import type { Wanted } from "../../../plan/selection.ts";
import { isFailure } from "../../../record/outcome.ts";
import type { JobRecords } from "../../../store/store.ts";
import { hasTriesLeft, retryOf } from "../units/retries.ts";
import type { PlannedJob } from "./planned-jobs.ts";

/** What is run again although it is recorded: everything, what failed, or what failed and has tries left. */
export interface RunAgain {
  readonly force: boolean;
  readonly retryErrors: boolean;
  /** As in `retryOf`. */
  readonly retryMax: number | null;
}

type Recorded = Pick<JobRecords, "done" | "notMeasured" | "failures">;
type Declared = Pick<PlannedExperiment, "limits">;

/** A job that is wanted, or that a wanted one draws on. */
export function isConcerned(index: number, jobs: readonly PlannedJob[], wanted: Wanted): boolean {
  return (
    wanted.has(index) ||
    jobs.some((job) => wanted.has(job.index) && job.needs.some((need) => need.job === index))
  );
}

/** Units that need not run: what is recorded, less what is to be run again. */
export function recordedOf(records: Recorded | null, again: RunAgain, of: Declared): Uint8Array {
  if (records === null || again.force) return bitmapOf(0);
  const open = failedAgain(records, again, of);
  if (open.size === 0) return records.done;
  const done = records.done.slice();
  for (const unit of open) clearBit(done, unit);
  return done;
}

/** Recorded units without a measurement that are not run again: what draws on one of them has no input. */
export function standingOf(records: Recorded | null, again: RunAgain, of: Declared): readonly number[] {
  if (records === null || again.force) return [];
  const open = failedAgain(records, again, of);
  return [...records.notMeasured.keys()].filter((unit) => !open.has(unit));
}

/** Recorded units that failed and are run again. */
function failedAgain(records: Recorded, again: RunAgain, of: Declared): ReadonlySet<number> {
  if (again.retryErrors)
    return new Set([...records.notMeasured].flatMap(([unit, outcome]) => (isFailure(outcome) ? [unit] : [])));
  return new Set(triedBefore(records, again, of).keys());
}

/** Units that a run left with tries to go, and how often their last attempt was counted. */
export function triedBefore(
  { done, failures }: Recorded,
  again: Pick<RunAgain, "retryMax">,
  of: Declared,
): ReadonlyMap<number, number> {
  const retry = retryOf(of, again.retryMax);
  if (retry === null) return new Map();
  return new Map(
    [...failures].flatMap(([unit, each]) =>
      hasBit(done, unit) && hasTriesLeft(retry, each) ? [[unit, each.attempt]] : [],
    ),
  );
}
