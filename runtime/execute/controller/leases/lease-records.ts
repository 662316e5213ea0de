// Records as a host sends them, looked at before they are believed: what cannot be read must not get into a segment, and a trial that ended early
// is settled by the end of its run alone.
import { batchOf, recordsOf } from "../../../record/batch-records.ts";
import { checkedBatch } from "../../../record/check-batch.ts";
import { hasMeasurement, isUnfinished } from "../../../record/outcome.ts";
import { type RecordBatch, readBatch } from "../../../record/record-batch.ts";
import type { Scheduler } from "../../../schedule/scheduler.ts";
import type { PlannedJob } from "../jobs/planned-jobs.ts";
import { unitsOf } from "../units/record-keeper.ts";

/**
 * The records of a lease; null where none of them stands; or in words why they cannot be read. Unless the run is `ending`, units that ended before they
 * could finish are left out, whatever made their host end them: they run again elsewhere, or when they are asked for.
 */
export function recordsIn(
  bytes: Uint8Array,
  { index, isTrial, experiment }: PlannedJob,
  { isEnding }: { readonly isEnding: boolean },
): RecordBatch | string | null {
  const metrics = isTrial ? experiment.planned.metrics : {};
  try {
    const batch = checkedBatch(bytes, Object.keys(metrics).length);
    if (batch.job !== index) return "made records of another job";
    if (isEnding || !batch.outcome.some((code) => isUnfinished(code))) return batch;
    const finished = recordsOf(batch, metrics).filter(({ result }) => !isUnfinished(result.outcome.kind));
    return finished.length === 0 ? null : readBatch(batchOf(finished, metrics));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `made records that cannot be read (${error.message})`;
  }
}

/** Settles the units of a batch, unless it comes too late. */
export function isAccepted(batch: RecordBatch, lease: number, scheduler: Scheduler): boolean {
  return scheduler.accept(
    lease,
    batch.unit,
    unitsOf(batch, (code) => !hasMeasurement(code)),
  );
}
