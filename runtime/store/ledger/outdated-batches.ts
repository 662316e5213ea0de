// Tells, while the batches of a job are read in order, which were made from rows that are others now. Before the first records of a job
// that draws on another experiment a run writes a batch without rows that says what it drew on; it holds to the end of its segment.
import { changedRows, type DrawnOn } from "../../plan/drawn-on.ts";
import type { JobId } from "../../plan/plan.ts";
import type { RecordBatch } from "../../record/record-batch.ts";
import type { Segment } from "./segment.ts";

/** What records must have drawn on in order to count; records of accepted identities count whatever they drew on. */
export interface Expected {
  readonly job: JobId;
  readonly drawnOn: DrawnOn;
}

/** One pass over the segments: asked of every batch in order whether it is left out. */
export class OutdatedBatches {
  /** Experiments whose rows changed, over all batches left out. */
  readonly changed = new Set<string>();
  readonly #expected: Expected | null;
  readonly #before = new Map<string, DrawnOn>();

  constructor(expected: Expected | null) {
    this.#expected = expected;
  }

  has(batch: RecordBatch, segment: Segment): boolean {
    const expected = this.#expected;
    if (expected === null || segment.head.jobs[batch.job]?.id !== expected.job) return batch.rows === 0;
    const key = `${segment.name}\n${batch.job}`;
    if (batch.rows === 0) {
      this.#before.set(key, batch.json().drawnOn ?? {});
      return true;
    }
    const changed = changedRows(this.#before.get(key) ?? {}, expected.drawnOn);
    for (const name of changed) this.changed.add(name);
    return changed.length > 0;
  }
}
