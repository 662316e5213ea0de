// Axes of charts: ends around the values, and few, round, distinct ticks between them, whatever the size of the values.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { axisOf } from "./axis.ts";

const upTo = (most: number) => fc.array(fc.double({ min: -most, max: most, noNaN: true }), { maxLength: 20 });

test("the ends hold the values, and the ticks lie between them, rise, and are told apart by their labels", () => {
  const values = fc.oneof(upTo(1e150), upTo(1e6), upTo(1e-300), upTo(Number.MIN_VALUE * 20));
  fc.assert(
    fc.property(values, fc.boolean(), fc.boolean(), (drawn, isLog, isShare) => {
      const own = isLog ? drawn.map(Math.abs).filter((value) => value > 0) : drawn;
      if (isLog && own.length === 0) return;
      const { domain, ticks, labels } = axisOf(own, { title: null, isLog, isShare: isShare && !isLog });
      const [low, high] = domain;
      assert.ok(low < high && Number.isFinite(low) && Number.isFinite(high), String(domain));
      assert.ok(own.every((value) => value >= low && value <= high));
      const room = (high - low) * 1e-6;
      assert.ok(ticks.length <= 8, String(ticks));
      assert.ok(
        ticks.every((tick) => tick >= low - room && tick <= high + room),
        `${ticks} of ${domain}`,
      );
      assert.ok(ticks.every((tick, i) => i === 0 || tick > ticks[i - 1]!));
      assert.is(new Set(labels).size, ticks.length, String(labels));
    }),
    { numRuns: 1000 },
  );
});

test("a tick stands at round numbers only: 1, 2 or 5 times a power of ten apart", () => {
  assert.equal(axisOf([0.1, 0.9], { title: null, range: { min: 0, max: 1 } }).ticks, [0.2, 0.4, 0.6, 0.8]);
  assert.equal(axisOf([0, 1000], { title: null }).ticks, [0, 200, 400, 600, 800, 1000]);
  assert.equal(axisOf([1, 1000], { title: null, isLog: true }).ticks, [1, 10, 100, 1000]);
});

test.run();
