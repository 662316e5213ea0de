// Laws of record batches: what goes in comes out, in any mixture of outcomes, series, artifacts and values.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { batchOf, messagesOf, recordsOf } from "./batch-records.ts";
import { NotJsonData } from "./json-data.ts";
import type { Outcome } from "./outcome.ts";
import { outcomeCodes } from "./outcome.ts";
import { createBatchBuilder, readBatch } from "./record-batch.ts";
import { resultBytesOf } from "./result-bytes.ts";
import { batchBeforeExtras } from "./testing/batch-before-extras.ts";
import type { MetricValue, TrialRecord } from "./trial-record.ts";

const metrics = {
  profit: { type: "number" },
  periods: { type: "integer" },
  converged: { type: "boolean" },
  ending: { type: "category", categories: ["cycle", "fixed", "none"] },
} as const;

const positive = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const outcomes: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant<Outcome>({ kind: "measured" }),
  fc.record({
    kind: fc.constant("failed" as const),
    reason: fc.constantFrom(
      "thrown",
      "invalid-metric",
      "invalid-row",
      "time-out",
      "memory",
      "crash",
      "upstream",
      "effect",
    ),
    message: fc.string({ unit: "binary" }),
    stack: fc.option(fc.string()),
  }),
  fc.record({ kind: fc.constantFrom("refused", "cancelled", "budget-stopped"), reason: fc.string() }),
  fc.record({
    kind: fc.constant("censored" as const),
    metric: fc.constantFrom("profit", "periods"),
    bound: fc.double({ noNaN: true, noDefaultInfinity: true }).map((bound) => bound + 0),
  }),
);
const orNull = <T extends MetricValue>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.option(arbitrary, { nil: null });
const values = fc.record({
  profit: orNull(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)),
  periods: orNull(fc.maxSafeInteger().map((value) => value + 0)),
  converged: orNull(fc.boolean()),
  ending: orNull(fc.constantFrom("cycle", "fixed", "none")),
});
const rows = fc.array(
  fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue().map(positive), { maxKeys: 4 }),
  { minLength: 1, maxLength: 5 },
);
const numericRows = fc.array(
  fc.record({
    period: fc.nat(),
    price: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  }),
  {
    minLength: 1,
    maxLength: 9,
  },
);
const records = fc
  .array(
    fc.record({
      outcome: outcomes,
      metrics: values,
      series: fc.oneof(
        fc.constant({}),
        fc.record({ rounds: numericRows }),
        fc.record({ odd: rows, rounds: numericRows }),
      ),
      artifacts: fc.array(
        fc.record({ name: fc.string(), hash: fc.constant("ab".repeat(32)), bytes: fc.nat() }),
        { maxLength: 2 },
      ),
      value: fc.option(fc.jsonValue().map(positive), { nil: undefined }),
      attempt: fc.integer({ min: 1, max: 65535 }),
      extras: fc.option(
        fc.dictionary(fc.string({ minLength: 1 }), fc.double({ min: 0, max: 1e12, noNaN: true }), {
          minKeys: 1,
          noNullPrototype: true,
        }),
        { nil: undefined },
      ),
    }),
    { minLength: 1, maxLength: 40 },
  )
  .map((list) =>
    list.map(
      ({ attempt, value, extras, ...result }, index): TrialRecord => ({
        job: 3,
        unit: index * 7,
        result: value === undefined ? result : { ...result, value },
        telemetry: {
          startedAt: 1_800_000_000_000 + index,
          durationMs: 0.5 * index,
          attempt,
          worker: "local-1/2",
          memoryMb: 80,
          ...(extras !== undefined && { extras }),
        },
      }),
    ),
  );

/** Row objects as plain JSON text, so that null prototypes made by generators compare equal. */
const textOf = (list: readonly TrialRecord[]): string =>
  JSON.stringify(list.map((record) => new TextDecoder().decode(resultBytesOf(record))));

test("records come back equal from a batch, whatever they hold", () => {
  fc.assert(
    fc.property(records, (list) => {
      const back = recordsOf(readBatch(batchOf(list, metrics)), metrics);
      assert.is(textOf(back), textOf(list));
      assert.equal(
        back.map((record) => record.telemetry),
        list.map((record) => record.telemetry),
      );
      for (const [index, record] of back.entries()) {
        assert.is(record.unit, list[index]!.unit);
        if (record.result.outcome.kind === "failed")
          assert.equal(record.result.outcome, { ...list[index]!.result.outcome });
      }
    }),
    { numRuns: 200 },
  );
});

test("encoding what was decoded gives the same bytes", () => {
  fc.assert(
    fc.property(records, (list) => {
      const bytes = batchOf(list, metrics);
      assert.equal(batchOf(recordsOf(readBatch(bytes), metrics), metrics), bytes);
    }),
    { numRuns: 50 },
  );
});

test("columns are views of the batch's own bytes", () => {
  const builder = createBatchBuilder({ job: 0, metrics: ["a", "b"], worker: "w", capacity: 1 });
  for (let unit = 0; unit < 1000; unit++) builder.push(unit, 0, 1, 1000 + unit, 2, [unit, -unit]);
  const bytes = builder.seal();
  const batch = readBatch(bytes);
  assert.is(batch.metrics[1]!.buffer, bytes.buffer);
  assert.is(batch.metrics[1]![999], -999);
  assert.is(batch.unit[500], 500);
  assert.is(batch.baseMs + batch.startOffset[999]!, 1999);
  assert.is(batch.hasExtras, false);
  assert.is(builder.rows, 0);
});

