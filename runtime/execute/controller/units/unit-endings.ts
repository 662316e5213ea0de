// Units that end without a record of their host's: convicted by the scheduler, named by their host, or in want of an input; and units that
// have failed and are tried again.
import type { RecordBatch } from "../../../record/record-batch.ts";
import type { Lease, Scheduler } from "../../../schedule/scheduler.ts";
import type { PlannedJob } from "../jobs/planned-jobs.ts";
import type { RecordKeeper, UnitEnd } from "./record-keeper.ts";
import type { Retries, SplitBatch } from "./retries.ts";
import { type LastLoss, noLoss, sentenceOf } from "./verdict-words.ts";

export interface UnitEndingsOptions {
  readonly jobs: readonly PlannedJob[];
  readonly scheduler: Scheduler;
  readonly keeper: RecordKeeper;
  readonly retries: Retries;
  /** A record was kept that stands. */
  readonly onKept: (batch: RecordBatch) => void;
}

export class UnitEndings {
  readonly #options: UnitEndingsOptions;
  /** The last thing that took units down. */
  lastLoss: LastLoss = noLoss;

  constructor(options: UnitEndingsOptions) {
    this.#options = options;
  }

  /** Whether a unit that took its host down is to be tried again. */
  isTriedAgain(job: number, unit: number): boolean {
    return this.#options.retries.take(job, unit, this.lastLoss.isMemory ? "memory" : "crash");
  }

  /** Records the scheduler's verdicts; true when there were any. */
  judge(): boolean {
    const { scheduler, jobs, keeper } = this.#options;
    const verdicts = scheduler.verdicts();
    const of = {
      jobs,
      lastLoss: this.lastLoss,
      trialOf: (job: number, unit: number) => keeper.trialOf(job, unit),
    };
    for (const verdict of verdicts) {
      const end = { ...verdict, durationMs: 0, ...sentenceOf(verdict, of) };
      if (verdict.isFinal) this.#keep(end);
      else this.#keepTried(end);
    }
    return verdicts.length > 0;
  }

  /** Records a unit as failed on its host's word, if it is under way still. */
  condemn(lease: Lease, end: UnitEnd): void {
    const { scheduler, retries } = this.#options;
    if (retries.take(end.job, end.unit, end.reason)) {
      if (scheduler.again(lease.id, end.unit)) this.#keepTried(end);
    } else if (scheduler.fail(end.job, end.unit)) this.#keep(end);
  }

  /** A batch apart into what stands and what is tried again; null where all of it stands. */
  split(batch: RecordBatch): SplitBatch | null {
    return this.#options.retries.split(batch);
  }

  /** Tries units of a lease again once it is over, and keeps the records of their failures. */
  tryAgain(lease: Lease, { again, units }: SplitBatch): void {
    const { scheduler, keeper, retries } = this.#options;
    for (const unit of units) scheduler.again(lease.id, unit);
    keeper.keepTried(again, retries.mostOf(lease.job));
  }

  #keep(end: UnitEnd): void {
    for (const batch of this.#options.keeper.keepEnds([end])) this.#options.onKept(batch);
  }

  #keepTried(end: UnitEnd): void {
    const { keeper, retries } = this.#options;
    keeper.keepTried(keeper.batchOfEnd(end), retries.mostOf(end.job));
  }
}
