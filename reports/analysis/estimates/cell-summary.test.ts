// Numbers of one cell against hand-computed values with tabulated quantiles (t, normal).

import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { cellSummaryOf } from "./cell-summary.ts";

const cellOf = (values: readonly number[], measure: "mean" | "share" | "rate" = "mean", pointsMax = 300) =>
  cellSummaryOf({
    condition: 0,
    values: Float64Array.from(values),
    replicates: Uint32Array.from(values.keys()),
    planned: values.length + 2,
    exposure: null,
    times: null,
    stopped: null,
    measure,
    pointsMax,
  });

function near(actual: number | undefined, expected: number): void {
  assert.ok(
    Math.abs(actual! - expected) <= 1e-9 * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );
}

test("mean, sd and t interval of a small sample", () => {
  const cell = cellOf([4.1, 3.9, 4.4, 4.6, 3.7]);
  // mean 4.14, sd sqrt(0.532/4), t(0.975, 4) = 2.7764451051977987 (any t table)
  near(cell.mean!, 4.14);
  near(cell.sd!, Math.sqrt(0.532 / 4));
  near(cell.interval?.low, 4.14 - 2.7764451051977987 * Math.sqrt(0.532 / 4 / 5));
  near(cell.interval?.high, 4.14 + 2.7764451051977987 * Math.sqrt(0.532 / 4 / 5));
  assert.is(cell.missing, 2);
});

test("a share has a Wilson interval that keeps inside 0 and 1", () => {
  const cell = cellOf(new Array(10).fill(0), "share");
  assert.is(cell.interval?.low, 0);
  // z^2 / (n + z^2) with z = 1.959963984540054
  near(cell.interval?.high, 1.959963984540054 ** 2 / (10 + 1.959963984540054 ** 2));
});

test("whatever the counts, a rate is their mean, and limits that cannot be had are a note", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60), { minLength: 1, maxLength: 8 }), (counts) => {
      const cell = cellOf(counts, "rate");
      near(cell.mean!, counts.reduce((sum, count) => sum + count, 0) / counts.length);
      if (cell.interval === null) assert.match(cell.note!, "no interval");
      else assert.ok(cell.interval.low <= cell.mean! && cell.mean! <= cell.interval.high);
    }),
  );
  // One trial without an event and one with many: nothing bounds the rate.
  assert.match(cellOf([0, 40], "rate").note!, "too few and too unlike to bound their rate: no interval");
});

test("mean and share have the Monte Carlo standard error of Morris, White and Crowther (2019), Table 6", () => {
  near(cellOf([4.1, 3.9, 4.4, 4.6, 3.7]).monteCarloError!, Math.sqrt(0.532 / 4 / 5));
  // Their section 5.3: 1900 repetitions know a coverage of 95% to half a point.
  const coverage = cellOf([...new Array(1805).fill(1), ...new Array(95).fill(0)], "share", 10);
  near(coverage.monteCarloError!, 0.005);
  assert.is(cellOf([1, 1, 1, 1], "share").monteCarloError, null);
  assert.is(cellOf([3]).monteCarloError, null);
});

test("no value, one value and equal values are said in words and have no interval", () => {
  assert.is(cellOf([]).note, "no value was measured");
  assert.is(cellOf([3]).note, "one value: no interval");
  assert.is(cellOf([3]).sd, null);
  assert.is(cellOf([0.1, 0.1, 0.1]).note, "all values equal: no interval");
  for (const cell of [cellOf([]), cellOf([3]), cellOf([0.1, 0.1, 0.1])]) {
    assert.is(cell.interval, null);
    assert.not.match(JSON.stringify(cell), /NaN|Infinity/);
  }
});

test("an interval holds its mean, for any values", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 2, maxLength: 40 }),
      (values) => {
        const { interval, mean } = cellOf(values);
        return interval === null || (interval.low <= mean! && mean! <= interval.high);
      },
    ),
  );
});

test("thinned points keep the smallest and the largest value and their replicates", () => {
  const values = Array.from({ length: 1000 }, (_, i) => (i * 7919) % 1000);
  const { points, pointReplicates, n } = cellOf(values, "mean", 50);
  assert.is(n, 1000);
  assert.is(points.length, 50);
  assert.is(points[0], 0);
  assert.is(points[49], 999);
  assert.equal(
    pointReplicates.map((replicate) => values[replicate]),
    points,
  );
});

test.run();
