// What the scheduler promises, walked by hand and under random interleavings of completions, returns and crashes.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bitmapOf, bitsOf, countBits, fillBits, hasBit, setBit } from "../plan/bitmap.ts";
import type { ScheduledJob } from "./job-state.ts";
import { type Lease, Scheduler } from "./scheduler.ts";
import { unitsOf } from "./unit-ranges.ts";

const fullBitmap = (count: number): Uint8Array => {
  const bitmap = bitmapOf(count);
  fillBits(bitmap, count);
  return bitmap;
};
const limits = { targetMs: 10, unitsMax: 1000 };
const jobOf = (units: number, more: Partial<ScheduledJob> = {}): ScheduledJob => ({
  wanted: fullBitmap(units),
  done: bitmapOf(units),
  failed: [],
  needs: [],
  ...more,
});
const schedulerOf = (...jobs: ScheduledJob[]): Scheduler => new Scheduler({ jobs, slots: 2, limits });
const unitsIn = (lease: Lease | null): number[] => (lease === null ? [] : [...unitsOf(lease.units)]);

function finish(scheduler: Scheduler, lease: Lease | null, msEach = 1): void {
  assert.ok(lease !== null);
  assert.ok(scheduler.accept(lease.id, unitsIn(lease)));
  scheduler.end(lease.id, { busyMs: msEach * lease.count });
}

function runAll(scheduler: Scheduler, msEach = 1): number[][] {
  const leases: number[][] = [];
  for (;;) {
    const lease = scheduler.lease("h");
    if (lease === null) return leases;
    leases.push(unitsIn(lease));
    finish(scheduler, lease, msEach);
  }
}

test("units run in ascending order, replicate by replicate", () => {
  assert.equal(
    runAll(schedulerOf(jobOf(100))).flat(),
    Array.from({ length: 100 }, (_, i) => i),
  );
});

test("dropped units run no more, but those under way and recorded stand; wanted again, they run", () => {
  const scheduler = schedulerOf(jobOf(20));
  const lease = scheduler.lease("h");
  const held = unitsIn(lease);
  const dropped = [...bitsOf(scheduler.drop(0, 5))];
  assert.equal(
    dropped,
    Array.from({ length: 15 }, (_, i) => i + 5).filter((unit) => !held.includes(unit)),
  );
  assert.is(scheduler.remaining, 20 - dropped.length);
  finish(scheduler, lease);
  const ran = runAll(scheduler).flat();
  assert.ok([...held, ...ran].every((unit) => !dropped.includes(unit)));
  assert.is(scheduler.remaining, 0);
  assert.is(scheduler.add(0, fullBitmap(20)), dropped.length);
  assert.equal(runAll(scheduler).flat(), dropped);
});

test("chunks grow toward the target and stay at one where a unit is long", () => {
  const sizes = runAll(schedulerOf(jobOf(5000)), 0.1).map((units) => units.length);
  assert.is(sizes[0], 1);
  assert.is(Math.max(...sizes), 100);
  assert.ok(runAll(schedulerOf(jobOf(50)), 30).every((units) => units.length === 1));
});

test("where one controller serves a thousand threads, a lease holds two seconds of work", () => {
  const scheduler = new Scheduler({ jobs: [jobOf(40_000_000)], slots: 1000 });
  const sizes: number[] = [];
  for (let i = 0; i < 5; i++) {
    const lease = scheduler.lease("h");
    sizes.push(lease?.count ?? 0);
    finish(scheduler, lease, 1);
  }
  assert.equal(sizes, [1, 16, 256, 2000, 2000]);
});

test("what is recorded already is not run again", () => {
  const done = bitmapOf(20);
  for (let unit = 0; unit < 20; unit += 3) setBit(done, unit);
  const run = runAll(schedulerOf(jobOf(20, { done }))).flat();
  assert.is(run.length, 13);
  assert.ok(run.every((unit) => unit % 3 !== 0));
});

test("a job waits until all that it needs is settled", () => {
  const scheduler = schedulerOf(jobOf(2), jobOf(2, { needs: [{ job: 0, unitOf: (unit) => unit }] }));
  const first = scheduler.lease("h");
  const second = scheduler.lease("h");
  assert.is(first?.job, 0);
  assert.is(second?.job, 0);
  assert.is(scheduler.lease("h"), null);
  finish(scheduler, first);
  assert.is(scheduler.lease("h"), null);
  finish(scheduler, second);
  assert.is(scheduler.lease("h")?.job, 1);
});

