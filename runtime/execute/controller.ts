// Runs what a plan wants and the store does not have: the scheduler says what is next, hosts do it, the ledger keeps it. Owns
// no thread and no file of its own; everything that can fail outside is handed in.
import type { Listener } from "../event/event.ts";
import { bitmapOf, clearBit } from "../plan/bitmap.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";
import type { TrialId } from "../plan/plan.ts";
import type { Wanted } from "../plan/selection.ts";
import { conditionOfUnit, idOfUnit } from "../plan/trial-id.ts";
import { coordinatesOf } from "../plan/units.ts";
import { batchOf, messagesOf } from "../record/batch-records.ts";
import { type Outcome, type OutcomeKind, outcomeCodes } from "../record/outcome.ts";
import { type RecordBatch, readBatch } from "../record/record-batch.ts";
import { type Lease, Scheduler, type Verdict } from "../schedule/scheduler.ts";
import type { ArtifactStore } from "../store/artifacts.ts";
import type { CheckpointStore, EffectJournal, JobRecords, LedgerWriter } from "../store/store.ts";
import type { TrialLog } from "../store/trial-log.ts";
import { type EffectDesk, effectDeskOf, type Performer } from "./effect-desk.ts";
import { type FleetHost, HostFleet, type LifeSigns, lifeSigns } from "./host-fleet.ts";
import { openingOf, type PlannedJob, plannedJobsOf } from "./job-openings.ts";
import { type LeaseInputs, leaseInputsOf, MissingInput } from "./lease-inputs.ts";
import type { CallReply, Executor, FromHost, FromUnits, GuiltyUnit, HostExit } from "./messages.ts";
import { JobProgress } from "./run-progress.ts";

export interface RunLimits {
  /** Milliseconds a unit may take; null for no limit. */
  readonly timeoutMs: number | null;
  /** Heap of a worker thread in MB; null for Node's own. */
  readonly memoryMb: number | null;
  /** Stop at the first failure. */
  readonly failFast: boolean;
  /** Stop once this share of the wanted units has failed; null never to. */
  readonly failOnError: number | null;
  /** Run units again that ended without a measurement. */
  readonly retryErrors: boolean;
  /** Run units again whatever is recorded. */
  readonly force: boolean;
}

export interface RunPlanOptions {
  readonly opened: OpenedPlan;
  readonly wanted: Wanted;
  /** The records of a job as they are now, with everything that was appended and synced. */
  readonly recordsOf: (job: number) => Promise<JobRecords>;
  readonly ledger: LedgerWriter;
  readonly journal: EffectJournal;
  readonly checkpoints: CheckpointStore;
  readonly artifacts: Pick<ArtifactStore, "put">;
  readonly logs: Pick<TrialLog, "append">;
  readonly executor: Executor;
  readonly hosts: number;
  /** Worker threads of each host. */
  readonly threads: number;
  readonly listener: Listener;
  readonly limits: RunLimits;
  /** What to type to run this trial again under a debugger. */
  readonly replayOf: (trial: TrialId) => string;
  /** Effects that the controller performs, by kind. */
  readonly performers?: Readonly<Record<string, Performer>>;
  /** Conditions whose `replicate.seed` had to move to stay unique, by job. */
  readonly seedSaltsOf?: (job: number) => Readonly<Record<number, number>>;
  /** Order among jobs that are ready at once; results do not depend on it. */
  readonly orderSeed?: number;
  readonly lifeSigns?: LifeSigns;
}

export interface RunSummary {
  readonly status: "complete" | "failures" | "stopped" | "budget" | "aborted";
  /** Units recorded by this run. */
  readonly done: number;
  readonly reused: number;
  /** Of the done, those without a measurement. */
  readonly failed: number;
  readonly remaining: number;
  readonly durationMs: number;
  /** Why the run ended before everything was done; null otherwise. */
  readonly reason: string | null;
}

/** A run under way. */
export interface PlanRun {
  readonly finished: Promise<RunSummary>;
  /** Lets what runs end and keeps it, starts nothing more. */
  drain(reason: string): void;
  /** Ends at once; units under way are lost, what they recorded before is kept. */
  stop(reason: string): void;
  /** Wants more units of a job. */
  add(job: number, units: Uint8Array): void;
}

