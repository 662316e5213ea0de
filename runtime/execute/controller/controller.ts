// Runs what a plan wants and the store does not have: the scheduler says what is next, hosts do it, the ledger keeps it. Owns
// no thread and no file of its own; everything that can fail outside is handed in.
import { bitmapOf } from "../../plan/bitmap.ts";
import type { Wanted } from "../../plan/selection.ts";
import { hasMeasurement, isFailure } from "../../record/outcome.ts";
import { type RecordBatch, readBatch } from "../../record/record-batch.ts";
import { type Lease, Scheduler, type Verdict } from "../../schedule/scheduler.ts";
import type { JobRecords } from "../../store/store.ts";
import type { FromHost, HostExit } from "../protocol/protocol.ts";
import type { PlanRun, RunPlanOptions, RunSummary } from "./controller-options.ts";
import { type FleetHost, HostFleet, lifeSigns } from "./host-fleet.ts";
import { openingOf, type PlannedJob, plannedJobsOf } from "./job-openings.ts";
import { type LeaseInputs, leaseInputsOf, MissingInput } from "./lease-inputs.ts";
import { recordsIn } from "./lease-records.ts";
import { RecordKeeper, type UnitEnd, unitsOf } from "./record-keeper.ts";
import { isConcerned, recordedOf, standingOf } from "./recorded-units.ts";
import { JobProgress } from "./run-progress.ts";
import { type UnitCall, type UnitDesk, unitDeskOf } from "./unit-desk.ts";

/** Ends of a run, in rising order of urgency. */
type RunEnding = "stopped" | "budget" | "aborted";

/** Units longer than this are not queued behind one another in a thread. */
const longUnitMs = 50;
/** A lease hands back what is left after this long, so that a mistaken estimate cannot hold units for minutes. */
const leaseBudgetMs = 60;
/** Units of a lease that wait at once for effects, once a job has been seen to wait. */
const waitingUnitsMax = 512;
const stopGraceMs = 500;
const leaveGraceMs = 3000;
/** Leases in a row that a host hands back untouched before it is taken for broken. */
const fruitlessLeasesMax = 100;
/** Leases that are over and still remembered. */
const endedKept = 500;

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
    jobs.map(({ index }) =>
      isConcerned(index, jobs, options.wanted)
        ? (options.surveyed?.get(index) ?? options.recordsOf(index))
        : null,
    ),
  );
  return new Controller(options, jobs, records);
}

