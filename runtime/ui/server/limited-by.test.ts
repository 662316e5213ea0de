// What holds a run's pace down is said where it is known: the service that most calls wait for, or workers that are all busy.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ServiceReading } from "../../event/services.ts";
import type { WorkerState } from "../../live/run-state.ts";
import { limitedBy } from "./limited-by.ts";

const gate: ServiceReading = {
  service: "models.example",
  windowMs: 60_000,
  requests: { taken: 3, most: 300 },
  tokens: null,
  calls: { taken: 2, most: 8 },
  waiting: 0,
  share: 1,
  closedMs: 0,
  outage: { isDown: false, count: 0, words: "" },
};
const worker = (running: number): WorkerState => ({
  host: "local-1",
  threads: 2,
  memoryMb: null,
  labels: {},
  readings: [{ atMs: 0, cpu: 1, memoryMb: 100, running }],
  each: [],
  most: { cpu: 1, memoryMb: 100 },
});

test("nothing is said to hold down a run that has room", () => {
  assert.is(limitedBy({ services: [gate], workers: [worker(1)] }), null);
  assert.is(limitedBy({ services: [], workers: [] }), null);
});

test("workers that are all busy are what limits it, where no call waits", () => {
  assert.is(limitedBy({ services: [gate], workers: [worker(2)] }), "2 workers, all busy");
});

test("a service that calls wait for comes first, by the limit that is full", () => {
  const words = (of: Partial<ServiceReading>): string | null =>
    limitedBy({ services: [{ ...gate, waiting: 5, ...of }], workers: [worker(2)] });
  assert.is(words({ requests: { taken: 300, most: 300 } }), "300 requests a minute of models.example");
  assert.is(words({ calls: { taken: 8, most: 8 } }), "8 calls at a time of models.example");
  assert.is(words({ calls: { taken: 0, most: 0 } }), "the want of a free worker of models.example");
  assert.is(words({ outage: { isDown: true, count: 1, words: "" } }), "an outage of models.example");
  assert.is(words({ closedMs: 100 }), "a pause asked for by the endpoint of models.example");
  assert.is(words({ share: 0.25 }), "the slower pace (25%) of models.example");
  assert.is(words({ tokens: { taken: 99, most: 100 } }), "100 tokens a minute of models.example");
});

test.run();
