// Whatever is done to a run while it goes on, every unit that nobody cancelled is settled once, and a cancelled one at most once.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bitmapOf, bitsOf, fillBits, setBit } from "../plan/bitmap.ts";
import { type Lease, Scheduler } from "./scheduler.ts";
import { unitsOf } from "./unit-ranges.ts";

function fullBitmap(count: number): Uint8Array {
  const bitmap = bitmapOf(count);
  fillBits(bitmap, count);
  return bitmap;
}

const step = fc.record({
  action: fc.constantFrom(
    "lease",
    "lease",
    "part",
    "fail",
    "retry",
    "end",
    "lost",
    "pause",
    "unpause",
    "cancel",
    "priority",
    "resize",
  ),
  host: fc.constantFrom("a", "b"),
  job: fc.constantFrom(0, 1),
  pick: fc.nat(40),
});

class Walk {
  readonly scheduler: Scheduler;
  readonly settled = [new Map<number, number>(), new Map<number, number>()];
  readonly cancelled = [new Set<number>(), new Set<number>()];
  readonly let = [new Set<number>(), new Set<number>()];
  readonly failed = [new Set<number>(), new Set<number>()];
  readonly leases = new Map<number, Lease>();

  constructor(readonly units: number) {
    const job = { wanted: fullBitmap(units), done: bitmapOf(units), failed: [], needs: [] };
    this.scheduler = new Scheduler({ jobs: [job, job], slots: 2, limits: { targetMs: 10, unitsMax: 7 } });
  }

  lease(host: string): boolean {
    const lease = this.scheduler.lease(host);
    if (lease !== null) this.leases.set(lease.id, lease);
    return lease !== null;
  }

  /** Settles the first `count` units of a lease, as records do. */
  accept(lease: Lease, count: number, isFailed = false): void {
    const left = [...unitsOf(lease.units)].filter((unit) => !this.settled[lease.job]!.has(unit));
    const units = left.slice(0, count);
    if (units.length === 0 || !this.scheduler.accept(lease.id, units, isFailed ? units : [])) return;
    for (const unit of units) if (isFailed) this.failed[lease.job]!.add(unit);
    for (const unit of units)
      this.settled[lease.job]!.set(unit, (this.settled[lease.job]!.get(unit) ?? 0) + 1);
  }

  retry(job: number, unit: number): void {
    const isAgain = this.scheduler.retry(job, unit, 1);
    assert.is(isAgain, this.failed[job]!.delete(unit), "what has failed runs again, and nothing else");
    if (!isAgain) return;
    this.settled[job]!.delete(unit);
    this.cancelled[job]!.delete(unit);
  }

  end(lease: Lease): void {
    this.leases.delete(lease.id);
    this.scheduler.end(lease.id, { busyMs: 1 });
    this.release();
  }

  cancel(job: number, first: number, count: number): void {
    const units = bitmapOf(this.units);
    for (let unit = first; unit < Math.min(this.units, first + count); unit += 1) {
      setBit(units, unit);
      if (!this.settled[job]!.has(unit)) this.cancelled[job]!.add(unit);
    }
    this.scheduler.cancel(job, units);
    this.release();
  }

  release(): void {
    for (const job of [0, 1])
      for (const unit of bitsOf(this.scheduler.released(job) ?? bitmapOf(0))) {
        assert.not(this.let[job]!.has(unit), "let go once");
        this.let[job]!.add(unit);
      }
  }

  lost(host: string): void {
    this.scheduler.lost(host);
    this.scheduler.verdicts().forEach(({ job, unit }) => {
      this.settled[job]!.set(unit, (this.settled[job]!.get(unit) ?? 0) + 1);
      this.failed[job]!.add(unit);
    });
    for (const lease of this.leases.values()) if (lease.host === host) this.leases.delete(lease.id);
    this.release();
  }
}

test("pause, cancel, retry, priorities, threads and lost hosts in any order: every other unit is settled once", () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 40 }),
    fc.array(step, { maxLength: 120 }),
    (units, steps) => {
      const walk = new Walk(units);
      let isPaused = false;
      for (const { action, host, job, pick } of steps) {
        const held = [...walk.leases.values()];
        const lease = held[pick % Math.max(1, held.length)];
        if (action === "lease") {
          const given = walk.lease(host);
          assert.ok(!(given && isPaused), "nothing starts while paused");
        } else if (action === "pause" || action === "unpause") {
          isPaused = action === "pause";
          walk.scheduler.pause(isPaused);
        } else if (action === "cancel") walk.cancel(job, pick % units, 1 + (pick % 5));
        else if (action === "priority") walk.scheduler.prioritize(job, pick - 20);
        else if (action === "resize") walk.scheduler.resize(1 + pick);
        else if (action === "lost") walk.lost(host);
        else if (action === "retry") walk.retry(job, pick % units);
        else if (lease !== undefined && action === "fail") walk.accept(lease, 1 + (pick % 3), true);
        else if (lease !== undefined && action === "part") walk.accept(lease, 1 + (pick % 3));
        else if (lease !== undefined) walk.end(lease);
      }
      walk.scheduler.pause(false);
      for (let isMore = true; isMore; ) {
        isMore = walk.lease("a");
        for (const lease of [...walk.leases.values()]) {
          walk.accept(lease, lease.count);
          walk.end(lease);
          isMore = true;
        }
      }
      assert.is(walk.scheduler.remaining, 0);
      for (const job of [0, 1])
        for (let unit = 0; unit < units; unit += 1) {
          const times = walk.settled[job]!.get(unit) ?? 0;
          if (walk.let[job]!.has(unit)) {
            assert.ok(walk.cancelled[job]!.has(unit), "only what was cancelled is let go");
            assert.is(times, 0);
          } else assert.is(times, 1, `unit ${unit} of job ${job}`);
        }
    },
  );
  fc.assert(property, { numRuns: 500 });
});

test("a job with a higher priority is leased first, and what it needs before it", () => {
  const job = { wanted: fullBitmap(2), done: bitmapOf(2), failed: [], needs: [] };
  const scheduler = new Scheduler({
    jobs: [job, job, { ...job, needs: [{ job: 1, unitOf: null }] }],
    slots: 1,
    limits: { targetMs: 10, unitsMax: 2 },
  });
  scheduler.prioritize(2, 1);
  const order: number[] = [];
  for (let lease = scheduler.lease("h"); lease !== null; lease = scheduler.lease("h")) {
    if (order.at(-1) !== lease.job) order.push(lease.job);
    scheduler.accept(lease.id, [...unitsOf(lease.units)]);
    scheduler.end(lease.id, { busyMs: 1 });
  }
  assert.equal(order, [1, 2, 0]);
});

test.run();