class Controller implements PlanRun {
  readonly finished: Promise<RunSummary>;
  readonly #options: RunPlanOptions;
  readonly #jobs: readonly PlannedJob[];
  readonly #scheduler: Scheduler;
  readonly #progress: readonly JobProgress[];
  readonly #fleet: HostFleet;
  readonly #keeper: RecordKeeper;
  readonly #desk: UnitDesk;
  readonly #inputs: LeaseInputs;
  readonly #leases = new Map<number, Lease>();
  readonly #opened = new Map<string, Set<number>>();
  readonly #fruitless = new Map<string, number>();
  /** Jobs of leases that are over, the last few hundred: a line that is logged late still finds its trial. */
  readonly #ended = new Map<number, number>();
  readonly #startedAt = Date.now();
  #ending: { readonly kind: RunEnding; readonly reason: string } | null = null;
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
        failed: standingOf(records[index] ?? null, options.limits),
        needs: job.needs,
      })),
      seed: options.orderSeed ?? 0,
      slots: options.hosts * options.threads,
    });
    const onFault = (error: unknown): void => this.#abort(error);
    this.#keeper = new RecordKeeper({ run: options, jobs, progress: this.#progress, onFault });
    const onBudget = (reason: string): void => this.drain(reason, "budget");
    this.#desk = unitDeskOf({ run: options, keeper: this.#keeper, onFault, onBudget });
    this.#inputs = leaseInputsOf({
      jobs,
      recordsOf: async (job) => {
        await this.#keeper.flush();
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

  drain(reason: string, kind: RunEnding = "stopped"): void {
    if (this.#ending !== null || this.#isOver) return;
    this.#ending = { kind, reason };
    this.#options.listener({ type: "draining", reason });
    this.#scheduler.drain();
    this.#settle();
  }

  stop(reason: string, kind: RunEnding = "stopped"): void {
    if (this.#isOver && kind !== "aborted") return; // The store may refuse the last records.
    if (this.#ending === null || kind === "aborted") this.#ending = { kind, reason };
    this.#scheduler.drain();
    const leases = [...this.#leases.keys()];
    for (const host of this.#fleet.ready) host.send({ type: "cancel", leases });
    void this.#finish();
  }

  add(wanted: Wanted): void {
    if (this.#isOver) throw new Error("units were added to a run that is over");
    for (const [job, units] of wanted) {
      this.#scheduler.add(job, units);
      this.#progress[job]!.more(units);
    }
    this.#pump();
  }

  drop(job: number, first: number): void {
    this.#progress[job]!.less(this.#scheduler.drop(job, first));
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
        this.#progress[lease.job]!.begin(this.#options.listener);
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
      isLong ||=
        !this.#scheduler.waits(lease.job) &&
        (this.#scheduler.unitMsOf(lease.job) ?? longUnitMs) >= longUnitMs;
    }
    return held < (isLong ? host.threads : 2 * host.threads);
  }

  async #send(host: FleetHost, lease: Lease): Promise<void> {
    const planned = this.#jobs[lease.job]!;
    const opened = this.#opened.get(host.name);
    if (opened !== undefined && !opened.has(lease.job)) {
      opened.add(lease.job);
      const { timeoutMs } = this.#options.limits;
      const { folder } = this.#options.opened;
      host.send({ type: "open", opening: openingOf(planned, { folder, timeoutMs }) });
    }
    try {
      const inputs = planned.needs.length === 0 ? [] : await this.#inputs.inputsOf(planned, lease.units);
      const { id, job, units, attempt } = lease;
      const budgetMs = lease.isAlone ? null : leaseBudgetMs;
      host.send({ type: "lease", lease: id, job, units, attempt, inputs, budgetMs });
    } catch (error) {
      if (!(error instanceof MissingInput)) return this.#abort(error);
      this.#condemn({
        job: lease.job,
        unit: error.unit,
        attempt: lease.attempt,
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
          this.#condemn({ job: lease.job, attempt: lease.attempt, ...message.guilty });
        if (message.broken === null) {
          this.#end(lease, message.busyMs);
          return;
        }
        this.#distrust(lease, message.broken);
        return;
      }
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

  #serve(host: FleetHost, call: UnitCall): void {
    const held = this.#leases.get(call.lease);
    const lease = held !== undefined && held.host === host.name ? held : null;
    this.#desk.serve(host, call, { lease, ended: this.#ended.get(call.lease) ?? null });
    // While its units wait for the controller a thread has room for more of them.
    if (lease === null || call.type !== "effect-request" || call.isOwn) return;
    if (this.#scheduler.letWait(lease.job, waitingUnitsMax)) this.#pump();
  }

  #forget(lease: Lease): void {
    this.#leases.delete(lease.id);
    this.#desk.abandon(lease.id, "the trial is over");
    this.#ended.set(lease.id, lease.job);
    if (this.#ended.size > endedKept) this.#ended.delete(this.#ended.keys().next().value ?? 0);
  }

  /** Takes records of a lease: all of them, or none when they come too late. */
  #keep(leaseId: number, bytes: Uint8Array): void {
    const lease = this.#leases.get(leaseId);
    const batch = lease === undefined ? readBatch(bytes) : recordsIn(bytes, this.#jobs[lease.job]!);
    if (typeof batch === "string") {
      if (lease !== undefined) this.#distrust(lease, batch);
      return;
    }
    const withoutValue = unitsOf(batch, (code) => !hasMeasurement(code));
    if (
      lease === undefined ||
      batch.job !== lease.job ||
      !this.#scheduler.accept(leaseId, batch.unit, withoutValue)
    ) {
      const text = `records of ${batch.rows} units came too late and were refused`;
      this.#options.listener({ type: "notice", level: "info", text });
      return;
    }
    this.#fleet.countProgress();
    this.#fruitless.delete(lease.host);
    this.#keeper.keep(batch);
    this.#heed(batch);
  }

  /** One of its units is to blame, and none can be named. */
  #distrust(lease: Lease, reason: string): void {
    this.#lastExit = { cause: "exit", reason };
    this.#forget(lease);
    this.#scheduler.broken(lease.id);
    this.#pump();
  }

  /** Stops early where the limits say so. */
  #heed(batch: RecordBatch): void {
    this.#options.onKept?.(batch, this);
    if (this.#scheduler.remainingOf(batch.job) === 0)
      this.#progress[batch.job]!.finish(this.#options.listener);
    const { failFast, failOnError } = this.#options.limits;
    if (failFast && unitsOf(batch, isFailure).length > 0) {
      this.drain("a trial failed (--fail-fast)");
      return;
    }
    const total = this.#progress.reduce((sum, progress) => sum + progress.total, 0);
    if (failOnError !== null && this.#keeper.counts.failed > failOnError * total)
      this.drain(
        `${this.#keeper.counts.failed} of ${total} trials failed, more than ${failOnError * 100}% (--fail-on-error)`,
      );
  }

  #end(lease: Lease, busyMs: number): void {
    const before = this.#scheduler.remainingOf(lease.job);
    this.#forget(lease);
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
    for (const lease of held) this.#forget(lease);
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
    this.#keepEnds(verdicts.map((verdict) => ({ ...verdict, durationMs: 0, ...this.#sentence(verdict) })));
    return verdicts.length > 0;
  }

  #sentence({ reason, neededJob, needed }: Verdict): Pick<UnitEnd, "reason" | "message"> {
    if (reason === "upstream") {
      const { job, index } = this.#jobs[neededJob]!;
      return {
        reason,
        message: `stage ${job.stage} failed for it (trial ${this.#keeper.trialOf(index, needed)})`,
      };
    }
    const { reason: how, isMemory } = this.#lastExit ?? { reason: "ended", isMemory: false };
    return { reason: isMemory === true ? "memory" : "crash", message: `took its host down: it ${how}` };
  }

  /** Records a unit as failed on its host's word, if it is under way still. */
  #condemn(end: UnitEnd): void {
    if (this.#scheduler.fail(end.job, end.unit)) this.#keepEnds([end]);
  }

  #keepEnds(ends: readonly UnitEnd[]): void {
    for (const batch of this.#keeper.keepEnds(ends)) this.#heed(batch);
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
    const graceMs = this.#leases.size > 0 ? stopGraceMs : leaveGraceMs;
    await Promise.all([this.#fleet.close({ graceMs }), this.#desk.close()]);
    await this.#keeper.flush().catch((error: unknown) => {
      this.#ending ??= { kind: "aborted", reason: error instanceof Error ? error.message : String(error) };
    });
    const { left, ...counts } = this.#keeper.counts;
    const remaining = this.#scheduler.remaining + left;
    // Asked to stop when the last trials were under way: nothing was stopped.
    const ending = this.#ending?.kind === "stopped" && remaining === 0 ? null : this.#ending;
    this.#resolve({
      status: ending?.kind ?? "complete",
      ...counts,
      reused: this.#progress.reduce((sum, progress) => sum + progress.reused, 0),
      remaining,
      durationMs: Date.now() - this.#startedAt,
      reason: ending?.reason ?? null,
    });
  }
}
