// The segment that this process writes. It is begun with the first batch, so that a run that finds everything done leaves none.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../plan/plan.ts";
import { readBatch } from "../../record/record-batch.ts";
import { nextSerial } from "../files/layout.ts";
import { wordedSync } from "../files/store-error.ts";
import { namesStored } from "../files/stored-file.ts";
import type { LedgerWriter } from "../store.ts";
import { FrameLog } from "./frame-log.ts";
import { segmentHeadBytes, segmentHeadOf } from "./segment.ts";

export interface LedgerWriterOptions {
  readonly plan: Plan;
  readonly planHash: string;
  readonly run: string;
  /** The run's folder of segments; made when missing. */
  readonly folder: string;
  /** The time in ms since the epoch. */
  now(): number;
}

export function openLedgerWriter(options: LedgerWriterOptions): LedgerWriter {
  const { plan, planHash, run, folder } = options;
  let log: FrameLog | null = null;
  const begun = (): FrameLog => {
    if (log !== null) return log;
    wordedSync(folder, () => mkdirSync(folder, { recursive: true }));
    const head = segmentHeadOf(plan, { run, planHash, createdAt: new Date(options.now()).toISOString() });
    log = new FrameLog(join(folder, `${nextSerial(namesStored(folder))}.wal`), segmentHeadBytes(head));
    return log;
  };
  return {
    append(bytes) {
      const { job, rows } = readBatch(bytes);
      if (job >= plan.jobs.length)
        throw new RangeError(`a batch of job ${job}, but the plan has ${plan.jobs.length}`);
      begun().append(bytes, { job, rows });
    },
    async sync() {
      await log?.sync();
    },
    async close() {
      await log?.close();
    },
  };
}
