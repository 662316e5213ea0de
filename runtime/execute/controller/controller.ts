// Runs what a plan wants and the store does not have: the scheduler says what is next, hosts do it, the ledger keeps it. Owns
// no thread and no file of its own; everything that can fail outside is handed in.
import type { Wanted } from "../../plan/selection.ts";
import type { RecordBatch } from "../../record/record-batch.ts";
import { chunkLimits } from "../../schedule/chunk-size.ts";
import { type Lease, Scheduler } from "../../schedule/scheduler.ts";
import type { JobRecords } from "../../store/store.ts";
import type { HostExit } from "../protocol/executor.ts";
import type { FromHost } from "../protocol/protocol.ts";
import type { ControllerOptions, PlanRun, RunSummary } from "./controller-options.ts";
import { whyStop } from "./early-stop.ts";
import { hostDemandOf } from "./hosts/host-demand.ts";
import { type FleetHost, type FromWork, HostFleet } from "./hosts/host-fleet.ts";
import { type JobsNeed, needsOf, roomOf } from "./hosts/host-room.ts";
import { lackingHostsOf } from "./hosts/lacking-hosts.ts";
import { type ResourceNotes, resourceNotesOf } from "./hosts/resource-notes.ts";
import { openJobsOf } from "./jobs/open-jobs.ts";
import { type PlannedJob, plannedJobsOf } from "./jobs/planned-jobs.ts";
import { isConcerned } from "./jobs/recorded-units.ts";
import { adopted } from "./leases/adopted-leases.ts";
import { EndedLeases, tooLate } from "./leases/ended-leases.ts";
import { FruitlessLeases } from "./leases/fruitless-leases.ts";
import { isAccepted, recordsIn } from "./leases/lease-records.ts";
import { type LeaseSender, leaseSenderOf, unloadableWords } from "./leases/lease-sender.ts";
import { type RunActs, runActsOf } from "./run-acts.ts";
import { type EndingKind, RunEnding } from "./run-ending.ts";
import type { JobProgress } from "./run-progress.ts";
import { RecordKeeper } from "./units/record-keeper.ts";
import { Retries } from "./units/retries.ts";
import { type UnitCall, type UnitDesk, unitDeskOf } from "./units/unit-desk.ts";
import { UnitEndings } from "./units/unit-endings.ts";
import { lossOf } from "./units/verdict-words.ts";

/** Units of a lease that wait at once for effects, once a job has been seen to wait. */
const waitingUnitsMax = 512;
const stopGraceMs = 500;
const leaveGraceMs = 3000;

/**
 * Starts a run.
 *
 * @example
 * const run = await runPlan({ opened, wanted, recordsOf, ledger, ... });
 * process.once("SIGINT", () => run.drain("Ctrl-C"));
 * const { status, done, failed } = await run.finished;
 */
