// What the scheduler knows of one job: which units are wanted, claimed (leased or queued) and done, a bit each, and the few
// that failed. Plain state with the operations that keep its counts true.
import {
  bitmapOf,
  bitsOf,
  clearBit,
  countBits,
  countWithout,
  grownBitmap,
  hasBit,
  setBit,
} from "../plan/bitmap.ts";
import { type ChunkEstimate, noEstimate } from "./chunk-size.ts";
import { rangeOf, type UnitRanges, unitsOf } from "./unit-ranges.ts";

/** What a job needs before its units may run. */
export interface ScheduledNeed {
  /** Index of the needed job. */
  readonly job: number;
  /** The unit of the needed job that a unit draws on; null when it draws on the job as a whole, whose failures it bears. */
  readonly unitOf: ((unit: number) => number) | null;
}

/** A job as the scheduler is told of it. */
export interface ScheduledJob {
  readonly wanted: Uint8Array;
  /** Units that have a final record already. */
  readonly done: Uint8Array;
  /** Those of the done that did not succeed. */
  readonly failed: Iterable<number>;
  /** Units that have failed before and are tried again, with the number of their last attempt; none unless told. */
  readonly again?: ReadonlyMap<number, number>;
  readonly needs: readonly ScheduledNeed[];
}

/** Units that wait to be leased again: lost with a host, returned by it, or under suspicion. */
export interface QueuedUnits {
  readonly units: UnitRanges;
  readonly attempt: number;
}

export interface JobState {
  wanted: Uint8Array;
  claimed: Uint8Array;
  done: Uint8Array;
  readonly failed: Set<number>;
  readonly needs: readonly ScheduledNeed[];
  /** Units wanted and not done. */
  remaining: number;
  /** Units wanted, not done and not claimed. */
  unclaimed: number;
  /** No unit below this one is both wanted and unclaimed. */
  cursor: number;
  /** Units to lease before any new one. */
  queue: QueuedUnits[];
  estimate: ChunkEstimate;
  /** Units that may wait at once in one thread. */
  concurrent: number;
  /** Whether failures of needed jobs have been looked for since the job became ready. */
  isScreened: boolean;
  /** How many of its units were found to kill hosts. */
  convictions: number;
  /** Units that are not to run although they were wanted; null while there are none. */
  cancelled: Uint8Array | null;
  /** Of these, the ones that were let go since somebody asked. */
  released: number[];
  /** Jobs with a higher number are leased first. */
  priority: number;
}

export function jobStateOf(job: ScheduledJob): JobState {
  const size = 8 * Math.max(job.wanted.length, job.done.length);
  const wanted = grownBitmap(job.wanted.slice(), size);
  const done = grownBitmap(job.done.slice(), size);
  const remaining = countWithout(wanted, done);
  const claimed = bitmapOf(size);
  const queue = [...(job.again ?? [])].flatMap(([unit, attempt]): QueuedUnits[] => {
    if (unit >= size || !hasBit(wanted, unit) || hasBit(done, unit)) return [];
    setBit(claimed, unit);
    return [{ units: [[unit, 1]], attempt: attempt + 1 }];
  });
  return {
    wanted,
    done,
    claimed,
    failed: new Set(job.failed),
    needs: job.needs,
    remaining,
    unclaimed: remaining - queue.length,
    cursor: 0,
    queue,
    estimate: noEstimate,
    concurrent: 1,
    isScreened: false,
    convictions: 0,
    cancelled: null,
    released: [],
    priority: 0,
  };
}

/** Wants more units; those wanted already change nothing. Returns how many are new. */
export function wantMore(job: JobState, units: Uint8Array): number {
  const size = 8 * units.length;
  job.wanted = grownBitmap(job.wanted, size);
  job.done = grownBitmap(job.done, size);
  job.claimed = grownBitmap(job.claimed, size);
  const fresh = units.map((byte, index) => byte & ~(job.wanted[index] ?? 0));
  for (let index = 0; index < fresh.length; index++) {
    const byte = fresh[index] ?? 0;
    if (byte === 0) continue;
    job.wanted[index] = (job.wanted[index] ?? 0) | byte;
    job.cursor = Math.min(job.cursor, index * 8);
  }
  const added = countWithout(fresh, job.done);
  job.remaining += added;
  job.unclaimed += added;
  if (added > 0) job.isScreened = false;
  return countBits(fresh);
}

/** Wants no unit from `first` on that is neither claimed nor done; returns those that it no longer wants. */
export function wantLess(job: JobState, first: number): Uint8Array {
  const dropped = job.wanted.map(
    (byte, index) => byte & ~(job.claimed[index] ?? 0) & ~(job.done[index] ?? 0),
  );
  dropped.fill(0, 0, first >>> 3);
  if (first >>> 3 < dropped.length) dropped[first >>> 3]! &= 0xff << (first & 7);
  for (let index = 0; index < dropped.length; index++) job.wanted[index]! &= ~(dropped[index] ?? 0);
  const count = countBits(dropped);
  job.remaining -= count;
  job.unclaimed -= count;
  return dropped;
}

