// Everything of a run that is kept: records to the ledger in order, after the artifacts that they name; checkpoints until their
// trial is recorded; counts and failures to the listener.

import type { EffectPlace } from "../../../effects/request-identity.ts";
import type { DrawnOn } from "../../../plan/drawn-on.ts";
import type { TrialId } from "../../../plan/plan.ts";
import { conditionOfUnit, idOfUnit, replicateKeyOf } from "../../../plan/trial-id.ts";
import { coordinatesOf } from "../../../plan/units.ts";
import { batchOf, messagesOf } from "../../../record/batch-records.ts";
import {
  type FailureReason,
  hasMeasurement,
  isFailure,
  isUnfinished,
  type Outcome,
  outcomeKindOf,
} from "../../../record/outcome.ts";
import { createBatchBuilder, type RecordBatch, readBatch } from "../../../record/record-batch.ts";
import type { ArtifactDraft } from "../../../store/kept/artifacts.ts";
import type { CheckpointOf } from "../../../store/store.ts";
import type { FromUnits } from "../../protocol/protocol.ts";
import type { ControllerOptions } from "../controller-options.ts";
import type { PlannedJob } from "../jobs/planned-jobs.ts";
import type { JobProgress } from "../run-progress.ts";
import { FailedUnits } from "./failed-units.ts";
import { triedAgain, triedWords } from "./tried-again.ts";

/** A unit that ended without its host's record. */
export interface UnitEnd {
  readonly job: number;
  readonly unit: number;
  readonly attempt: number;
  readonly reason: FailureReason;
  readonly message: string;
  readonly durationMs: number;
}

type ArtifactChunk = Pick<
  Extract<FromUnits, { type: "artifact" }>,
  "lease" | "unit" | "name" | "bytes" | "whole"
>;

export interface RecordKeeperOptions {
  readonly run: Pick<
    ControllerOptions,
    "ledger" | "journal" | "artifacts" | "checkpoints" | "logs" | "listener" | "replayOf"
  >;
  readonly jobs: readonly PlannedJob[];
  readonly progress: readonly JobProgress[];
  /** The store refuses: the run cannot go on. */
  readonly onFault: (error: unknown) => void;
}

export class RecordKeeper {
  /** What has failed in this run. */
  readonly failures = new FailedUnits();
  readonly #options: RecordKeeperOptions;
  /** Trials that have a checkpoint in the store. */
  readonly #saved = new Set<TrialId>();
  /** Artifacts on their way to the store, and the records that wait for them. */
  #writes: Promise<void> = Promise.resolve();
  /** Artifacts that have come in part, by lease, and by unit and name. */
  readonly #drafts = new Map<number, Map<string, ArtifactDraft>>();
  #pending = 0;
  #done = 0;
  #failed = 0;
  #unmeasured = 0;
  /** Of the done, those that a stop or a budget ended early: recorded, and left to do. */
  #unfinished = 0;
  /** Records that the store did not take. After the first nothing more is written: a record must not name what is not there. */
  #lost = 0;
  #isBroken = false;

  constructor(options: RecordKeeperOptions) {
    this.#options = options;
  }

