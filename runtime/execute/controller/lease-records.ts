// Records as a host sends them, looked at before they are believed: what cannot be read must not get into a segment.
import { checkedBatch } from "../../record/check-batch.ts";
import type { RecordBatch } from "../../record/record-batch.ts";
import type { PlannedJob } from "./planned-jobs.ts";

/** The records of a lease, or in words why they cannot be read. */
export function recordsIn(bytes: Uint8Array, { isTrial, experiment }: PlannedJob): RecordBatch | string {
  try {
    return checkedBatch(bytes, isTrial ? Object.keys(experiment.planned.metrics).length : 0);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return `made records that cannot be read (${error.message})`;
  }
}