/** Wants none of these units, but for those that are done or leased; the leased ones are given up once they come back. */
export function cancelUnits(job: JobState, units: Uint8Array): void {
  const size = 8 * Math.max(units.length, job.wanted.length);
  job.cancelled = grownBitmap(job.cancelled ?? bitmapOf(size), size);
  for (const unit of bitsOf(units)) {
    if (unit >= job.wanted.length * 8 || !hasBit(job.wanted, unit) || hasBit(job.done, unit)) continue;
    setBit(job.cancelled, unit);
    if (hasBit(job.claimed, unit)) continue;
    clearBit(job.wanted, unit);
    job.remaining -= 1;
    job.unclaimed -= 1;
    job.released.push(unit);
  }
}

/** Wants a unit again that has failed after so many attempts, before any new one. False where it has not. */
export function wantAgain(job: JobState, unit: number, attempts: number): boolean {
  if (!job.failed.has(unit) || !hasBit(job.wanted, unit) || !hasBit(job.done, unit)) return false;
  clearBit(job.done, unit);
  // It may have been cancelled while it was under way, and have ended all the same.
  if (job.cancelled !== null) clearBit(job.cancelled, unit);
  job.failed.delete(unit);
  setBit(job.claimed, unit);
  job.remaining += 1;
  job.queue.push({ units: [[unit, 1]], attempt: attempts + 1 });
  return true;
}

/** The ranges without the units of them that are cancelled, which nobody has any more. */
export function withoutCancelled(job: JobState, ranges: UnitRanges): UnitRanges {
  const { cancelled } = job;
  if (cancelled === null) return ranges;
  const left: [number, number][] = [];
  for (const unit of unitsOf(ranges)) {
    if (!hasBit(cancelled, unit)) {
      extend(left, unit, 1);
      continue;
    }
    clearBit(job.claimed, unit);
    clearBit(job.wanted, unit);
    job.remaining -= 1;
    job.released.push(unit);
  }
  return left;
}

/** Claims up to `count` unclaimed units, lowest first. */
export function claimNext(job: JobState, count: number): UnitRanges {
  const ranges: [number, number][] = [];
  let taken = 0;
  let unit = job.cursor;
  const end = job.wanted.length * 8;
  while (taken < count && unit < end) {
    const byte = unit >>> 3;
    const free = (job.wanted[byte] ?? 0) & ~(job.claimed[byte] ?? 0) & ~(job.done[byte] ?? 0);
    if (free === 0) {
      unit = (byte + 1) * 8;
      continue;
    }
    if (free === 0xff && (unit & 7) === 0 && count - taken >= 8) {
      job.claimed[byte] = 0xff;
      extend(ranges, unit, 8);
      taken += 8;
      unit += 8;
      continue;
    }
    if ((free & (1 << (unit & 7))) !== 0) {
      setBit(job.claimed, unit);
      extend(ranges, unit, 1);
      taken += 1;
    }
    unit += 1;
  }
  job.cursor = unit;
  job.unclaimed -= taken;
  return ranges;
}

/** Claims those of the units that are wanted, not done and not claimed. */
export function claimThese(job: JobState, units: UnitRanges): UnitRanges {
  const ranges: [number, number][] = [];
  for (const unit of unitsOf(units)) {
    if (!hasBit(job.wanted, unit) || hasBit(job.done, unit) || hasBit(job.claimed, unit)) continue;
    setBit(job.claimed, unit);
    extend(ranges, unit, 1);
    job.unclaimed -= 1;
  }
  return ranges;
}

function extend(ranges: [number, number][], unit: number, count: number): void {
  const last = ranges.at(-1);
  if (last !== undefined && last[0] + last[1] === unit) last[1] += count;
  else ranges.push([unit, count]);
}

/** Ends a claimed unit for good. */
export function settle(job: JobState, unit: number, isFailed: boolean): void {
  clearBit(job.claimed, unit);
  setBit(job.done, unit);
  job.remaining -= 1;
  if (isFailed) job.failed.add(unit);
}

/** The units of the ranges that are claimed still, in order. */
export function stillClaimed(job: JobState, ranges: UnitRanges): UnitRanges {
  const left: [number, number][] = [];
  for (const [first, count] of ranges) {
    for (let unit = first; unit < first + count; unit++) if (hasBit(job.claimed, unit)) extend(left, unit, 1);
  }
  return left;
}

/** Whether units, all of them of these ranges and none named twice, are claimed. */
export function areClaimed(job: JobState, ranges: UnitRanges, units: ArrayLike<number>): boolean {
  // Each claim is lifted while the next is looked at, so that a unit named twice is seen; then all are put back.
  let seen = 0;
  let [first, count] = ranges[0] ?? [0, 0];
  for (; seen < units.length; seen++) {
    const unit = units[seen] ?? -1;
    if (unit < first || unit >= first + count) {
      const range = rangeOf(ranges, unit);
      if (range === undefined) break;
      [first, count] = range;
    }
    if (!hasBit(job.claimed, unit)) break;
    clearBit(job.claimed, unit);
  }
  for (let i = 0; i < seen; i++) setBit(job.claimed, units[i] ?? 0);
  return seen === units.length;
}
