// The state of a run is what its events say, in whatever rhythm they come; failures are grouped by cause, and the time left is a range.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunEvent } from "../event/event.ts";
import { causeKeyOf } from "./cause.ts";
import { beforeRun, feedMax, type RunState, runPaceOf, runStateAfter } from "./run-state.ts";

const started: RunEvent = {
  type: "run-started",
  run: "r0001-calm-otter",
  build: "b1",
  experiments: ["walk"],
  trials: { total: 100, reused: 10 },
  stageUnits: { total: 0, reused: 0 },
  workers: 2,
};
const begun: RunEvent = { type: "job-started", experiment: "walk", stage: "trial", total: 100, reused: 10 };
const progress = (done: number, failed = 0): RunEvent => ({
  type: "progress",
  experiment: "walk",
  stage: "trial",
  done,
  total: 100,
  failed,
  perSecond: 1,
  arms: [],
});
const failure = (trial: string, message: string): RunEvent => ({
  type: "trial-ended",
  experiment: "walk",
  stage: "trial",
  trial,
  condition: { size: 1 },
  replicate: 0,
  outcome: "failed",
  message,
  replay: `lab run --trial ${trial}`,
});
const ended: RunEvent = {
  type: "run-finished",
  run: "r0001-calm-otter",
  status: "complete",
  done: 90,
  reused: 10,
  unmeasured: 2,
  failed: 2,
  remaining: 0,
  durationMs: 9000,
  next: "lab status",
};

function folded(events: readonly RunEvent[], from: RunState = beforeRun): RunState {
  return events.reduce((state, event, index) => runStateAfter(state, event, index * 1000), from);
}

test("a run is counted from its start to its end", () => {
  const running = folded([started, begun, progress(40, 1)]);
  assert.equal(running.counts, { total: 100, done: 40, reused: 10, failed: 1 });
  assert.is(running.phase, "running");
  const over = folded([progress(100, 2), ended], running);
  assert.is(over.phase, "ended");
  assert.is(over.ending?.unmeasured, 2);
  assert.is(runPaceOf(over, 10_000), null, "an ended run has no pace");
});

test("the counts are the last event's, whatever came before it", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 10, max: 100 }), { minLength: 1, maxLength: 80 }), (dones) => {
      const rising = dones.toSorted((a, b) => a - b);
      const state = folded([started, begun, ...rising.map((done) => progress(done))]);
      assert.is(state.counts.done, rising.at(-1));
      assert.ok(state.marks.length <= 62, "marks are a minute's");
    }),
  );
});

test("an even pace gives a range around the truth, and a stall widens it", () => {
  const even = folded([started, begun, ...Array.from({ length: 30 }, (_, index) => progress(10 + index))]);
  const pace = runPaceOf(even, 31_000);
  assert.ok(pace !== null && Math.abs(pace.perSecond - 1) < 0.05, JSON.stringify(pace));
  assert.ok(pace.left.lowMs < 61_000 && (pace.left.highMs ?? 0) > 61_000, JSON.stringify(pace));
  const stalled = runPaceOf(even, 91_000);
  assert.ok(stalled !== null && stalled.perSecond < 0.5, "what does not end is no pace");
  assert.ok(stalled.left.highMs === null || stalled.left.highMs > 2 * (pace.left.highMs ?? 0));
});

test("failures are grouped by their words without numbers and ids, most frequent first", () => {
  const state = folded([
    started,
    failure("a1", "answer 17 of 20 is cut at 64 tokens"),
    failure("b2", "NaN is no price"),
    failure("c3", "answer 3 of 20 is cut at 12.5 tokens\n    at trial"),
  ]);
  assert.equal(
    state.causes.map(({ count, message, examples }) => ({ count, message, examples })),
    [
      { count: 2, message: "answer 17 of 20 is cut at 64 tokens", examples: ["a1", "c3"] },
      { count: 1, message: "NaN is no price", examples: ["b2"] },
    ],
  );
});

test("failures that run again are no causes any more, and open a job that was finished", () => {
  const done: RunEvent = { type: "job-finished", experiment: "walk", stage: "trial", durationMs: 1 };
  const retried: RunEvent = {
    type: "act",
    act: {
      do: "retry",
      experiment: "walk",
      arm: null,
      trial: null,
      cause: null,
      trials: 2,
      causes: [{ words: "answer # is cut", trials: 2 }],
    },
    origin: "page",
    by: "ada",
    at: "2026-11-29T00:00:00.000Z",
    key: "k",
    number: 3,
  };
  const failed = [failure("a", "answer 1 is cut"), failure("b", "answer 2 is cut"), failure("c", "no")];
  const state = folded([started, begun, ...failed, progress(100, 3), done, retried, progress(98, 1)]);
  assert.equal(
    state.causes.map(({ message, count }) => [message, count]),
    [["no", 1]],
  );
  assert.is(state.jobs[0]?.phase, "running");
  assert.match(state.feed[0]?.words ?? "", /^2 failed trials of walk run again, asked for by ada \(page\)/);
});

test("any number of unlike failures stays bounded, and every one is counted", () => {
  const word = (index: number): string =>
    [...String(index)].map((digit) => String.fromCharCode(97 + Number(digit))).join("");
  const state = folded([
    started,
    ...Array.from({ length: 200 }, (_, index) => failure(`t${index}`, word(index))),
  ]);
  assert.is(state.causes.length, 50);
  assert.is(state.causes.reduce((sum, { count }) => sum + count, 0) + state.otherCauses, 200);
});

test("a cause is known by its experiment, stage and outcome too", () => {
  const cause = { experiment: "walk", stage: "trial", outcome: "failed", message: "no" } as const;
  const keys = [
    cause,
    { ...cause, stage: "train" },
    { ...cause, outcome: "refused" as const },
    { ...cause, experiment: "run" },
  ].map(causeKeyOf);
  assert.is(new Set(keys).size, 4);
});

test("the feed keeps the newest, and an event that is not known changes nothing", () => {
  const notice = (text: string): RunEvent => ({ type: "notice", level: "info", text });
  const state = folded([started, ...Array.from({ length: 50 }, (_, index) => notice(`n${index}`))]);
  assert.is(state.feed.length, feedMax);
  assert.is(state.feed[0]?.words, "n49");
  // What a later version might send.
  const unknown = { type: "later" } as unknown as RunEvent;
  assert.equal({ ...runStateAfter(state, unknown, 99_000), heardAtMs: 0 }, { ...state, heardAtMs: 0 });
});

test.run();
