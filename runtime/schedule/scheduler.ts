// Which units run next, as a synchronous state machine: no thread, no clock, no file. Every wanted unit is settled exactly once,
// however leases end; a unit that keeps killing its host is found by halving and convicted.
import { bitmapOf, clearBit, hasBit, setBit } from "../plan/bitmap.ts";
import type { ChunkLimits } from "./chunk-size.ts";
import { chunkLimits, chunkSizeOf, estimateAfter, leaseWorkMs } from "./chunk-size.ts";
import type { JobState, QueuedUnits, ScheduledJob } from "./job-state.ts";
import {
  areClaimed,
  cancelUnits,
  claimNext,
  claimThese,
  jobStateOf,
  settle,
  stillClaimed,
  wantAgain,
  wantLess,
  wantMore,
  withoutCancelled,
} from "./job-state.ts";
import { screened } from "./screened.ts";
import type { UnitRanges } from "./unit-ranges.ts";
import { countOf, rangeOf, splitAt, unitsOf } from "./unit-ranges.ts";
import type { Verdict } from "./verdict.ts";

/** Units handed to one host. */
export interface Lease {
  readonly id: number;
  readonly host: string;
  readonly job: number;
  readonly units: UnitRanges;
  readonly count: number;
  /** 1 the first time; one more each time the units were lost with a host or a thread. */
  readonly attempt: number;
  /** Whether the host may run nothing else meanwhile, because a unit of the lease is suspected of killing hosts. */
  readonly isAlone: boolean;
}

export interface SchedulerOptions {
  readonly jobs: readonly ScheduledJob[];
  /** Threads over all hosts, for sharing out the tail of a job. */
  readonly slots: number;
  readonly limits?: ChunkLimits;
  /** Whether a unit that alone brought its host down is to be tried again. */
  readonly isTriedAgain?: (job: number, unit: number) => boolean;
}

/** Units are leased alone once lost this often; before that a lost host is taken for an accident of the machine, unless the job has killed one. */
const lossesBeforeSuspicion = 2;

/**
 * @example
 * const scheduler = new Scheduler({ jobs: [{ wanted, done, failed: [], needs: [] }], slots: 2 });
 * const lease = scheduler.lease("local-1");          // null when nothing is ready for this host
 * scheduler.accept(lease.id, units, failedUnits);    // false: late or never leased, so refuse the records
 * scheduler.end(lease.id, { busyMs: 9.7 });          // units not accepted go back into the queue
 */
export class Scheduler {
  readonly #jobs: JobState[];
  readonly #limits: ChunkLimits;
  readonly #isTriedAgain: NonNullable<SchedulerOptions["isTriedAgain"]>;
  /** By lease: units that have failed and are tried again once it is over. */
  readonly #again = new Map<number, number[]>();
  readonly #leases = new Map<number, Lease>();
  readonly #suspects: (QueuedUnits & { readonly job: number })[] = [];
  #verdicts: Verdict[] = [];
  #slots: number;
  #nextLease = 1;
  #isDraining = false;
  #isPaused = false;
  /** Jobs in the order in which they are leased. */
  #order: readonly number[];

  constructor(options: SchedulerOptions) {
    this.#jobs = options.jobs.map(jobStateOf);
    this.#limits = options.limits ?? chunkLimits;
    this.#isTriedAgain = options.isTriedAgain ?? (() => false);
    this.#slots = options.slots;
    this.#order = [...this.#jobs.keys()];
  }

