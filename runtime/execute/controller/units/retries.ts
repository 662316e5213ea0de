// Which failed units are tried again within a run, and how often each has been.
import { type Limits, retryReasons } from "../../../../lib/experiment/limits.ts";
import type { PlannedExperiment } from "../../../plan/plan.ts";
import { failureReasonOf } from "../../../record/batch-layout.ts";
import { batchOf, recordsOf } from "../../../record/batch-records.ts";
import { type FailureReason, isFailure } from "../../../record/outcome.ts";
import { type RecordBatch, readBatch } from "../../../record/record-batch.ts";
import type { UnitFailures } from "../../../store/ledger/job-ledger.ts";
import type { JobRecords } from "../../../store/store.ts";
import type { RunLimits } from "../controller-options.ts";
import type { PlannedJob } from "../jobs/planned-jobs.ts";

type Retry = NonNullable<Limits["retry"]>;

/** When units of an experiment are tried again; null for never. `most` replaces how often, after any failure where none is declared. */
export function retryOf({ limits }: Pick<PlannedExperiment, "limits">, most: number | null): Retry | null {
  const declared = limits?.retry ?? null;
  if (most === null) return declared;
  return most === 0 ? null : { on: declared?.on ?? retryReasons, max: most };
}

/** Whether a unit that has failed so is to be tried once more. */
export function hasTriesLeft(
  retry: Retry | null,
  { count, reason }: Pick<UnitFailures, "count" | "reason">,
): boolean {
  const last = failureReasonOf(reason);
  return retry !== null && count <= retry.max && retry.on.some((each) => each === last);
}

/** A batch as it came, apart into what stands and what is tried again. */
export interface SplitBatch {
  /** Null where all of it is tried again. */
  readonly standing: RecordBatch | null;
  /** Encoded; its units are those of `units`. */
  readonly again: Uint8Array;
  readonly units: readonly number[];
}

export class Retries {
  readonly #jobs: readonly PlannedJob[];
  readonly #retryOf: readonly (Retry | null)[];
  readonly #tried: readonly Map<number, number>[];

  /** Attempts that are in `records` already count, unless what failed is asked for again. */
  constructor(
    jobs: readonly PlannedJob[],
    { retryMax, retryErrors }: Pick<RunLimits, "retryMax" | "retryErrors">,
    records: readonly (Pick<JobRecords, "failures"> | null)[],
  ) {
    this.#jobs = jobs;
    this.#tried = jobs.map(({ index }) => {
      const failures = retryErrors ? [] : (records[index]?.failures ?? []);
      return new Map(Array.from(failures, ([unit, { count }]) => [unit, count]));
    });
    this.#retryOf = jobs.map(({ experiment }) => retryOf(experiment.planned, retryMax));
  }

  /** Whether the unit is to be tried again after this ending; counts it when it is. */
  take(job: number, unit: number, reason: FailureReason): boolean {
    const retry = this.#retryOf[job];
    const tried = this.#tried[job]?.get(unit) ?? 0;
    if (retry == null || tried >= retry.max || !retry.on.some((each) => each === reason)) return false;
    this.#tried[job]?.set(unit, tried + 1);
    return true;
  }

  /** How often units of a job are tried again at most. */
  mostOf(job: number): number {
    return this.#retryOf[job]?.max ?? 0;
  }

  /** Null where all of the batch stands, which is nearly always. */
  split(batch: RecordBatch): SplitBatch | null {
    if (this.#retryOf[batch.job] == null || !batch.outcome.some((code) => isFailure(code))) return null;
    const { experiment, isTrial } = this.#jobs[batch.job]!;
    const metrics = isTrial ? experiment.planned.metrics : {};
    const records = recordsOf(batch, metrics);
    const again = records.filter(
      ({ unit, result: { outcome } }) =>
        outcome.kind === "failed" && this.take(batch.job, unit, outcome.reason),
    );
    if (again.length === 0) return null;
    const standing = records.filter((record) => !again.includes(record));
    return {
      standing: standing.length === 0 ? null : readBatch(batchOf(standing, metrics)),
      again: batchOf(again, metrics),
      units: again.map(({ unit }) => unit),
    };
  }
}