test("a unit whose upstream unit failed is settled as upstream, down the whole chain", () => {
  const scheduler = schedulerOf(
    jobOf(3),
    jobOf(6, { needs: [{ job: 0, unitOf: (unit) => unit % 3 }] }),
    jobOf(6, { needs: [{ job: 1, unitOf: (unit) => unit }] }),
  );
  const seen: string[] = [];
  for (let round = 0; round < 100 && scheduler.remaining > 0; round++) {
    const lease = scheduler.lease("h");
    for (const { job, unit, reason, neededJob, needed } of scheduler.verdicts())
      seen.push(`${job}/${unit} ${reason} ${neededJob}/${needed}`);
    if (lease === null) continue;
    const units = unitsIn(lease);
    scheduler.accept(lease.id, units, lease.job === 0 ? units.filter((unit) => unit === 1) : []);
    scheduler.end(lease.id, { busyMs: 1 });
  }
  assert.is(scheduler.remaining, 0);
  assert.equal(seen.sort(), ["1/1 upstream 0/1", "1/4 upstream 0/1", "2/1 upstream 1/1", "2/4 upstream 1/4"]);
});

test("an experiment that needs another's results bears its failures", () => {
  const scheduler = schedulerOf(
    jobOf(1, { failed: [0], done: fullBitmap(1) }),
    jobOf(1, { needs: [{ job: 0, unitOf: null }] }),
  );
  assert.is(scheduler.lease("h")?.job, 1);
});

test("a unit that is tried again is leased once more when its lease is over, and is not settled before", () => {
  const scheduler = schedulerOf(jobOf(3));
  const first = scheduler.lease("h");
  assert.ok(first !== null);
  assert.not(scheduler.again(first.id, 2));
  assert.ok(scheduler.again(first.id, 0));
  assert.not(scheduler.again(first.id, 0));
  assert.not(scheduler.accept(first.id, [0]));
  assert.is(scheduler.remaining, 3);
  scheduler.end(first.id, { busyMs: 1 });
  const second = scheduler.lease("h");
  assert.equal([unitsIn(second), second?.attempt], [[0], 2]);
  finish(scheduler, second);
  assert.equal(runAll(scheduler).flat(), [1, 2]);
  assert.is(scheduler.remaining, 0);
});

test("a unit that brings its host down is tried again alone as long as it may be", () => {
  let left = 2;
  const scheduler = new Scheduler({
    jobs: [jobOf(1)],
    slots: 2,
    limits,
    isTriedAgain: () => left-- > 0,
  });
  const seen: boolean[] = [];
  for (let losses = 0; scheduler.remaining > 0; losses++) {
    assert.ok(losses < 10);
    scheduler.lease("h");
    scheduler.lost("h");
    seen.push(...scheduler.verdicts().map(({ isFinal }) => isFinal));
  }
  assert.equal(seen, [false, false, true]);
});

test("a job that does not fit is passed over for one that does", () => {
  const scheduler = schedulerOf(jobOf(1), jobOf(1));
  assert.is(scheduler.lease("h", (job) => job !== 0)?.job, 1);
  assert.is(
    scheduler.lease("h", (job) => job !== 0),
    null,
  );
  assert.is(scheduler.lease("h")?.job, 0);
});

test("a unit that is suspected of killing hosts waits for a host that it fits", () => {
  const scheduler = schedulerOf(jobOf(1), jobOf(1));
  const isFirst = (job: number): boolean => job === 0;
  const isSecond = (job: number): boolean => job === 1;
  for (let losses = 0; losses < 2; losses++) {
    assert.is(scheduler.lease("h", isFirst)?.job, 0);
    scheduler.lost("h");
  }
  assert.is(scheduler.lease("other", isSecond)?.job, 1);
  assert.is(scheduler.lease("third", isSecond), null);
  assert.equal([scheduler.lease("h", isFirst)].map((lease) => [lease?.job, lease?.isAlone])[0], [0, true]);
});