export async function runPlan(options: ControllerOptions): Promise<PlanRun> {
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
  readonly acts: RunActs;
  readonly #options: ControllerOptions;
  readonly #jobs: readonly PlannedJob[];
  readonly #scheduler: Scheduler;
  readonly #progress: readonly JobProgress[];
  readonly #fleet: HostFleet;
  readonly #keeper: RecordKeeper;
  readonly #desk: UnitDesk;
  readonly #sender: LeaseSender;
  readonly #endings: UnitEndings;
  readonly #resources: ResourceNotes;
  readonly #ending = new RunEnding();
  readonly #leases = new Map<number, Lease>();
  readonly #needs: JobsNeed;
  readonly #fruitless = new FruitlessLeases();
  readonly #ended = new EndedLeases();
  #resolve: (summary: RunSummary) => void = () => undefined;
  #isOver = false;

  constructor(
    options: ControllerOptions,
    jobs: readonly PlannedJob[],
    records: readonly (JobRecords | null)[],
  ) {
    this.#options = options;
    this.#jobs = jobs;
    this.#needs = needsOf(jobs, options.isAnywhere ?? false);
    this.#resources = resourceNotesOf(options.opened.folder);
    this.finished = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    const { limits, demand, executor } = options;
    const open = openJobsOf(jobs, records, options);
    this.#progress = open.progress;
    this.#scheduler = new Scheduler({
      jobs: open.scheduled,
      slots: demand.hosts * demand.threads,
      ...(executor.leaseMs !== undefined && { limits: { ...chunkLimits, targetMs: executor.leaseMs } }),
      isTriedAgain: (job, unit) => this.#endings.isTriedAgain(job, unit),
    });
    const onFault = (error: unknown): void => this.#abort(error);
    this.#keeper = new RecordKeeper({ run: options, jobs, progress: this.#progress, onFault });
    this.#endings = new UnitEndings({
      jobs,
      scheduler: this.#scheduler,
      keeper: this.#keeper,
      retries: new Retries(jobs, limits, records),
      onKept: (batch) => this.#heed(batch),
    });
    const onBudget = (reason: string): void => this.drain(reason, "budget");
    const isEnding = (): boolean => this.#ending.isAsked;
    this.#desk = unitDeskOf({ run: options, keeper: this.#keeper, onFault, onBudget, isEnding });
    this.#sender = leaseSenderOf({
      run: options,
      jobs,
      recordsOf: (job) => this.#keeper.flush().then(() => options.recordsOf(job)),
      note: (job, drawnOn) => this.#keeper.note(job, drawnOn),
      waits: (job) => this.#scheduler.waits(job),
      leaseMs: () => this.#scheduler.leaseMs,
    });
    const lacking = lackingHostsOf({ run: options, jobs, needs: this.#needs, scheduler: this.#scheduler });
    this.#fleet = new HostFleet({
      executor,
      demand: hostDemandOf({ run: options, jobs, needs: this.#needs, scheduler: this.#scheduler }),
      session: options.session,
      onReady: (host, ready) => this.#welcome(host, ready),
      onMessage: (host, message) => this.#hear(host, message),
      onLost: (host, exit) => this.#lose(host, exit),
      onTold: (level, text) => options.listener({ type: "notice", level, text }),
      onLook: (now) => {
        lacking.look(this.#fleet.ready, now);
        this.#pump();
      },
      onHopeless: (reason) => this.stop(reason, "aborted"),
    });
    this.acts = runActsOf({
      scheduler: this.#scheduler,
      fleet: this.#fleet,
      failures: this.#keeper.failures,
      moreBy: options.executor.moreBy ?? null,
      open: (job, unit) => this.#keeper.open(job, unit),
      jobs,
      leases: this.#leases,
      pump: () => this.#pump(),
      settle: (job) => this.#finishJob(job),
    });
    if (this.#scheduler.remaining === 0) void this.#finish();
  }

  drain(reason: string, kind: EndingKind = "stopped"): void {
    if (this.#ending.isAsked || this.#isOver) return;
    this.#ending.ask(kind, reason);
    this.#options.listener({ type: "draining", reason });
    this.#scheduler.drain();
    this.#desk.drain();
    this.#settle();
  }

  stop(reason: string, kind: EndingKind = "stopped"): void {
    if (this.#isOver && kind !== "aborted") return; // The store may refuse the last records.
    this.#ending.ask(kind, reason);
    this.#scheduler.drain();
    for (const host of this.#fleet.ready) host.send({ type: "cancel", leases: [...this.#leases.keys()] });
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

  hold(): () => void {
    return this.#ending.hold(() => this.#settle());
  }

  drop(job: number, first: number): void {
    this.#progress[job]!.less(this.#scheduler.drop(job, first));
  }

  #welcome(host: FleetHost, ready: Extract<FromHost, { type: "ready" }>): void {
    const { threads, memoryMb, labels } = ready;
    const { listener } = this.#options;
    listener({ type: "host-ready", host: host.name, threads, memoryMb, labels });
    this.#scheduler.resize(this.#fleet.threads);
    for (const lease of adopted(host, ready.underWay, { scheduler: this.#scheduler, listener })) {
      this.#leases.set(lease.id, lease);
      this.#progress[lease.job]!.begin(listener);
    }
    this.#pump();
  }

  /** Gives every host what it has room for; ends the run when nothing is left. */
  #pump(): void {
    if (this.#isOver) return;
    for (let isMore = true; isMore; ) {
      isMore = false;
      for (const host of this.#fleet.takers) {
        const room = roomOf(host, {
          leases: this.#leases.values(),
          scheduler: this.#scheduler,
          needs: this.#needs,
        });
        if (!room.isOpen) continue;
        const lease = this.#scheduler.lease(host.name, room.fits);
        isMore = this.#endings.judge() || isMore;
        if (lease === null) continue;
        isMore = true;
        this.#leases.set(lease.id, lease);
        this.#progress[lease.job]!.begin(this.#options.listener);
        void this.#send(host, lease);
      }
    }
    this.#settle();
  }

  async #send(host: FleetHost, lease: Lease): Promise<void> {
    try {
      const unsent = await this.#sender.send(host, lease);
      if (unsent === null) return;
      if (unsent.kind === "unsendable") {
        this.#break(lease, unsent.message);
        return;
      }
      const { job, attempt } = lease;
      const { unit, message } = unsent;
      this.#endings.condemn(lease, { job, unit, attempt, reason: "upstream", message, durationMs: 0 });
      this.#end(lease, 0);
    } catch (error) {
      this.#abort(error);
    }
  }

  /** The lease came to nothing and none of its units can be named: they are leased again, in halves. */
  #break(lease: Lease, words: string): void {
    if (!this.#leases.has(lease.id)) return;
    this.#endings.lastLoss = { words, isMemory: false };
    this.#forget(lease);
    this.#scheduler.broken(lease.id);
    this.#endings.judge();
    this.#pump();
  }

  #hear(host: FleetHost, message: FromWork): void {
    if ("session" in message && message.session !== this.#options.session) {
      this.#options.listener(tooLate(`${message.type} of ${message.session}`));
      return;
    }
    switch (message.type) {
      case "records":
        this.#keep(message.lease, message.batch);
        return;
      case "lease-ended":
        this.#close(message);
        return;
      case "need-file":
        this.#sender.answer(host, message);
        return;
      case "notice":
        this.#options.listener({ type: "notice", level: "warning", text: message.text });
        return;
      case "heartbeat":
        this.#resources(host.name, message, this.#options.listener);
        return;
      default:
        this.#serve(host, message);
        return;
    }
  }

  #close(message: Extract<FromHost, { type: "lease-ended" }>): void {
    const lease = this.#leases.get(message.lease);
    if (lease === undefined) return;
    const { guilty, broken, unloadable, busyMs } = message;
    if (unloadable !== null) {
      this.stop(unloadableWords(this.#jobs[lease.job]!, unloadable), "aborted");
      return;
    }
    if (guilty !== null) this.#endings.condemn(lease, { job: lease.job, attempt: lease.attempt, ...guilty });
    if (broken === null) this.#end(lease, busyMs);
    else this.#break(lease, broken);
  }

  #serve(host: FleetHost, call: UnitCall): void {
    const held = this.#leases.get(call.lease);
    const lease = held !== undefined && held.host === host.name ? held : null;
    this.#desk.serve(host, call, { lease, ended: this.#ended.jobOf(call.lease) });
    // While its units wait for the controller a thread has room for more of them.
    if (lease === null || call.type !== "effect-request" || call.isOwn) return;
    if (this.#scheduler.letWait(lease.job, waitingUnitsMax)) this.#pump();
  }

  #forget(lease: Lease): void {
    this.#leases.delete(lease.id);
    this.#desk.abandon(lease.id, "the trial is over");
    this.#ended.remember(lease.id, lease.job);
  }

  /** Takes records of a lease: all of them, or none when they come too late. */
  #keep(leaseId: number, bytes: Uint8Array): void {
    const lease = this.#leases.get(leaseId);
    if (lease === undefined) {
      this.#options.listener(tooLate("a batch of records"));
      return;
    }
    // Of trials that were told to end, and of a host that leaves, none is settled by it even then.
    const isTold = this.#scheduler.isCancelled(leaseId) || this.#fleet.isLeaving(lease.host);
    const batch = recordsIn(bytes, this.#jobs[lease.job]!, { isEnding: this.#ending.isAsked && !isTold });
    if (batch === null) return;
    if (typeof batch === "string") {
      this.#break(lease, batch);
      return;
    }
    const split = this.#endings.split(batch);
    const standing = split === null ? batch : split.standing;
    if (standing !== null && !isAccepted(standing, leaseId, this.#scheduler)) {
      this.#options.listener(tooLate("a batch of records"));
      return;
    }
    this.#fleet.countProgress();
    this.#fruitless.forget(lease.host);
    if (split !== null) this.#endings.tryAgain(lease, split);
    if (standing === null) return;
    this.#keeper.keep(standing);
    this.#heed(standing);
  }

  /** Stops early where the limits say so. */
  #heed(batch: RecordBatch): void {
    try {
      this.#options.onKept?.(batch, this);
    } catch (error) {
      this.#abort(error);
      return;
    }
    this.#finishJob(batch.job);
    const { limits } = this.#options;
    const total = this.#progress.reduce((sum, progress) => sum + progress.total, 0);
    const why = whyStop(batch, { limits, failed: this.#keeper.counts.failed, total });
    if (why !== null) this.drain(why);
  }

  /** Tells of a job's end once nothing of it is left. */
  #finishJob(job: number): void {
    const released = this.#scheduler.released(job);
    if (released !== null) this.#progress[job]!.less(released);
    if (this.#scheduler.remainingOf(job) === 0) this.#progress[job]!.finish(this.#options.listener);
  }

  #end(lease: Lease, busyMs: number): void {
    const before = this.#scheduler.remainingOf(lease.job);
    this.#forget(lease);
    this.#scheduler.end(lease.id, { busyMs });
    if (this.#scheduler.remainingOf(lease.job) === 0) this.#finishJob(lease.job);
    const broken =
      busyMs > 0 || before === 0 ? this.#fruitless.forget(lease.host) : this.#fruitless.count(lease.host);
    if (typeof broken === "string") this.#fleet.kill(lease.host, broken);
    this.#pump();
  }

  #lose(host: FleetHost, exit: HostExit): void {
    this.#endings.lastLoss = lossOf(exit);
    const held = [...this.#leases.values()].filter((lease) => lease.host === host.name);
    for (const lease of held) this.#forget(lease);
    this.#sender.forget(host);
    this.#fruitless.forget(host.name);
    this.#scheduler.lost(host.name, exit);
    this.#scheduler.resize(this.#fleet.threads);
    const text = `host ${host.name} ${exit.reason.replace(/\.$/, "")}; what it ran is run again`;
    if (held.length > 0) this.#options.listener({ type: "notice", level: "warning", text });
    this.#endings.judge();
    this.#pump();
  }

  #abort(error: unknown): void {
    this.stop(error instanceof Error ? error.message : String(error), "aborted");
  }

  /** Ends the run once nothing is under way and nothing may start. */
  #settle(): void {
    if (this.#isOver || this.#leases.size > 0) return;
    if (this.#ending.isAsked || (this.#scheduler.remaining === 0 && !this.#ending.isHeld))
      void this.#finish();
  }

  async #finish(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = this.#leases.size === 0 || this.#ending.isAsked;
    const graceMs = this.#leases.size > 0 ? stopGraceMs : leaveGraceMs;
    await Promise.all([this.#fleet.close({ graceMs }), this.#desk.close()]);
    await this.#keeper.close().catch((error: unknown) => this.#ending.fault(error));
    const { left, ...counts } = this.#keeper.counts;
    const reused = this.#progress.reduce((sum, progress) => sum + progress.reused, 0);
    this.#resolve(this.#ending.summaryOf({ ...counts, reused, remaining: this.#scheduler.remaining + left }));
  }
}