/** Ends of a run, in rising order of urgency. */
type Ending = "stopped" | "budget" | "aborted";

/** Units longer than this are not queued behind one another in a thread. */
const longUnitMs = 50;
/** A lease hands back what is left after this long, so that a mistaken estimate cannot hold units for minutes. */
const leaseBudgetMs = 60;
const stopGraceMs = 500;
const leaveGraceMs = 3000;
/** Leases in a row that a host hands back untouched before it is taken for broken. */
const fruitlessLeasesMax = 100;

/**
 * Starts a run.
 *
 * @example
 * const run = await startPlan({ opened, wanted, recordsOf, ledger, ... });
 * process.once("SIGINT", () => run.drain("Ctrl-C"));
 * const { status, done, failed } = await run.finished;
 */
export async function startPlan(options: RunPlanOptions): Promise<PlanRun> {
  const jobs = plannedJobsOf(options.opened);
  const records = await Promise.all(
    jobs.map(({ index }) => (isConcerned(index, jobs, options.wanted) ? options.recordsOf(index) : null)),
  );
  return new Controller(options, jobs, records);
}

/** Runs to the end. */
export async function runPlan(options: RunPlanOptions): Promise<RunSummary> {
  return (await startPlan(options)).finished;
}

/** A job that is wanted, or that a wanted one draws on. */
function isConcerned(index: number, jobs: readonly PlannedJob[], wanted: Wanted): boolean {
  return (
    wanted.has(index) ||
    jobs.some((job) => wanted.has(job.index) && job.needs.some((need) => need.job === index))
  );
}

class Controller implements PlanRun {
  readonly finished: Promise<RunSummary>;
  readonly #options: RunPlanOptions;
  readonly #jobs: readonly PlannedJob[];
  readonly #scheduler: Scheduler;
  readonly #progress: readonly JobProgress[];
  readonly #fleet: HostFleet;
  readonly #effects: EffectDesk;
  readonly #inputs: LeaseInputs;
  readonly #leases = new Map<number, Lease>();
  readonly #opened = new Map<string, Set<number>>();
  readonly #fruitless = new Map<string, number>();
  readonly #checkpointed = new Set<TrialId>();
  /** Artifacts and records on their way to the store. */
  #writes: Promise<void> = Promise.resolve();
  #pendingWrites = 0;
  readonly #startedAt = Date.now();
  #done = 0;
  #failed = 0;
  #ending: { readonly kind: Ending; readonly reason: string } | null = null;
  #resolve: (summary: RunSummary) => void = () => undefined;
  #isOver = false;
  #lastExit: HostExit | null = null;

