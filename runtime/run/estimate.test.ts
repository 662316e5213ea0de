// Promise: what is left is foretold as a range that holds the mean of what was measured, and a file that many trials leave counts once.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { TrialRecord } from "../record/trial-record.ts";
import { estimateFrom, sizesOf, timeOf } from "./estimate.ts";

test("the range holds the mean times the number of units, is positive, and grows with the number", () => {
  const measured = fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), {
    minLength: 1,
    maxLength: 50,
  });
  fc.assert(
    fc.property(measured, fc.integer({ min: 1, max: 1e6 }), (values, fresh) => {
      const { low, high } = estimateFrom(values, fresh);
      const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
      assert.ok(low > 0 && low <= fresh * mean * (1 + 1e-9) && high >= fresh * mean * (1 - 1e-9));
      assert.ok(estimateFrom(values, fresh + 1).high > high - 1e-9 * high);
    }),
  );
});

test("trials that wait for their turn with an orchestrator count by when they ended, not by how long they waited", () => {
  const slots = 3;
  const queued = Array.from({ length: 12 }, (_, index) => ({
    startMs: 5000,
    durationMs: (Math.floor(index / slots) + 1) * 9000,
  }));
  const later = queued.map((span) => ({ ...span, startMs: span.startMs + 86_400_000 }));
  const time = timeOf([...later, ...queued], { fresh: 12, threads: 2, asks: true });
  assert.equal(time, { low: 27_000, high: 45_000 }, "36 s, whatever lies between two runs");
  const own = timeOf(queued, { fresh: 12, threads: 2, asks: false });
  assert.ok((own?.low ?? 0) > 45_000, "threads that compute are as many as there are");
  assert.is(timeOf([], { fresh: 12, threads: 2, asks: true }), null);
});

const record = (unit: number, hash: string): TrialRecord => ({
  job: 0,
  unit,
  result: {
    outcome: { kind: "measured" },
    metrics: { x: unit },
    series: {},
    artifacts: [{ name: "model", hash, bytes: 1_000_000 }],
  },
  telemetry: { startedAt: 0, durationMs: 1, attempt: 1, worker: "local-1/1", memoryMb: 10 },
});

test("files are counted once by content, and the ledger's share is small beside them", () => {
  const metrics = { x: { type: "number" } as const };
  const same = sizesOf([record(0, "a".repeat(64)), record(1, "a".repeat(64))], metrics);
  const other = sizesOf([record(0, "a".repeat(64)), record(1, "b".repeat(64))], metrics);
  const total = (sizes: readonly number[]): number => sizes.reduce((sum, each) => sum + each, 0);
  assert.ok(total(same) > 1_000_000 && total(same) < 1_001_000, same.join());
  assert.ok(total(other) > 2_000_000 && total(other) < 2_002_000, other.join());
  assert.equal(sizesOf([], metrics), []);
});

test.run();