test("records of a lost lease are refused, and so are units settled before", () => {
  const scheduler = schedulerOf(jobOf(4));
  const lost = scheduler.lease("a");
  assert.ok(lost !== null);
  scheduler.lost("a");
  assert.not(scheduler.accept(lost.id, [0]));
  const again = scheduler.lease("b");
  assert.ok(again !== null);
  assert.is(again.attempt, 2);
  assert.not(scheduler.accept(again.id, [0, 0]));
  assert.not(scheduler.accept(again.id, [0, 3]));
  assert.ok(scheduler.accept(again.id, [0]));
  assert.not(scheduler.accept(again.id, [0]));
  assert.is(scheduler.remaining, 3);
});

test("units added while running are run, whatever was finished before", () => {
  const scheduler = schedulerOf(jobOf(3));
  runAll(scheduler);
  assert.is(scheduler.add(0, fullBitmap(3)), 0);
  assert.is(scheduler.add(0, fullBitmap(30)), 27);
  assert.is(scheduler.remaining, 27);
  assert.is(runAll(scheduler).flat().length, 27);
});

test("a host lost once is an accident; units lost twice run alone, where nothing else is lost with them", () => {
  const scheduler = schedulerOf(jobOf(100));
  finish(scheduler, scheduler.lease("a"), 0.1);
  const first = scheduler.lease("a");
  assert.ok(first !== null && first.count > 1);
  scheduler.lost("a");
  const again = scheduler.lease("b");
  assert.equal([again?.attempt, again?.isAlone], [2, false]);
  scheduler.lost("b");
  const alone = scheduler.lease("c");
  assert.equal([alone?.attempt, alone?.isAlone], [3, true]);
  assert.is(scheduler.lease("c"), null, "nothing runs beside it");
});

test("the unit that kills its host is found, and no other is convicted", () => {
  for (const guilty of [0, 17, 499]) {
    const scheduler = schedulerOf(jobOf(500));
    let deaths = 0;
    const convicted: number[] = [];
    const held = new Map<number, Lease>();
    for (let round = 0; round < 10_000 && scheduler.remaining > 0; round++) {
      const lease = scheduler.lease("h");
      for (const verdict of scheduler.verdicts()) convicted.push(verdict.unit);
      if (lease !== null) held.set(lease.id, lease);
      if (lease !== null && held.size < 3 && !lease.isAlone) continue;
      // Three leases at once, then the host runs them; the guilty unit takes all of them down.
      const batch = [...held.values()];
      held.clear();
      if (batch.some((each) => unitsIn(each).includes(guilty))) {
        deaths += 1;
        scheduler.lost("h");
      } else for (const each of batch) finish(scheduler, each, 0.05);
    }
    for (const verdict of scheduler.verdicts()) convicted.push(verdict.unit);
    assert.equal(convicted, [guilty]);
    assert.is(scheduler.remaining, 0);
    assert.ok(deaths <= 12, `${deaths} hosts died`);
  }
});

test("draining gives no lease and keeps what comes in", () => {
  const scheduler = schedulerOf(jobOf(9));
  const lease = scheduler.lease("h");
  scheduler.drain();
  assert.is(scheduler.lease("h"), null);
  finish(scheduler, lease);
  assert.is(scheduler.remaining, 8);
});

