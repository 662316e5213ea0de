// What may be asked of a run under way from outside: what starts next, how much at once, and what is left out. Nothing here decides a result.
import { hasBit, setBit } from "../../plan/bitmap.ts";
import type { Lease, Scheduler } from "../../schedule/scheduler.ts";
import { unitsOf } from "../../schedule/unit-ranges.ts";
import type { WatchedUnit } from "../protocol/protocol.ts";
import type { HostFleet } from "./hosts/host-fleet.ts";
import type { PlannedJob } from "./jobs/planned-jobs.ts";
import type { FailedUnit, FailedUnits } from "./units/failed-units.ts";

export interface RunActs {
  /** Whether nothing more may start; what runs ends in either case. */
  pause(isPaused: boolean): void;
  /** Threads from now on, over all hosts, null for all that there are: more are started, and of too many no more than these are given work. */
  resize(threads: number | null): void;
  /** The threads that there are, and, where a run cannot have more started, how they come. */
  room(): { readonly threads: number; readonly moreBy: string | null };
  /** Leases the trials of experiments with a higher number first; 0 unless told. */
  prioritize(experiment: string, priority: number): void;
  /** Leaves out these units of a job that have not ended. Those under way end, where they can be told to, without a record. */
  cancel(job: number, units: Uint8Array): void;
  /** Units of a job that have failed in this run, and may be run again. */
  failedOf(job: number): readonly FailedUnit[];
  /** Runs these failed units again. */
  retry(job: number, failed: readonly FailedUnit[]): void;
  /** Tells rows of these units as they are recorded, and of no others. */
  watch(units: readonly WatchedUnit[]): void;
  /** Which units of a job have ended. */
  doneOf(job: number): Uint8Array;
  /** Which units of a job are with a host now. */
  leasedOf(job: number): Uint8Array;
  /** The same units apart: of each lease the first that has not ended runs, those behind it are prepared. */
  underWayOf(job: number): { readonly running: readonly number[]; readonly prepared: readonly number[] };
}

export function runActsOf(of: {
  readonly scheduler: Scheduler;
  readonly fleet: HostFleet;
  readonly failures: FailedUnits;
  /** As the executor has it. */
  readonly moreBy: string | null;
  /** Counts a failed unit as open again. */
  readonly open: (job: number, unit: number) => void;
  readonly jobs: readonly PlannedJob[];
  readonly leases: ReadonlyMap<number, Lease>;
  /** Starts what may start now. */
  readonly pump: () => void;
  /** Counts what a job has come to, which may be its end. */
  readonly settle: (job: number) => void;
}): RunActs {
  const { scheduler, fleet, failures, moreBy, open, jobs, leases, pump, settle } = of;
  return {
    pause(isPaused) {
      scheduler.pause(isPaused);
      if (!isPaused) pump();
    },
    resize(threads) {
      fleet.resize(threads);
      scheduler.resize(fleet.threads);
      pump();
    },
    room: () => ({ threads: fleet.slots, moreBy }),
    prioritize(experiment, priority) {
      for (const { index, job } of jobs)
        if (job.experiment === experiment) scheduler.prioritize(index, priority);
    },
    cancel(job, units) {
      scheduler.cancel(job, units);
      settle(job);
      const ended = [...leases.values()].filter(({ id }) => scheduler.isCancelled(id));
      for (const host of fleet.ready) {
        const own = ended.filter((lease) => lease.host === host.name).map(({ id }) => id);
        if (own.length > 0) host.send({ type: "cancel", leases: own });
      }
      pump();
    },
    failedOf: (job) => failures.of(job),
    retry(job, failed) {
      for (const { unit, attempts } of failed) if (scheduler.retry(job, unit, attempts)) open(job, unit);
      pump();
    },
    watch: (units) => fleet.watch(units),
    doneOf: (job) => scheduler.doneOf(job),
    leasedOf(job) {
      const leased = scheduler.doneOf(job).slice().fill(0);
      for (const lease of leases.values())
        if (lease.job === job) for (const unit of unitsOf(lease.units)) setBit(leased, unit);
      return leased;
    },
    underWayOf(job) {
      const done = scheduler.doneOf(job);
      const running: number[] = [];
      const prepared: number[] = [];
      for (const lease of leases.values()) {
        if (lease.job !== job) continue;
        let isFirst = true;
        for (const unit of unitsOf(lease.units)) {
          if (hasBit(done, unit)) continue;
          (isFirst ? running : prepared).push(unit);
          isFirst = false;
        }
      }
      return { running, prepared };
    },
  };
}
