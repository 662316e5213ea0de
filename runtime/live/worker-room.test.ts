// What a page offers of a run's workers: one more only where the run can have one, and never more than what is there said to work.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunEvent } from "../event/event.ts";
import { beforeRun, type RunState, runStateAfter } from "./run-state.ts";
import { eventsOf } from "./state-events.ts";
import { workerRoomOf } from "./worker-room.ts";

const more = "lab worker --redis redis://queue:6379";
const started = (workers: number | null, moreWorkers?: string): RunEvent => ({
  type: "run-started",
  run: "r1",
  build: "b1",
  experiments: ["walk"],
  trials: { total: 10, reused: 0 },
  stageUnits: { total: 0, reused: 0 },
  workers,
  ...(moreWorkers !== undefined && { moreWorkers }),
});
const ready = (host: string, threads: number): RunEvent => ({
  type: "host-ready",
  host,
  threads,
  memoryMb: null,
  labels: {},
});
const asked = (workers: number): RunEvent => ({
  type: "act",
  act: { do: "workers", workers },
  origin: "page",
  by: "me",
  at: "2026-01-01T00:00:00.000Z",
  key: "k",
  number: 1,
});
const after = (...events: readonly RunEvent[]): RunState =>
  events.reduce((state, event) => runStateAfter(state, event, 0), beforeRun);
const roomAfter = (...events: readonly RunEvent[]) => workerRoomOf(after(...events));

test("threads of this machine are those that were asked for", () => {
  assert.equal(roomAfter(started(2), ready("local-1", 2)), { slots: 2, asked: 2, most: null });
  assert.equal(roomAfter(started(2), ready("local-1", 2), asked(3)), { slots: 3, asked: 3, most: null });
});

test("machines of others have what they have: no more than that can be asked for, and all of it means later ones too", () => {
  const farm = [started(null, more), ready("a-1", 8), ready("b-2", 4)];
  assert.equal(roomAfter(...farm), { slots: 12, asked: 12, most: { workers: 12, by: more } });
  assert.equal(roomAfter(...farm, asked(5)), { slots: 5, asked: 5, most: { workers: 12, by: more } });
  assert.equal(roomAfter(...farm, asked(5), ready("c-3", 2)).most?.workers, 14);
  assert.is(roomAfter(...farm, asked(5), ready("c-3", 2)).slots, 5);
  assert.is(roomAfter(...farm, asked(5), asked(12), ready("c-3", 2)).slots, 14);
});

test("elements of a queue are asked for and come later", () => {
  const array = [started(null), ready("node-1", 4)];
  assert.equal(roomAfter(...array), { slots: 4, asked: 4, most: null });
  assert.equal(roomAfter(...array, asked(5)), { slots: 4, asked: 5, most: null });
  assert.equal(roomAfter(...array, asked(5), ready("node-2", 4)), { slots: 5, asked: 5, most: null });
});

test("whoever comes late to a run is told the same of it", () => {
  const state = after(started(null, more), ready("a-1", 8), asked(3));
  const late = after(...eventsOf(state), ready("a-1", 8));
  assert.equal(workerRoomOf(late).most, { workers: 8, by: more });
});

test.run();