test("every wanted unit is settled exactly once under any interleaving", () => {
  const step = fc.record({
    action: fc.constantFrom("lease", "part", "end", "lost", "broken", "guilty", "late", "add"),
    host: fc.constantFrom("a", "b"),
    pick: fc.nat(20),
  });
  const property = fc.property(
    fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
    fc.nat(3),
    fc.array(step, { maxLength: 300 }),
    (wantedBits, downstream, steps) => {
      const wanted = bitmapOf(wantedBits.length);
      for (const [unit, bit] of wantedBits.entries()) if (bit) setBit(wanted, unit);
      const scheduler = schedulerOf(
        { ...jobOf(1), wanted },
        jobOf(downstream, { needs: [{ job: 0, unitOf: (unit) => unit }] }),
      );
      const settled = new Map<string, number>();
      const open: Lease[] = [];
      const dead: Lease[] = [];
      const settle = (job: number, unit: number): void => {
        const key = `${job}/${unit}`;
        settled.set(key, (settled.get(key) ?? 0) + 1);
      };
      const close = (lease: Lease): void => {
        open.splice(open.indexOf(lease), 1);
        dead.push(lease);
      };
      const judge = (): void => {
        for (const verdict of scheduler.verdicts()) settle(verdict.job, verdict.unit);
      };
      const left = (lease: Lease): number[] =>
        unitsIn(lease).filter((unit) => !settled.has(`${lease.job}/${unit}`));
      const takeLease = (host: string): boolean => {
        const lease = scheduler.lease(host);
        judge();
        if (lease === null) return false;
        const held = new Set(open.flatMap((each) => unitsIn(each).map((unit) => `${each.job}/${unit}`)));
        assert.ok(
          unitsIn(lease).every((unit) => !held.has(`${lease.job}/${unit}`)),
          "no unit is leased twice at once",
        );
        assert.is(left(lease).length, lease.count, "no settled unit is leased");
        open.push(lease);
        return true;
      };
      const total = (): number => countBits(wanted) + downstream;
      for (const { action, host, pick } of steps) {
        const lease = open[pick % Math.max(1, open.length)];
        if (action === "lease") takeLease(host);
        else if (action === "add" && pick < 4) {
          const more = bitmapOf(70);
          for (let unit = 0; unit < 70; unit++) if (hasBit(wanted, unit)) setBit(more, unit);
          scheduler.add(0, more);
        } else if (action === "late") {
          const late = dead[pick % Math.max(1, dead.length)];
          if (late !== undefined) assert.not(scheduler.accept(late.id, unitsIn(late)));
        } else if (lease === undefined) continue;
        else if (action === "part" || action === "end") {
          const units = left(lease).slice(0, action === "part" ? pick : undefined);
          assert.ok(scheduler.accept(lease.id, units));
          for (const unit of units) settle(lease.job, unit);
          if (action === "end") {
            scheduler.end(lease.id, { busyMs: pick * 0.1 });
            close(lease);
          }
        } else if (action === "guilty") {
          const unit = left(lease)[0];
          if (unit !== undefined) {
            assert.ok(scheduler.fail(lease.job, unit));
            settle(lease.job, unit);
          }
          scheduler.end(lease.id, { busyMs: 1 });
          close(lease);
        } else if (action === "broken") {
          scheduler.broken(lease.id);
          close(lease);
        } else if (action === "lost") {
          scheduler.lost(host);
          for (const each of open.filter((one) => one.host === host)) close(each);
        }
        judge();
        assert.is(scheduler.remaining, total() - settled.size);
      }
      for (let round = 0; round < 2000 && scheduler.remaining > 0; round++) {
        takeLease("a");
        for (const lease of [...open]) {
          for (const unit of left(lease)) settle(lease.job, unit);
          scheduler.accept(
            lease.id,
            unitsIn(lease).filter((unit) => settled.get(`${lease.job}/${unit}`) === 1),
          );
          scheduler.end(lease.id, { busyMs: 1 });
          close(lease);
        }
        judge();
      }
      assert.is(scheduler.remaining, 0);
      assert.is(settled.size, total());
      assert.ok([...settled.values()].every((times) => times === 1));
      assert.is([...bitsOf(wanted)].length, countBits(wanted));
    },
  );
  fc.assert(property, { numRuns: 300 });
});

test("a lease with one cancelled unit is ended where its units run one by one, with only such units where they wait side by side", () => {
  for (const waits of [false, true]) {
    const scheduler = schedulerOf(jobOf(40));
    if (waits) scheduler.letWait(0, 20);
    else finish(scheduler, scheduler.lease("h"), 0.1);
    const lease = scheduler.lease("h")!;
    const held = unitsIn(lease);
    assert.ok(held.length > 1);
    const one = bitmapOf(40);
    setBit(one, held[0]!);
    scheduler.cancel(0, one);
    assert.is(scheduler.isCancelled(lease.id), !waits);
    const whole = bitmapOf(40);
    for (const unit of held) setBit(whole, unit);
    scheduler.cancel(0, whole);
    assert.is(scheduler.isCancelled(lease.id), true);
  }
});

test.run();