  constructor(options: RunPlanOptions, jobs: readonly PlannedJob[], records: readonly (JobRecords | null)[]) {
    this.#options = options;
    this.#jobs = jobs;
    this.finished = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const done = jobs.map(({ index }) => recordedOf(records[index] ?? null, options.limits));
    const wanted = jobs.map(({ index }) => options.wanted.get(index) ?? bitmapOf(0));
    this.#progress = jobs.map((job, index) => new JobProgress(job, wanted[index]!, done[index]!));
    this.#scheduler = new Scheduler({
      jobs: jobs.map((job, index) => ({
        wanted: wanted[index]!,
        done: done[index]!,
        failed:
          options.limits.retryErrors || options.limits.force
            ? []
            : (records[index]?.notMeasured.keys() ?? []),
        needs: job.needs,
      })),
      seed: options.orderSeed ?? 0,
      slots: options.hosts * options.threads,
    });
    this.#effects = effectDeskOf({ journal: options.journal, performers: options.performers ?? {} });
    this.#inputs = leaseInputsOf({
      jobs,
      recordsOf: async (job) => {
        await this.#flush();
        return options.recordsOf(job);
      },
    });
    this.#fleet = new HostFleet({
      executor: options.executor,
      hosts: this.#scheduler.remaining === 0 ? 0 : options.hosts,
      threads: options.threads,
      memoryMb: options.limits.memoryMb,
      signs: options.lifeSigns ?? lifeSigns,
      onReady: (host) => this.#welcome(host),
      onMessage: (host, message) => this.#hear(host, message),
      onLost: (host, exit) => this.#lose(host, exit),
      onHopeless: (reason) => this.stop(reason, "aborted"),
    });
    if (this.#scheduler.remaining === 0) void this.#finish();
  }

  drain(reason: string, kind: Ending = "stopped"): void {
    if (this.#ending !== null || this.#isOver) return;
    this.#ending = { kind, reason };
    this.#options.listener({ type: "draining", reason });
    this.#scheduler.drain();
    this.#settle();
  }

  stop(reason: string, kind: Ending = "stopped"): void {
    if (this.#isOver) return;
    if (this.#ending === null || kind === "aborted") this.#ending = { kind, reason };
    this.#scheduler.drain();
    const leases = [...this.#leases.keys()];
    for (const host of this.#fleet.ready) host.send({ type: "cancel", leases });
    void this.#finish();
  }

  add(job: number, units: Uint8Array): void {
    if (this.#isOver) throw new Error("units were added to a run that is over");
    this.#scheduler.add(job, units);
    this.#pump();
  }

  #welcome(host: FleetHost): void {
    this.#opened.set(host.name, new Set());
    this.#pump();
  }

  /** Gives every host what it has room for; ends the run when nothing is left. */
  #pump(): void {
    if (this.#isOver) return;
    for (let isMore = true; isMore; ) {
      isMore = false;
      for (const host of this.#fleet.ready) {
        if (!this.#hasRoom(host)) continue;
        const lease = this.#scheduler.lease(host.name);
        isMore = this.#judge() || isMore;
        if (lease === null) continue;
        isMore = true;
        this.#leases.set(lease.id, lease);
        this.#announce(lease.job);
        void this.#send(host, lease);
      }
    }
    this.#settle();
  }

  #hasRoom(host: FleetHost): boolean {
    let held = 0;
    let isLong = false;
    for (const lease of this.#leases.values()) {
      if (lease.host !== host.name) continue;
      held += 1;
      isLong ||= (this.#scheduler.unitMsOf(lease.job) ?? longUnitMs) >= longUnitMs;
    }
    return held < (isLong ? host.threads : 2 * host.threads);
  }

  #announce(index: number): void {
    const progress = this.#progress[index]!;
    if (progress.startedAt !== null) return;
    progress.startedAt = Date.now();
    const { experiment, stage } = progress.planned.job;
    const { total, reused } = progress;
    this.#options.listener({ type: "job-started", experiment, stage, total, reused });
  }

  async #send(host: FleetHost, lease: Lease): Promise<void> {
    const planned = this.#jobs[lease.job]!;
    const opened = this.#opened.get(host.name);
    if (opened !== undefined && !opened.has(lease.job)) {
      opened.add(lease.job);
      const { timeoutMs } = this.#options.limits;
      const { folder } = this.#options.opened;
      const seedSalts = this.#options.seedSaltsOf?.(lease.job) ?? {};
      host.send({ type: "open", opening: openingOf(planned, { folder, timeoutMs, seedSalts }) });
    }
    try {
      const inputs = planned.needs.length === 0 ? [] : await this.#inputs.inputsOf(planned, lease.units);
      const { id, job, units, attempt } = lease;
      const budgetMs = lease.isAlone ? null : leaseBudgetMs;
      host.send({ type: "lease", lease: id, job, units, attempt, inputs, budgetMs });
    } catch (error) {
      if (!(error instanceof MissingInput)) return this.#abort(error);
      this.#condemn(lease.job, error.unit, lease.attempt, {
        reason: "upstream",
        message: error.message,
        durationMs: 0,
      });
      this.#end(lease, 0);
    }
  }

  #hear(host: FleetHost, message: FromHost): void {
    switch (message.type) {
      case "records":
        this.#keep(message.lease, message.batch);
        return;
      case "lease-ended": {
        const lease = this.#leases.get(message.lease);
        if (lease === undefined) return;
        if (message.guilty !== null)
          this.#condemn(lease.job, message.guilty.unit, lease.attempt, message.guilty);
        if (message.broken === null) {
          this.#end(lease, message.busyMs);
          return;
        }
        this.#lastExit = { cause: "exit", reason: message.broken };
        this.#leases.delete(lease.id);
        this.#scheduler.broken(lease.id);
        this.#pump();
        return;
      }
      case "opened":
        this.#scheduler.setConcurrent(message.job, message.concurrent);
        return;
      case "notice":
        this.#options.listener({ type: "notice", level: "warning", text: message.text });
        return;
      case "ready":
      case "heartbeat":
      case "bye":
        return;
      default:
        this.#serve(host, message);
        return;
    }
  }

  /** Serves a unit that calls out; one whose lease is over is not answered. */
  #serve(host: FleetHost, message: Exclude<FromUnits, { type: "records" }>): void {
    const lease = this.#leases.get(message.lease);
    if (lease === undefined || lease.host !== host.name) {
      if (message.type === "log")
        this.#options.listener({ type: "log", trial: "", level: message.level, text: message.text });
      return;
    }
    const trial = message.unit < 0 ? null : this.#trialOf(lease.job, message.unit);
    switch (message.type) {
      case "log":
        if (trial !== null)
          this.#options.logs.append({ at: Date.now(), trial, level: message.level, text: message.text });
        this.#options.listener({
          type: "log",
          trial: trial ?? "",
          level: message.level,
          text: message.text,
        });
        return;
      case "artifact":
        this.#write(async () => {
          await this.#options.artifacts.put(message.bytes, message.hash);
        });
        return;
      case "checkpoint":
        this.#reply(host, this.#saveCheckpoint(trial ?? ("" as TrialId), message.call, message.state));
        return;
      case "restore":
        this.#reply(host, this.#loadCheckpoint(trial ?? ("" as TrialId), message.call));
        return;
      case "effect-request":
        this.#reply(host, this.#effects.request(trial ?? "", message));
        return;
      case "effect-response":
        this.#reply(host, this.#effects.response(trial ?? "", message));
        return;
    }
  }

  #reply(host: FleetHost, reply: Promise<CallReply>): void {
    reply.then(
      (message) => host.send(message),
      (error: unknown) => this.#abort(error),
    );
  }

  async #saveCheckpoint(trial: TrialId, call: number, state: Uint8Array): Promise<CallReply> {
    this.#checkpointed.add(trial);
    try {
      await this.#options.checkpoints.save(trial, state);
      return { type: "checkpoint-saved", call, error: null };
    } catch (error) {
      return {
        type: "checkpoint-saved",
        call,
        error: error instanceof Error ? error.message : String(error),
      };
    }
  }

  async #loadCheckpoint(trial: TrialId, call: number): Promise<CallReply> {
    const state = await this.#options.checkpoints.load(trial);
    if (state !== null) this.#checkpointed.add(trial);
    return { type: "restore-reply", call, state };
  }

  /** Takes records of a lease: all of them, or none when they come too late. */
  #keep(leaseId: number, bytes: Uint8Array): void {
    const lease = this.#leases.get(leaseId);
    const batch = readBatch(bytes);
    const failed = failedOf(batch);
    if (
      lease === undefined ||
      batch.job !== lease.job ||
      !this.#scheduler.accept(leaseId, batch.unit, failed)
    ) {
      const text = `records of ${batch.rows} units came too late and were refused`;
      this.#options.listener({ type: "notice", level: "info", text });
      return;
    }
    this.#fleet.countProgress();
    this.#fruitless.delete(lease.host);
    this.#append(batch, failed);
  }

  #append(batch: RecordBatch, failed: readonly number[]): void {
    if (this.#pendingWrites === 0) this.#appendNow(batch.bytes);
    else this.#write(async () => this.#appendNow(batch.bytes));
    const progress = this.#progress[batch.job]!;
    progress.count(batch.unit, failed);
    this.#done += batch.rows;
    this.#failed += failed.length;
    if (failed.length > 0) this.#tellFailures(batch);
    if (this.#checkpointed.size > 0)
      for (const unit of batch.unit) this.#dropCheckpoint(this.#trialOf(batch.job, unit));
    progress.tell(this.#options.listener, Date.now(), { isLast: false });
    if (this.#scheduler.remainingOf(batch.job) === 0) this.#finishJob(progress);
    this.#heed(batch, failed);
  }

  #appendNow(bytes: Uint8Array): void {
    try {
      this.#options.ledger.append(bytes);
    } catch (error) {
      this.#abort(error);
    }
  }

  /** Stops early where the limits say so. */
  #heed(batch: RecordBatch, failed: readonly number[]): void {
    const { failFast, failOnError } = this.#options.limits;
    if (failFast && failed.length > 0) {
      this.drain("a trial failed (--fail-fast)");
      return;
    }
    const total = this.#progress.reduce((sum, progress) => sum + progress.total, 0);
    if (failOnError !== null && this.#failed > failOnError * total)
      this.drain(
        `${this.#failed} of ${total} trials failed, more than ${failOnError * 100}% (--fail-on-error)`,
      );
    if (batch.outcome.includes(outcomeCodes["budget-stopped"])) this.drain("the budget is spent", "budget");
  }

  #finishJob(progress: JobProgress): void {
    if (progress.isFinished) return;
    progress.isFinished = true;
    const now = Date.now();
    progress.tell(this.#options.listener, now, { isLast: true });
    const { experiment, stage } = progress.planned.job;
    const durationMs = now - (progress.startedAt ?? now);
    this.#options.listener({ type: "job-finished", experiment, stage, durationMs });
  }

  #tellFailures(batch: RecordBatch): void {
    const messages = messagesOf(batch);
    const { job, experiment } = this.#jobs[batch.job]!;
    for (let row = 0; row < batch.rows; row++) {
      const outcome = kindOf(batch.outcome[row]!);
      if (outcome === "measured") continue;
      const unit = batch.unit[row]!;
      const trial = this.#trialOf(batch.job, unit);
      const { condition, replicate } = coordinatesOf(job, unit);
      this.#options.listener({
        type: "trial-ended",
        experiment: job.experiment,
        stage: job.stage,
        trial,
        condition: conditionOfUnit(job, condition, experiment.space) ?? {},
        replicate,
        outcome,
        message: messages.get(row) ?? "",
        replay: this.#options.replayOf(trial),
      });
    }
  }

  #dropCheckpoint(trial: TrialId): void {
    if (!this.#checkpointed.delete(trial)) return;
    // Only once the record is durable: until then the checkpoint is what a kill would need.
    this.#write(async () => {
      await this.#options.ledger.sync();
      await this.#options.checkpoints.remove(trial);
    });
  }

  #end(lease: Lease, busyMs: number): void {
    const before = this.#scheduler.remainingOf(lease.job);
    this.#leases.delete(lease.id);
    this.#scheduler.end(lease.id, { busyMs });
    if (busyMs > 0 || before === 0) this.#fruitless.delete(lease.host);
    else if (this.#countFruitless(lease.host) > fruitlessLeasesMax)
      this.#fleet.kill(lease.host, `handed back ${fruitlessLeasesMax} leases untouched`);
    this.#pump();
  }

  #countFruitless(host: string): number {
    const count = (this.#fruitless.get(host) ?? 0) + 1;
    this.#fruitless.set(host, count);
    return count;
  }

  #lose(host: FleetHost, exit: HostExit): void {
    this.#lastExit = exit;
    const held = [...this.#leases.values()].filter((lease) => lease.host === host.name);
    for (const lease of held) this.#leases.delete(lease.id);
    this.#opened.delete(host.name);
    this.#scheduler.lost(host.name);
    const text = `host ${host.name} ${exit.reason}; what it ran is run again`;
    if (held.length > 0) this.#options.listener({ type: "notice", level: "warning", text });
    this.#judge();
    this.#pump();
  }

  /** Records the scheduler's verdicts; true when there were any. */
  #judge(): boolean {
    const verdicts = this.#scheduler.verdicts();
    for (const verdict of verdicts)
      this.#append(...this.#failure(verdict.job, verdict.unit, verdict.attempt, this.#sentence(verdict)));
    return verdicts.length > 0;
  }

  #sentence({ reason, neededJob, needed }: Verdict): Omit<Failure, "durationMs"> {
    if (reason === "crash") {
      const isMemory = this.#lastExit?.reason.includes("SIGKILL") === true;
      return {
        reason: isMemory ? "memory" : "crash",
        message: `took its host down: it ${this.#lastExit?.reason ?? "ended"}`,
      };
    }
    const { job, index } = this.#jobs[neededJob]!;
    return {
      reason: "upstream",
      message: `stage ${job.stage} failed for it (trial ${this.#trialOf(index, needed)})`,
    };
  }

  /** Records a unit as failed on its host's word, if it is under way still. */
  #condemn(job: number, unit: number, attempt: number, failure: Failure | GuiltyUnit): void {
    if (this.#scheduler.fail(job, unit)) this.#append(...this.#failure(job, unit, attempt, failure));
  }

  #failure(
    job: number,
    unit: number,
    attempt: number,
    failure: Omit<Failure, "durationMs"> & { durationMs?: number },
  ): [RecordBatch, readonly number[]] {
    const { reason, message, durationMs = 0 } = failure;
    const outcome: Outcome = { kind: "failed", reason, message, stack: null };
    const telemetry = {
      startedAt: Date.now() - durationMs,
      durationMs,
      attempt,
      worker: "controller",
      memoryMb: 0,
    };
    const result = { outcome, metrics: {}, series: {}, artifacts: [] };
    const { isTrial, experiment } = this.#jobs[job]!;
    const bytes = batchOf([{ job, unit, result, telemetry }], isTrial ? experiment.planned.metrics : {});
    return [readBatch(bytes), [unit]];
  }

  #trialOf(index: number, unit: number): TrialId {
    const { job, experiment } = this.#jobs[index]!;
    return idOfUnit({ job, unit, space: experiment.space, replicates: experiment.planned.replicates });
  }

  /** Queues a write; records that come while one is under way wait behind it. */
  #write(write: () => Promise<void>): void {
    this.#pendingWrites += 1;
    this.#writes = this.#writes
      .then(write)
      .catch((error: unknown) => this.#abort(error))
      .finally(() => {
        this.#pendingWrites -= 1;
      });
  }

  async #flush(): Promise<void> {
    while (this.#pendingWrites > 0) await this.#writes;
    await this.#options.ledger.sync();
  }

  #abort(error: unknown): void {
    this.stop(error instanceof Error ? error.message : String(error), "aborted");
  }

  /** Ends the run once nothing is under way and nothing may start. */
  #settle(): void {
    if (this.#isOver || this.#leases.size > 0) return;
    if (this.#scheduler.remaining === 0 || this.#ending !== null) void this.#finish();
  }

  async #finish(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = this.#leases.size === 0 || this.#ending !== null;
    await this.#fleet.close({ graceMs: this.#leases.size > 0 ? stopGraceMs : leaveGraceMs });
    await this.#flush().catch((error: unknown) => {
      this.#ending ??= { kind: "aborted", reason: error instanceof Error ? error.message : String(error) };
    });
    const remaining = this.#scheduler.remaining;
    const status = this.#ending?.kind ?? (this.#failed > 0 ? "failures" : "complete");
    this.#resolve({
      status,
      done: this.#done,
      reused: this.#progress.reduce((sum, progress) => sum + progress.reused, 0),
      failed: this.#failed,
      remaining,
      durationMs: Date.now() - this.#startedAt,
      reason: this.#ending?.reason ?? null,
    });
  }
}

/** A failure as the controller records it. */
interface Failure {
  readonly reason: "time-out" | "memory" | "crash" | "upstream";
  readonly message: string;
  readonly durationMs: number;
}

/** Units that need not run: what is recorded, less what is to be run again. */
function recordedOf(records: JobRecords | null, limits: RunLimits): Uint8Array {
  if (records === null || limits.force) return bitmapOf(0);
  if (!limits.retryErrors) return records.done;
  const done = records.done.slice();
  for (const unit of records.notMeasured.keys()) clearBit(done, unit);
  return done;
}

function failedOf(batch: RecordBatch): number[] {
  const failed: number[] = [];
  for (let row = 0; row < batch.rows; row++)
    if (batch.outcome[row] !== outcomeCodes.measured) failed.push(batch.unit[row]!);
  return failed;
}

const kinds = new Map(Object.entries(outcomeCodes).map(([kind, code]) => [code, kind]));

function kindOf(code: number): OutcomeKind {
  // The map's values are the keys of `outcomeCodes`.
  return (kinds.get(code) ?? "failed") as OutcomeKind;
}
