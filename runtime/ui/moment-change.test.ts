// A page that heard every change has the server's moment, whatever changed.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { changeOf, momentAfter } from "./moment-change.ts";
import type { Arm, RunMoment } from "./view-data.ts";

const counts = fc.record({
  total: fc.nat(),
  done: fc.nat(),
  reused: fc.nat(),
  failed: fc.nat(),
  otherwise: fc.nat(),
  interrupted: fc.nat(),
});
const end = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0));
const arm = (index: number): fc.Arbitrary<Arm> =>
  fc.record({
    index: fc.constant(index),
    condition: fc.constant({ arm: index }),
    total: fc.nat(),
    done: fc.nat(3),
    failed: fc.nat(3),
    otherwise: fc.nat(3),
    interrupted: fc.nat(3),
    isCancelled: fc.boolean(),
    n: fc.nat(3),
    mean: end,
    low: end,
    high: end,
    before: fc.constant(null),
    used: fc.constant({}),
  });
const moment: fc.Arbitrary<RunMoment> = fc.record({
  status: fc.constantFrom("running", "paused", "complete"),
  finishedAt: fc.constantFrom(null, "2026-11-29T00:00:00Z"),
  elapsedMs: fc.nat(),
  counts,
  jobs: fc.constant([]),
  intervals: fc.constant(null),
  arms: fc.nat(5).chain((size) => fc.tuple(...Array.from({ length: size }, (_, index) => arm(index)))),
  armCount: fc.nat(5),
  rule: fc.constant(null),
  pace: fc.constantFrom(null, { perSecond: 1, lowMs: 2, highMs: null }),
  used: fc.constant([]),
  workers: fc.constant([]),
  diskFreeMb: fc.constantFrom(null, 1000),
  causes: fc.constant([]),
  latest: fc.constant([]),
  feed: fc.array(fc.record({ atMs: fc.nat(3), level: fc.constant("info" as const), words: fc.string() })),
  services: fc.constant([]),
  budgets: fc.constant([]),
  limitedBy: fc.constantFrom(null, "2 workers, all busy"),
  underWay: fc.constant([]),
  room: fc.record({ slots: fc.nat(8), asked: fc.nat(8), most: fc.constant(null) }),
  acts: fc.nat(3),
  shut: fc.constantFrom(null, "the run has ended"),
});

/** As it comes through the stream. */
function asSent<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

test("changes on top of a snapshot give the moment itself; arms are never lost", () => {
  fc.assert(
    fc.property(moment, fc.array(moment, { minLength: 1, maxLength: 8 }), (first, later) => {
      let sent = first;
      let shown = first;
      for (const next of later) {
        // Arms that a design once has, it keeps.
        const after = { ...next, arms: [...next.arms, ...sent.arms.slice(next.arms.length)] };
        const change = changeOf(sent, after);
        if (change === null) {
          assert.equal(asSent({ ...after, elapsedMs: 0 }), asSent({ ...sent, elapsedMs: 0 }));
          continue;
        }
        shown = momentAfter(shown, asSent(change));
        sent = after;
        assert.equal(asSent(shown), asSent(after));
      }
    }),
  );
});

test.run();