test("a batch that starts at an odd offset is read all the same", () => {
  const bytes = batchOf([...recordsOf(readBatch(sample()), metrics)], metrics);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  assert.equal(recordsOf(readBatch(shifted.subarray(3)), metrics), recordsOf(readBatch(bytes), metrics));
});

test("negative zero is stored as zero in metrics, series and values", () => {
  const builder = createBatchBuilder({ job: 0, metrics: ["profit"], worker: "w" });
  const row = builder.push(0, 0, 1, 0, 0, [-0]);
  builder.series(row, "rounds", [{ x: -0, deep: [{ y: -0 }] }]);
  builder.value(row, { z: -0 });
  const { result } = recordsOf(readBatch(builder.seal()), metrics)[0]!;
  assert.ok(Object.is(result.metrics.profit, 0));
  const [first] = result.series.rounds as [{ x: number; deep: [{ y: number }] }];
  assert.ok(Object.is(first.x, 0) && Object.is(first.deep[0].y, 0));
  assert.ok(Object.is((result.value as { z: number }).z, 0));
});

test("a thousand equal messages are stored once", () => {
  const builder = createBatchBuilder({ job: 0, metrics: [], worker: "w" });
  const stack = "at trial (experiment.ts:1:1)\n".repeat(40);
  for (let unit = 0; unit < 1000; unit++)
    builder.fail(builder.push(unit, outcomeCodes.failed, 1, 0, 0, []), "thrown", "no root", stack);
  const bytes = builder.seal();
  assert.ok(bytes.length < 45_000, `${bytes.length} bytes`);
  assert.is(messagesOf(readBatch(bytes)).get(999), "no root");
});

test("what JSON would change is refused with the place it sits at", () => {
  const builder = createBatchBuilder({ job: 0, metrics: [], worker: "w" });
  builder.series(builder.push(0, 0, 1, 0, 0, []), "rounds", [{ ok: 1, when: new Date(0) }]);
  assert.throws(
    () => builder.seal(),
    (error: unknown) =>
      error instanceof NotJsonData && /rounds\.when is an instance of Date/.test(error.message),
  );
  assert.throws(
    () => createBatchBuilder({ job: 0, metrics: [], worker: "w" }).value(0, { a: [1, Number.NaN] }),
    /a\[1\] is NaN/,
  );
});

test("bytes of something else or of a later format are refused in words", () => {
  assert.throws(() => readBatch(new Uint8Array(10)), /at least 64 bytes/);
  assert.throws(() => readBatch(new Uint8Array(64)), /no record batch/);
  const later = sample();
  later[4] = 9;
  assert.throws(() => readBatch(later), /format 9; this labwright reads format 1/);
  assert.throws(() => readBatch(sample().subarray(0, 72)), /does not fit/);
});

test("the result's bytes leave out stacks and telemetry", () => {
  const failed = (stack: string): TrialRecord => ({
    job: 0,
    unit: 0,
    result: {
      outcome: { kind: "failed", reason: "thrown", message: "no", stack },
      metrics: {},
      series: {},
      artifacts: [],
    },
    telemetry: { startedAt: stack.length, durationMs: 1, attempt: 1, worker: "a", memoryMb: 0 },
  });
  assert.equal(resultBytesOf(failed("at a")), resultBytesOf(failed("at b.ts:77")));
  assert.is(
    new TextDecoder().decode(resultBytesOf(failed("s"))),
    '{"artifacts":[],"metrics":{},"outcome":{"kind":"failed","message":"no","reason":"thrown"},"series":{}}',
  );
});

function sample(): Uint8Array {
  const builder = createBatchBuilder({ job: 1, metrics: Object.keys(metrics), worker: "w" });
  builder.series(builder.push(4, 0, 1, 5, 1, [0.5, 3, 1, 2]), "rounds", [
    { period: 1, tag: "é" },
    { period: 2 },
  ]);
  return builder.seal();
}

test("a batch that was written before telemetry had extras is read as it was", () => {
  const back = recordsOf(readBatch(batchBeforeExtras), {
    profit: { type: "number" },
    won: { type: "boolean" },
    move: { type: "category", categories: ["up", "down"] },
  });
  assert.equal(
    back.map(({ unit, result: { outcome, metrics: values } }) => [unit, outcome.kind, values]),
    [
      [0, "measured", { profit: 1.25, won: true, move: "down" }],
      [7, "failed", { profit: null, won: null, move: null }],
      [8, "censored", { profit: null, won: false, move: null }],
      [9, "refused", { profit: null, won: null, move: null }],
      [11, "budget-stopped", { profit: null, won: null, move: null }],
    ],
  );
  assert.equal(back[0]?.result.series, {
    rounds: [
      { period: 1, price: 1.5, note: "first" },
      { period: 2, price: null },
    ],
  });
  assert.equal(back[0]?.result.artifacts, [{ name: "path.txt", hash: "a".repeat(64), bytes: 12 }]);
  assert.equal(back[4]?.result.value, { base: [1, 2] });
  assert.equal(back[1]?.telemetry, {
    startedAt: 1_790_000_000_001,
    durationMs: 1,
    attempt: 2,
    worker: "local-1/2",
    memoryMb: 81,
  });
});

test.run();
