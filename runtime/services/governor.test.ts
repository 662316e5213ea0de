// Laws of the limits, by a clock of the test: however long requests are on their way to the endpoint, no window of the endpoint holds more than
// the limits, everybody is let in, and where answers are fast nearly all of the limits is used.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Clock, governor } from "./governor.ts";
import type { Limits } from "./pace.ts";

const windowMs = 60_000;
const unlimited: Limits = { requests: null, tokens: null, concurrency: 50, spacingMs: 0, windowMs };

interface Call {
  /** Milliseconds from its start to its arrival, and from there until its end. */
  readonly onItsWay: number;
  readonly answering: number;
  readonly isAnswered: boolean;
  readonly expected: number;
  /** Share of the expected tokens that it takes. */
  readonly share: number;
}

interface Arrival {
  readonly atMs: number;
  readonly tokens: number;
}

/** Time that passes from one appointment to the next, once everybody has done what there is to do. */
function simulatedClock(): Clock & { readonly run: () => Promise<void> } {
  const due = new Map<() => void, number>();
  let at = 0;
  return {
    now: () => at,
    after(ms, then) {
      const once = (): void => then();
      due.set(once, at + ms);
      return () => due.delete(once);
    },
    async run() {
      for (;;) {
        await new Promise(setImmediate);
        const next = [...due].reduce<[() => void, number] | null>(
          (first, one) => (first === null || one[1] < first[1] ? one : first),
          null,
        );
        if (next === null) return;
        due.delete(next[0]);
        at = Math.max(at, next[1]);
        next[0]();
      }
    },
  };
}

/** Asks for all of them at once; what arrives at the endpoint, in order. */
async function arrivalsOf(limits: Limits, calls: readonly Call[]): Promise<readonly Arrival[]> {
  const clock = simulatedClock();
  const gate = governor(limits, null, clock);
  const arrivals: Arrival[] = [];
  for (const [i, call] of calls.entries()) {
    const { onItsWay, answering, isAnswered, expected, share } = call;
    const tokens = isAnswered ? Math.floor(expected * share) : expected;
    const { signal } = new AbortController();
    void gate.enter({ trial: `${i % 3}`, tokens: expected, signal }).then((place) => {
      clock.after(onItsWay, () => {
        arrivals.push({ atMs: clock.now(), tokens });
        clock.after(answering, () => place.leave({ isAnswered, tokens: isAnswered ? tokens : null }));
      });
    });
  }
  await clock.run();
  return arrivals;
}

/** The most that any window held. */
function busiest(arrivals: readonly Arrival[], of: (arrival: Arrival) => number): number {
  return Math.max(
    0,
    ...arrivals.map(({ atMs: from }) =>
      arrivals
        .filter(({ atMs }) => atMs >= from && atMs < from + windowMs)
        .reduce((sum, one) => sum + of(one), 0),
    ),
  );
}

const delay = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 3 * windowMs }));
const call = fc.record({
  onItsWay: delay,
  answering: delay,
  isAnswered: fc.boolean(),
  expected: fc.integer({ min: 1, max: 500 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});

test("no window of the endpoint holds more requests or tokens than allowed, however long requests are on their way", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(call, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 500, max: 2000 }),
      fc.integer({ min: 1, max: 50 }),
      async (calls, requests, tokens, concurrency) => {
        const arrivals = await arrivalsOf({ ...unlimited, requests, tokens, concurrency }, calls);
        assert.is(arrivals.length, calls.length, "everybody is let in");
        const most = [busiest(arrivals, () => 1), busiest(arrivals, (one) => one.tokens)];
        assert.ok(most[0]! <= requests, `${most[0]} requests of ${requests}`);
        assert.ok(most[1]! <= tokens, `${most[1]} tokens of ${tokens}`);
      },
    ),
    { numRuns: 100 },
  ));

test("where answers are fast at least 95% of the limits are used", async () => {
  const fast: Call = { onItsWay: 300, answering: 700, isAnswered: true, expected: 10, share: 1 };
  for (const limits of [
    { ...unlimited, requests: 100 },
    { ...unlimited, tokens: 1000 },
  ]) {
    const arrivals = await arrivalsOf(limits, Array<Call>(1500).fill(fast));
    const last = arrivals.at(-1)!.atMs;
    assert.ok(busiest(arrivals, () => 1) <= 100);
    assert.ok(1400 / (last / windowMs) >= 95, `${1400 / (last / windowMs)} a minute of 100`);
  }
});

test.run();
