// Laws of the limits, by a clock of the test: however long requests are on their way to the endpoint, no window of the endpoint holds more than
// the limits, everybody is let in, and where answers are fast nearly all of the limits is used. Conditions take turns, and an endpoint that is
// down is tried by one call at a time.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { failuresMost } from "./breaker.ts";
import { type Clock, type Governor, governor } from "./governor.ts";
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

/** What a call says of its endpoint that went well, at whatever pace. */
const well = { isUp: true, speed: "same", waitMs: 0 } as const;

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
    void gate.enter({ condition: `${i % 2}`, trial: `${i % 3}`, tokens: expected, signal }).then((place) => {
      clock.after(onItsWay, () => {
        arrivals.push({ atMs: clock.now(), tokens });
        clock.after(answering, () =>
          place.leave({ isAnswered, tokens: isAnswered ? tokens : null, ...well }),
        );
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

test("no two calls start nearer to each other than the spacing, however many wait and however they end", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(call, { minLength: 2, maxLength: 30 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 8 }),
      async (calls, spacingMs, concurrency) => {
        const near = calls.map((one) => ({ ...one, onItsWay: 0 }));
        const arrivals = await arrivalsOf({ ...unlimited, spacingMs, concurrency }, near);
        assert.is(arrivals.length, calls.length);
        for (const [i, { atMs }] of arrivals.entries())
          if (i > 0)
            assert.ok(atMs - arrivals[i - 1]!.atMs >= spacingMs, `${atMs - arrivals[i - 1]!.atMs} ms`);
      },
    ),
    { numRuns: 100 },
  ));

interface Arm {
  readonly trials: number;
  /** How many calls each trial asks for at once, and how long one takes. */
  readonly width: number;
  readonly takesMs: number;
}

/** Each trial asks so many at a time, and again when they are answered; the arm of each call that was let in until a time, in order. */
async function turnsOf(limits: Limits, arms: readonly Arm[], untilMs: number): Promise<readonly number[]> {
  const clock = simulatedClock();
  const gate = governor(limits, null, clock);
  const letIn: number[] = [];
  const { signal } = new AbortController();
  const ask = async (arm: number, trial: number): Promise<void> => {
    const place = await gate.enter({ condition: `${arm}`, trial: `${arm}/${trial}`, tokens: 1, signal });
    letIn.push(arm);
    await new Promise<void>((resolve) => clock.after(arms[arm]!.takesMs, resolve));
    place.leave({ isAnswered: true, tokens: 1, ...well });
  };
  for (const [arm, { trials, width }] of arms.entries())
    for (let trial = 0; trial < trials; trial++)
      void (async () => {
        while (clock.now() < untilMs) await Promise.all(Array.from({ length: width }, () => ask(arm, trial)));
      })();
  await clock.run();
  return letIn;
}

const arm = fc.record({
  trials: fc.integer({ min: 4, max: 25 }),
  width: fc.integer({ min: 1, max: 4 }),
  takesMs: fc.integer({ min: 1, max: 200 }),
});

test("conditions get calls in turn, however many trials each has waiting, whatever these ask at once and however long a call takes", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(arm, { minLength: 2, maxLength: 4 }),
      fc.integer({ min: 30, max: 120 }),
      async (arms, requests) => {
        // Slow enough that somebody of each arm always waits: 4 trials, and a call is answered before three others have started.
        const limits = { ...unlimited, requests, spacingMs: 250 };
        const letIn = await turnsOf(limits, arms, 3 * windowMs);
        const counted = letIn.slice(0, requests * 2);
        const counts = arms.map((_, i) => counted.filter((one) => one === i).length);
        const spread = Math.max(...counts) - Math.min(...counts);
        assert.ok(spread <= 1 + arms.length, `calls by arm ${counts.join(", ")}`);
      },
    ),
    { numRuns: 40 },
  ));