  /**
   * Units done by this run, of them those without a measurement, of these the failures; and those left to do: not recorded, or ended early
   * by a stop or a budget.
   */
  get counts(): {
    readonly done: number;
    readonly unmeasured: number;
    readonly failed: number;
    readonly left: number;
  } {
    const left = this.#lost + this.#unfinished;
    const unmeasured = this.#unmeasured - this.#unfinished;
    return { done: this.#done - left, unmeasured, failed: this.#failed, left };
  }

  trialOf(index: number, unit: number): TrialId {
    const { job, experiment } = this.#options.jobs[index]!;
    return idOfUnit({ job, unit, space: experiment.space, replicates: experiment.planned.replicates });
  }

  /** Where a unit stands in the design, apart from its code. */
  placeOf(index: number, unit: number): EffectPlace {
    const { job, experiment } = this.#options.jobs[index]!;
    const { replicates } = experiment.planned;
    const { condition, replicate } = coordinatesOf(job, unit);
    return {
      experiment: job.experiment,
      stage: job.stage,
      rootSeed: replicates.seed,
      condition: conditionOfUnit(job, condition, experiment.space),
      replicate: job.per === "replicate" ? replicateKeyOf(replicates, replicate) : null,
    };
  }

  /** 0-based. */
  replicateOf(index: number, unit: number): number {
    return coordinatesOf(this.#options.jobs[index]!.job, unit).replicate;
  }

  /** Counts a failure of this run as open again: its record stands until another does. */
  open(job: number, unit: number): void {
    this.failures.forget(job, unit);
    this.#options.progress[job]!.again(unit);
    this.#done -= 1;
    this.#failed -= 1;
    this.#unmeasured -= 1;
  }

  /** Appends a batch whose units the scheduler has accepted. */
  keep(batch: RecordBatch): void {
    const unfinished = unitsOf(batch, isUnfinished).length;
    const finished = unfinished === 0 ? batch.unit : unitsOf(batch, (code) => !isUnfinished(code));
    const rows = { all: batch.rows, unfinished };
    if (this.#pending === 0) this.#append(batch.bytes, rows);
    else {
      // A host's bytes are valid only until this turn ends.
      const kept = batch.bytes.slice();
      this.#write(async () => this.#append(kept, rows));
    }
    const progress = this.#options.progress[batch.job]!;
    const failed = unitsOf(batch, isFailure);
    const unmeasured = unitsOf(batch, (code) => !hasMeasurement(code)).length;
    progress.count(finished, failed);
    if (failed.length > 0) this.failures.keep(batch);
    this.#done += batch.rows;
    this.#failed += failed.length;
    this.#unmeasured += unmeasured;
    if (unmeasured > 0) this.#tellUnmeasured(batch);
    for (const unit of failed) this.#reopen(this.trialOf(batch.job, unit));
    if (this.#saved.size > 0)
      for (const unit of finished) this.#dropCheckpoint(this.trialOf(batch.job, unit));
    progress.tell(this.#options.run.listener);
  }

  /** Records units that ended without a record of their own; they are settled. */
  keepEnds(ends: readonly UnitEnd[]): readonly RecordBatch[] {
    return ends.map((end) => {
      const batch = readBatch(this.batchOfEnd(end));
      this.keep(batch);
      return batch;
    });
  }

  /** The record of a unit that ended without one of its own. */
  batchOfEnd(end: UnitEnd): Uint8Array {
    const { job, unit, attempt, reason, message, durationMs } = end;
    const outcome: Outcome = { kind: "failed", reason, message, stack: null };
    const telemetry = {
      startedAt: Date.now() - durationMs,
      durationMs,
      attempt,
      worker: "controller",
      memoryMb: 0,
    };
    const result = { outcome, metrics: {}, series: {}, artifacts: [] };
    const { isTrial, experiment } = this.#options.jobs[job]!;
    const metrics = isTrial ? experiment.planned.metrics : {};
    return batchOf([{ job, unit, result, telemetry }], metrics);
  }

  /** Records failed units that are tried again, up to so many times: an ending that gives way to the next. */
  keepTried(bytes: Uint8Array, most: number): void {
    const none = { all: 0, unfinished: 0 };
    if (this.#pending === 0) this.#append(bytes, none);
    else this.#write(async () => this.#append(bytes, none));
    const { logs, listener } = this.#options.run;
    for (const event of triedAgain(this, readBatch(bytes), most)) {
      this.#reopen(event.trial);
      logs.append({ at: Date.now(), trial: event.trial, level: "warn", text: triedWords(event) });
      listener(event);
    }
  }

  /** Writes down what the job's records from here on draw on. */
  note(job: number, drawnOn: DrawnOn): void {
    const bytes = createBatchBuilder({ job, metrics: [], worker: "controller", capacity: 0, drawnOn }).seal();
    const none = { all: 0, unfinished: 0 };
    if (this.#pending === 0) this.#append(bytes, none);
    else this.#write(async () => this.#append(bytes, none));
  }

  /** Takes the next bytes of an artifact; resolves with what went wrong in words, or null. */
  keepArtifact({ lease, unit, name, bytes, whole }: ArtifactChunk): Promise<string | null> {
    const key = JSON.stringify([unit, name]);
    const drafts = this.#drafts.get(lease) ?? new Map<string, ArtifactDraft>();
    this.#drafts.set(lease, drafts);
    return new Promise((resolve) => {
      this.#write(async () => {
        try {
          const draft = drafts.get(key) ?? (await this.#options.run.artifacts.draft());
          drafts.set(key, draft);
          await draft.append(bytes);
          if (whole !== null) {
            drafts.delete(key);
            await draft.keep(whole.hash);
          }
          resolve(null);
        } catch (error) {
          resolve(error instanceof Error ? error.message : String(error));
          throw error;
        }
      });
    });
  }

  /** Removes what units of a lease have left in part. */
  dropDrafts(lease: number): void {
    const drafts = this.#drafts.get(lease);
    if (drafts === undefined) return;
    this.#drafts.delete(lease);
    this.#write(async () => {
      for (const draft of drafts.values()) await draft.drop();
    });
  }

  /** The run is over: resolves when everything kept is durable and nothing is left in part. */
  async close(): Promise<void> {
    for (const lease of this.#drafts.keys()) this.dropDrafts(lease);
    for (const progress of this.#options.progress) progress.close(this.#options.run.listener);
    await this.flush();
  }

  /** Saves a unit's state; resolves with what went wrong in words, or null. */
  async saveCheckpoint(trial: TrialId, state: Uint8Array, of: CheckpointOf): Promise<string | null> {
    this.#saved.add(trial);
    // A state names the artifacts left so far: they must be in the store before it.
    if (this.#pending > 0) await this.#writes;
    try {
      await this.#options.run.checkpoints.save(trial, state, of);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  async loadCheckpoint(trial: TrialId): Promise<Uint8Array | null> {
    const state = await this.#options.run.checkpoints.load(trial);
    if (state !== null) this.#saved.add(trial);
    return state;
  }

  /** Resolves when everything kept so far is durable. */
  async flush(): Promise<void> {
    while (this.#pending > 0) await this.#writes;
    await this.#options.run.ledger.sync();
  }

  /** Calls of a failed trial that came to nothing are made again, should it be tried again. */
  #reopen(trial: string): void {
    this.#options.run.journal.reopen(trial).catch((error: unknown) => this.#break(error));
  }

  /** Counts each row as left to do once at most: the store did not take it, or it was ended early. */
  #append(bytes: Uint8Array, rows: { readonly all: number; readonly unfinished: number }): void {
    try {
      if (!this.#isBroken) this.#options.run.ledger.append(bytes);
    } catch (error) {
      this.#break(error);
    }
    if (this.#isBroken) this.#lost += rows.all;
    else this.#unfinished += rows.unfinished;
  }

  #break(error: unknown): void {
    this.#isBroken = true;
    this.#options.onFault(error);
  }

  /** Queues a write; records that come while one is under way wait behind it. */
  #write(write: () => Promise<void>): void {
    this.#pending += 1;
    this.#writes = this.#writes
      .then(write)
      .catch((error: unknown) => this.#break(error))
      .finally(() => {
        this.#pending -= 1;
      });
  }

  #dropCheckpoint(trial: TrialId): void {
    if (!this.#saved.delete(trial)) return;
    // Only once the record is durable: until then the checkpoint is what a kill would need.
    this.#write(async () => {
      await this.#options.run.ledger.sync();
      await this.#options.run.checkpoints.remove(trial);
    });
  }

  #tellUnmeasured(batch: RecordBatch): void {
    const messages = messagesOf(batch);
    const { job, experiment } = this.#options.jobs[batch.job]!;
    const { listener, replayOf } = this.#options.run;
    for (let row = 0; row < batch.rows; row++) {
      const outcome = outcomeKindOf(batch.outcome[row]!) ?? "failed";
      if (hasMeasurement(outcome)) continue;
      const unit = batch.unit[row]!;
      const trial = this.trialOf(batch.job, unit);
      const { condition, replicate } = coordinatesOf(job, unit);
      listener({
        type: "trial-ended",
        experiment: job.experiment,
        stage: job.stage,
        trial,
        condition: conditionOfUnit(job, condition, experiment.space) ?? {},
        replicate,
        outcome,
        message: messages.get(row) ?? "",
        replay: replayOf(trial),
      });
    }
  }
}

/** Units of a batch with an outcome of which `is` says true. */
export function unitsOf(batch: RecordBatch, is: (code: number) => boolean): number[] {
  const units: number[] = [];
  for (let row = 0; row < batch.rows; row++) if (is(batch.outcome[row]!)) units.push(batch.unit[row]!);
  return units;
}
