// Counts of a run by job and by arm, told to the listener at most ten times a second; the last ones are always told.
import type { ArmCount, Listener } from "../../event/event.ts";
import { bitsOf, clearBit, countBits, countShared, grownBitmap, hasBit, setBit } from "../../plan/bitmap.ts";
import type { PlannedJob } from "./jobs/planned-jobs.ts";

const tellEveryMs = 100;
/** Arms are counted one by one up to this many conditions. */
const armsMax = 40;
/** The rate looks back this far. */
const rateWindowMs = 10_000;

interface Arms {
  readonly labels: readonly string[];
  readonly total: Uint32Array;
  readonly done: Uint32Array;
  readonly reused: Uint32Array;
  readonly failed: Uint32Array;
}

/** One job's counts. */
export class JobProgress {
  readonly planned: PlannedJob;
  total: number;
  reused: number;
  done: number;
  failed = 0;
  startedAt: number | null = null;
  isFinished = false;
  readonly #arms: Arms | null;
  readonly #recorded: Uint8Array;
  #wanted: Uint8Array;
  readonly #marks: { readonly at: number; readonly done: number }[] = [];
  #toldAt = Number.NEGATIVE_INFINITY;
  /** Set while counts wait for their tenth of a second. */
  #later: NodeJS.Timeout | null = null;

  constructor(planned: PlannedJob, wanted: Uint8Array, done: Uint8Array) {
    this.planned = planned;
    this.total = countBits(wanted);
    this.reused = countShared(wanted, done);
    this.done = this.reused;
    this.#arms = armsOf(planned, wanted, done);
    this.#recorded = done;
    this.#wanted = wanted.slice();
  }

  /** Counts units that are wanted from now on; those wanted already change nothing. */
  more(units: Uint8Array): void {
    this.#wanted = grownBitmap(this.#wanted, 8 * units.length);
    for (const unit of bitsOf(units)) {
      if (hasBit(this.#wanted, unit)) continue;
      setBit(this.#wanted, unit);
      const isRecorded = hasBit(this.#recorded, unit);
      this.total += 1;
      this.done += isRecorded ? 1 : 0;
      this.reused += isRecorded ? 1 : 0;
      if (this.#arms !== null) countArm(this.#arms, unit % this.planned.job.conditions, isRecorded);
    }
  }

  /** Counts units no longer that are wanted no longer. */
  less(units: Uint8Array): void {
    for (const unit of bitsOf(units)) {
      clearBit(this.#wanted, unit);
      this.total -= 1;
      const arm = unit % this.planned.job.conditions;
      if (this.#arms !== null) this.#arms.total[arm] = (this.#arms.total[arm] ?? 0) - 1;
    }
  }

  /** Counts a unit as open again that was counted as failed; the job goes on. */
  again(unit: number): void {
    this.done -= 1;
    this.failed -= 1;
    this.isFinished = false;
    if (this.#arms === null) return;
    const arm = unit % this.planned.job.conditions;
    const { done, failed } = this.#arms;
    done[arm] = (done[arm] ?? 0) - 1;
    failed[arm] = (failed[arm] ?? 0) - 1;
  }

  count(units: ArrayLike<number>, failed: readonly number[]): void {
    this.done += units.length;
    this.failed += failed.length;
    if (this.#arms === null) return;
    const { conditions } = this.planned.job;
    const { done, failed: failedArms } = this.#arms;
    for (let i = 0; i < units.length; i++) {
      const arm = (units[i] ?? 0) % conditions;
      done[arm] = (done[arm] ?? 0) + 1;
    }
    for (const unit of failed) failedArms[unit % conditions] = (failedArms[unit % conditions] ?? 0) + 1;
  }

  /** Tells that the job starts, the first time. */
  begin(listener: Listener): void {
    if (this.startedAt !== null) return;
    this.startedAt = performance.now();
    const { experiment, stage } = this.planned.job;
    const { total, reused } = this;
    listener({ type: "job-started", experiment, stage, total, reused });
  }

  /** Tells that the job is done, the first time. */
  finish(listener: Listener): void {
    if (this.isFinished) return;
    this.isFinished = true;
    const now = performance.now();
    this.#tell(listener, now);
    const { experiment, stage } = this.planned.job;
    const durationMs = now - (this.startedAt ?? now);
    listener({ type: "job-finished", experiment, stage, durationMs });
  }

  /** Tells where the job stands, at once or once a tenth of a second has passed since it was told last. */
  tell(listener: Listener): void {
    if (this.#later !== null) return;
    const now = performance.now();
    const waitMs = this.#toldAt + tellEveryMs - now;
    if (waitMs <= 0) this.#tell(listener, now);
    else this.#later = setTimeout(() => this.#tell(listener, performance.now()), waitMs);
  }

  /** Tells what still waits to be told: the run is over. */
  close(listener: Listener): void {
    if (this.#later !== null) this.#tell(listener, performance.now());
  }

  #tell(listener: Listener, now: number): void {
    if (this.#later !== null) clearTimeout(this.#later);
    this.#later = null;
    this.#toldAt = now;
    const { experiment, stage } = this.planned.job;
    const { done, total, failed } = this;
    listener({
      type: "progress",
      experiment,
      stage,
      done,
      total,
      failed,
      perSecond: this.#rate(now),
      arms: this.#armCounts(),
    });
  }

  #rate(now: number): number {
    const marks = this.#marks;
    marks.push({ at: now, done: this.done });
    while (marks.length > 2 && now - (marks[0]?.at ?? now) > rateWindowMs) marks.shift();
    const first = marks[0];
    if (first === undefined || now <= first.at) return 0;
    return ((this.done - first.done) * 1000) / (now - first.at);
  }

  #armCounts(): readonly ArmCount[] {
    const arms = this.#arms;
    if (arms === null) return [];
    const counts = arms.labels.map((label, arm) => ({
      label,
      total: arms.total[arm] ?? 0,
      done: arms.done[arm] ?? 0,
      reused: arms.reused[arm] ?? 0,
      failed: arms.failed[arm] ?? 0,
    }));
    return counts.filter((arm) => arm.total > 0);
  }
}

function armsOf(planned: PlannedJob, wanted: Uint8Array, recorded: Uint8Array): Arms | null {
  const { job, experiment, isTrial } = planned;
  // Arms of conditions that are proposed later have no name yet.
  if (job.conditions > armsMax || experiment.space.grows) return null;
  const factors = experiment.space.factors.map((factor) => factor.name);
  const labels = Array.from({ length: job.conditions }, (_, index) => {
    if (!isTrial || job.projected !== null || factors.length === 0) return job.stage;
    const condition = experiment.space.at(index);
    const parts = factors
      .filter((name) => name in condition)
      .map((name) => `${name}=${levelText(condition[name])}`);
    return parts.join(", ");
  });
  const columnOf = (): Uint32Array => new Uint32Array(job.conditions);
  const arms = { labels, total: columnOf(), done: columnOf(), reused: columnOf(), failed: columnOf() };
  for (const unit of bitsOf(wanted)) countArm(arms, unit % job.conditions, hasBit(recorded, unit));
  return arms;
}

function countArm(arms: Arms, arm: number, isRecorded: boolean): void {
  arms.total[arm] = (arms.total[arm] ?? 0) + 1;
  if (!isRecorded) return;
  arms.done[arm] = (arms.done[arm] ?? 0) + 1;
  arms.reused[arm] = (arms.reused[arm] ?? 0) + 1;
}

function levelText(level: unknown): string {
  return typeof level === "string" ? level : JSON.stringify(level);
}