  /** Wanted units that are not settled. */
  get remaining(): number {
    let remaining = 0;
    for (const job of this.#jobs) remaining += job.remaining;
    return remaining;
  }

  remainingOf(job: number): number {
    return this.#job(job).remaining;
  }

  /** Whether all that the job needs is settled. */
  isReady(job: number): boolean {
    return this.#job(job).needs.every((need) => this.#job(need.job).remaining === 0);
  }

  /** Wants more units of a job, at any time; returns how many were not wanted before. */
  add(job: number, units: Uint8Array): number {
    return wantMore(this.#job(job), units);
  }

  /** Wants no unit from `first` on, but for those that are leased, queued or done; returns those that it no longer wants. */
  drop(job: number, first: number): Uint8Array {
    return wantLess(this.#job(job), first);
  }

  /** Tells how many threads there are now, over all hosts. */
  resize(slots: number): void {
    this.#slots = slots;
  }

  /** Whether units of the job were seen to wait. */
  waits(job: number): boolean {
    return this.#job(job).concurrent > 1;
  }

  /** Units of the job wait: so many may do so at once in one thread. False when that was known. */
  letWait(job: number, concurrent: number): boolean {
    if (this.waits(job)) return false;
    this.#job(job).concurrent = concurrent;
    return true;
  }

  /** Milliseconds of work that a lease aims at. */
  get leaseMs(): number {
    return leaseWorkMs(this.#limits, this.#slots);
  }

  /** Smoothed milliseconds a unit of the job takes; null before any was reported. */
  unitMsOf(job: number): number | null {
    return this.#job(job).estimate.unitMs;
  }

  /** No lease is given from now on; those given may end. */
  drain(): void {
    this.#isDraining = true;
  }

  /** While paused no lease is given either. */
  pause(isPaused: boolean): void {
    this.#isPaused = isPaused;
  }

  /** Which of the units of a job are settled. */
  doneOf(job: number): Uint8Array {
    return this.#job(job).done;
  }

  /** Wants none of these units that are not settled; those under way are given up once their lease is over. */
  cancel(index: number, units: Uint8Array): void {
    const job = this.#job(index);
    cancelUnits(job, units);
    const kept = (queued: QueuedUnits): QueuedUnits => ({
      ...queued,
      units: withoutCancelled(job, queued.units),
    });
    job.queue = job.queue.map(kept).filter((queued) => queued.units.length > 0);
    const suspects = this.#suspects.splice(0).map((each) => ({
      ...each,
      ...(each.job === index ? kept(each) : {}),
    }));
    this.#suspects.push(...suspects.filter((each) => each.units.length > 0));
  }

  /** Wants a unit again that has failed after so many attempts. False where it is not settled as failed. */
  retry(index: number, unit: number, attempts: number): boolean {
    return wantAgain(this.#job(index), unit, attempts);
  }

  /** Cancelled units of a job that were let go since the last call; null where none were. */
  released(index: number): Uint8Array | null {
    const job = this.#job(index);
    if (job.released.length === 0) return null;
    const units = bitmapOf(8 * job.wanted.length);
    for (const unit of job.released) setBit(units, unit);
    job.released = [];
    return units;
  }

  /**
   * Whether a lease is to be ended because of its cancelled units: one is enough where its units run one after the other, since it may never
   * end; where they wait side by side all of them must be, or others would be cut off.
   */
  isCancelled(leaseId: number): boolean {
    const lease = this.#leases.get(leaseId);
    if (lease === undefined) return false;
    const job = this.#job(lease.job);
    const { cancelled } = job;
    if (cancelled === null) return false;
    const open = [...unitsOf(stillClaimed(job, lease.units))];
    const isOut = (unit: number): boolean => hasBit(cancelled, unit);
    return this.waits(lease.job) ? open.every(isOut) : open.some(isOut);
  }

  /** Leases jobs with a higher number first, and before them what they need; 0 unless told. */
  prioritize(index: number, priority: number): void {
    this.#job(index).priority = priority;
    const priorities = this.#jobs.map((job) => job.priority);
    // What a job needs comes before it in the plan's order.
    for (const [dependent, { needs }] of [...this.#jobs.entries()].reverse())
      for (const { job } of needs)
        priorities[job] = Math.max(priorities[job] ?? 0, priorities[dependent] ?? 0);
    this.#order = [...this.#jobs.keys()].sort((a, b) => (priorities[b] ?? 0) - (priorities[a] ?? 0) || a - b);
  }

  /** The next units for a host, or null when nothing is ready for it. `fits` says whether it has room for one of a job's. */
  lease(host: string, fits: (job: number) => boolean = () => true): Lease | null {
    if (this.#isDraining || this.#isPaused) return null;
    const own = [...this.#leases.values()].filter((lease) => lease.host === host);
    if (own.some((lease) => lease.isAlone)) return null;
    if (own.length === 0) {
      const place = this.#suspects.findIndex(({ job }) => fits(job));
      const [suspect] = place < 0 ? [] : this.#suspects.splice(place, 1);
      if (suspect !== undefined) return this.#issue(host, suspect.job, suspect, true);
    }
    for (const index of this.#order) {
      const job = this.#job(index);
      if (job.unclaimed === 0 && job.queue.length === 0) continue;
      if (!this.isReady(index) || !fits(index)) continue;
      if (!job.isScreened) this.#verdicts.push(...screened(index, this.#jobs));
      const queued = job.queue.shift();
      if (queued !== undefined) return this.#issue(host, index, this.#trim(job, queued), false);
      const units = claimNext(job, this.#chunkSize(job));
      if (units.length > 0) return this.#issue(host, index, { units, attempt: 1 }, false);
    }
    return null;
  }

  /** A lease that a host has from an earlier controller: those of its units that are wanted and nobody has. Null where there are none. */
  adopt(
    host: string,
    { job: index, units, attempt }: Pick<Lease, "job" | "units" | "attempt">,
  ): Lease | null {
    const job = this.#jobs[index];
    const claimed = job === undefined ? [] : claimThese(job, units);
    return claimed.length === 0 ? null : this.#issue(host, index, { units: claimed, attempt }, false);
  }

  /**
   * Settles units of a lease, all or none. False when the lease is over or a unit was settled before: the first committed record
   * wins, so the records are late and must be refused.
   */
  accept(leaseId: number, units: ArrayLike<number>, failed: Iterable<number> = []): boolean {
    const lease = this.#leases.get(leaseId);
    if (lease === undefined) return false;
    const job = this.#job(lease.job);
    if (!this.#holdsAll(lease, job, units)) return false;
    for (let i = 0; i < units.length; i++) settle(job, units[i] ?? 0, false);
    for (const unit of failed) job.failed.add(unit);
    return true;
  }

  /** A unit of a lease has failed and is to be tried again, once the lease is over. False when it is not under way there. */
  again(leaseId: number, unit: number): boolean {
    const lease = this.#leases.get(leaseId);
    const before = this.#again.get(leaseId) ?? [];
    if (lease === undefined || rangeOf(lease.units, unit) === undefined || before.includes(unit))
      return false;
    if (!hasBit(this.#job(lease.job).claimed, unit)) return false;
    this.#again.set(leaseId, [...before, unit]);
    return true;
  }

  /** The lease is over, in good order. Units that were not accepted wait to be leased again. */
  end(leaseId: number, report: { readonly busyMs: number }): void {
    const lease = this.#close(leaseId);
    if (lease === undefined) return;
    const job = this.#job(lease.job);
    const units = this.#left(lease);
    const finished = lease.count - countOf(units);
    job.estimate = estimateAfter(job.estimate, { units: finished, busyMs: report.busyMs });
    if (units.length > 0) job.queue.push({ units, attempt: lease.attempt });
  }

  /** The thread of a lease died without naming the guilty unit: halves its units, and convicts one that was by itself. */
  broken(leaseId: number): void {
    const lease = this.#close(leaseId);
    if (lease === undefined) return;
    const units = this.#left(lease);
    if (countOf(units) === 1) this.#convict(lease, units);
    else if (units.length > 0) this.#halve(lease, units, this.#job(lease.job).queue);
  }

  /**
   * A host is gone. Its units are leased again; those lost too often run alone, in halves, until the guilty one is found. Of one that was
   * taken away no unit is suspected.
   */
  lost(host: string, exit: { readonly isTaken?: boolean } = {}): void {
    for (const lease of [...this.#leases.values()]) {
      if (lease.host !== host) continue;
      this.#close(lease.id);
      const job = this.#job(lease.job);
      const units = this.#left(lease);
      if (units.length === 0) continue;
      if (exit.isTaken === true) job.queue.push({ units, attempt: lease.attempt });
      else if (lease.isAlone && countOf(units) === 1) this.#convict(lease, units);
      else if (job.convictions === 0 && lease.attempt < lossesBeforeSuspicion)
        this.#halve(lease, units, job.queue);
      else this.#halve(lease, units, this.#suspects);
    }
  }

  /** Takes back a unit's claim and settles it: the host named it as guilty, or the controller refuses to run it. */
  fail(job: number, unit: number): boolean {
    const state = this.#job(job);
    if (!hasBit(state.claimed, unit)) return false;
    settle(state, unit, true);
    return true;
  }

  /** Verdicts since the last call; the caller records them. Their units are settled. */
  verdicts(): readonly Verdict[] {
    const verdicts = this.#verdicts;
    this.#verdicts = [];
    return verdicts;
  }

  #job(index: number): JobState {
    const job = this.#jobs[index];
    if (job === undefined)
      throw new RangeError(`there is no job ${index}; the plan has ${this.#jobs.length}`);
    return job;
  }

  #chunkSize(job: JobState): number {
    const { remaining, concurrent } = job;
    return chunkSizeOf(job.estimate, { remaining, concurrent, slots: this.#slots, limits: this.#limits });
  }

  /** Queued units may be more than one chunk of work: the rest stays first in the queue. */
  #trim(job: JobState, queued: QueuedUnits): QueuedUnits {
    const size = this.#chunkSize(job);
    if (countOf(queued.units) <= size) return queued;
    const [units, rest] = splitAt(queued.units, size);
    job.queue.unshift({ units: rest, attempt: queued.attempt });
    return { units, attempt: queued.attempt };
  }

  #issue(host: string, job: number, queued: QueuedUnits, isAlone: boolean): Lease {
    const { units, attempt } = queued;
    const lease: Lease = { id: this.#nextLease, host, job, units, count: countOf(units), attempt, isAlone };
    this.#nextLease += 1;
    this.#leases.set(lease.id, lease);
    return lease;
  }

  #close(leaseId: number): Lease | undefined {
    const lease = this.#leases.get(leaseId);
    this.#leases.delete(leaseId);
    return lease;
  }

  /** Units of a lease that has ended which are not settled; those that are tried again are queued by themselves. */
  #left(lease: Lease): UnitRanges {
    const job = this.#job(lease.job);
    const again = this.#again.get(lease.id);
    if (again === undefined) return withoutCancelled(job, stillClaimed(job, lease.units));
    this.#again.delete(lease.id);
    for (const unit of again) clearBit(job.claimed, unit);
    const left = withoutCancelled(job, stillClaimed(job, lease.units));
    for (const unit of again) {
      setBit(job.claimed, unit);
      const units = withoutCancelled(job, [[unit, 1]]);
      if (units.length > 0) job.queue.push({ units, attempt: lease.attempt + 1 });
    }
    return left;
  }

  #holdsAll(lease: Lease, job: JobState, units: ArrayLike<number>): boolean {
    const again = this.#again.get(lease.id);
    if (again !== undefined && Array.from(units).some((unit) => again.includes(unit))) return false;
    return areClaimed(job, lease.units, units);
  }

  #halve(
    lease: Lease,
    units: UnitRanges,
    queue: (QueuedUnits & { readonly job: number })[] | QueuedUnits[],
  ): void {
    const attempt = lease.attempt + 1;
    const [first, second] = splitAt(units, Math.ceil(countOf(units) / 2));
    for (const half of [first, second]) {
      if (half.length > 0) queue.push({ job: lease.job, units: half, attempt });
    }
  }

  #convict(lease: Lease, units: UnitRanges): void {
    const unit = units[0]?.[0] ?? 0;
    const { job, attempt } = lease;
    const state = this.#job(job);
    const isFinal = !this.#isTriedAgain(job, unit);
    if (isFinal) settle(state, unit, true);
    else this.#suspects.push({ job, units, attempt: attempt + 1 });
    state.convictions += 1;
    this.#verdicts.push({ job, unit, attempt, reason: "crash", isFinal, neededJob: -1, needed: -1 });
  }
}