/** The answered calls, and when each call started, at an endpoint that is down for a time; each is tried again until it is answered. */
async function throughOutage(of: {
  readonly calls: number;
  readonly concurrency: number;
  readonly from: number;
  readonly forMs: number;
}) {
  const clock = simulatedClock();
  const gate = governor({ ...unlimited, concurrency: of.concurrency }, null, clock);
  const starts: { readonly atMs: number; readonly isUp: boolean; readonly others: number }[] = [];
  const { signal } = new AbortController();
  let answered = 0;
  let underWay = 0;
  const ask = async (trial: number): Promise<void> => {
    const place = await gate.enter({ condition: "c", trial: `${trial}`, tokens: 1, signal });
    const isUp = clock.now() < of.from || clock.now() >= of.from + of.forMs;
    starts.push({ atMs: clock.now(), isUp, others: underWay });
    underWay += 1;
    await new Promise<void>((resolve) => clock.after(100, resolve));
    underWay -= 1;
    place.leave({ isAnswered: true, tokens: 1, isUp, speed: "same", waitMs: 0 });
    if (isUp) answered += 1;
    else await ask(trial);
  };
  for (let trial = 0; trial < of.calls; trial++) void ask(trial);
  await clock.run();
  return { starts, answered, outage: (gate satisfies Governor).reading().outage };
}

test("an endpoint that is down is tried by one call at a time, ever more seldom, and all go on with its first answer", () =>
  fc.assert(
    fc.asyncProperty(
      fc.record({
        calls: fc.integer({ min: 30, max: 60 }),
        concurrency: fc.integer({ min: 1, max: 10 }),
        from: fc.integer({ min: 0, max: 200 }),
        forMs: fc.integer({ min: 2000, max: 20 * windowMs }),
      }),
      async (of) => {
        const { starts, answered, outage } = await throughOutage(of);
        assert.is(answered, of.calls, "everybody is answered in the end");
        assert.equal([outage.isDown, outage.count], [false, 1]);
        const failed = starts.filter(({ isUp }) => !isUp);
        // Those under way when it was found out, and then the tries: after 15 s, 30 s and every minute.
        const tries = failed.filter(({ atMs }) => atMs >= of.from + windowMs / 4);
        assert.ok(failed.length - tries.length <= failuresMost + of.concurrency, `${failed.length} failed`);
        assert.ok(tries.length <= 2 + of.forMs / windowMs, `${tries.length} tries`);
        for (const [i, { atMs, others }] of tries.entries()) {
          assert.is(others, 0, "one at a time");
          if (i > 0) assert.ok(atMs - tries[i - 1]!.atMs >= windowMs / 2);
        }
        const first = starts.findIndex(({ isUp, atMs }) => isUp && atMs >= of.from + of.forMs);
        const late = starts[first]!.atMs - (of.from + of.forMs);
        assert.ok(late <= windowMs + 100, `the first answer comes ${late} ms after it is up again`);
        const allIn = starts.at(-1)!.atMs - starts[first]!.atMs;
        assert.ok(allIn <= 100 * (1 + Math.ceil(of.calls / of.concurrency)), `all are in after ${allIn} ms`);
      },
    ),
    { numRuns: 60 },
  ));

test("fewer failures in a row than that hold nobody up, and a call that was given up while it tried lets the next one try", async () => {
  const clock = simulatedClock();
  const gate = governor(unlimited, null, clock);
  const { signal } = new AbortController();
  const call = { condition: "c", trial: "t", tokens: 1, signal };
  const ends = async (isUp: boolean | null): Promise<number> => {
    let at = Number.NaN;
    void gate.enter(call).then((place) => {
      at = clock.now();
      place.leave({ isAnswered: true, tokens: 1, isUp, speed: "same", waitMs: 0 });
    });
    await clock.run();
    return at;
  };
  for (let i = 1; i < failuresMost; i++) await ends(false);
  await ends(true);
  for (let i = 1; i < failuresMost; i++) assert.is(await ends(false), 0);
  assert.is(gate.reading().outage.count, 0);
  await ends(false);
  const words = `${failuresMost} calls in a row failed. One call at a time tries it, the others wait.`;
  assert.equal(gate.reading().outage, { isDown: true, count: 1, words });
  assert.is(await ends(null), windowMs / 4);
  assert.is(await ends(true), windowMs / 4, "the next one tries at once");
  assert.equal(gate.reading().outage, { isDown: false, count: 1, words });
});

test.run();
