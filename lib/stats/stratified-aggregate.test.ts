// Aggregates of few runs within tasks, against another program's numbers and their own laws. Their rates of error are in
// reports/testing/rates/profiles.rates.ts.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isRefused, orRefusal } from "./refusal.ts";
import { stratifiedSuperiority, stratifiedTrimmedMean } from "./stratified-aggregate.ts";

function near(actual: number, expected: number, absolute = 1e-6): void {
  assert.ok(Math.abs(actual - expected) <= absolute, `${actual} is not ${expected}`);
}

const upTo = (n: number, of: (i: number) => number) => Array.from({ length: n }, (_, i) => of(i + 1));

// SciPy 1.17.1: trim_mean, t.ppf, and the formulas of the docstrings in NumPy.
test("with many runs, and for a mean, the error is that of the winsorised values", () => {
  const many = stratifiedTrimmedMean({ strata: [upTo(30, Math.sqrt), upTo(40, Math.log)] });
  near(many.value, 3.1900296);
  near(many.low, 2.97173694);
  near(many.high, 3.40832226);
  const mean = stratifiedTrimmedMean({
    strata: [
      [0.2, 0.4, 0.3],
      [0.9, 0.7, 0.8, 1.5],
    ],
    trim: 0,
  });
  near(mean.value, 0.68571429);
  near(mean.low, 0.36819899);
  near(mean.high, 1.00322959);
});

test("with few runs it is the bootstrap's over all resamples, enlarged by sqrt(3/2)", () => {
  // All 27 x 27 resamples enumerated: standard error 0.0471405, 4 degrees of freedom, half width 0.1308829.
  const few = stratifiedTrimmedMean({
    strata: [
      [0.2, 0.4, 0.3],
      [0.9, 0.7, 0.8],
    ],
    resamples: 40_000,
  });
  near(few.value, 0.55);
  near(few.standardError!, 0.0471405, 0.0005);
  near(few.high - few.value, 0.1308829, 0.0015);
});

test("a probability of superiority has ends even where every run lies above", () => {
  const one = stratifiedSuperiority({ x: [[3, 4, 5]], y: [[1, 2, 2.5]] });
  assert.equal([one.value, one.high], [1, 1]);
  near(one.low, 0.336576);
  const strata = (runs: readonly number[]) => upTo(5, () => 0).map(() => runs);
  const five = stratifiedSuperiority({ x: strata([3, 4, 5]), y: strata([1, 2, 2.5]), level: 0.9 });
  near(five.low, 0.875297);
  const mixed = stratifiedSuperiority({
    x: [
      [3, 4, 5],
      [1, 2, 6, 7],
    ],
    y: [
      [1, 2, 4.5],
      [3, 2, 8],
    ],
  });
  near(mixed.value, 0.57638889);
  near(mixed.low, 0.17219543);
  near(mixed.high, 0.98058234);
});

test("the sides of a probability of superiority change places", () => {
  const runs = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(fc.tuple(runs, runs), { minLength: 1, maxLength: 4 }), (tasks) => {
      const x = tasks.map(([first]) => first);
      const y = tasks.map(([, second]) => second);
      const there = stratifiedSuperiority({ x, y });
      const back = stratifiedSuperiority({ x: y, y: x });
      near(there.value, 1 - back.value, 1e-9);
      near(there.low, 1 - back.high, 1e-6);
      assert.ok(0 <= there.low && there.low <= there.value && there.value <= there.high && there.high <= 1);
      assert.ok(there.low < there.high);
    }),
  );
});

test("a mean of strata moves and scales with its runs", () => {
  const runs = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(runs, { minLength: 1, maxLength: 4 }), (strata) => {
      const found = orRefusal(() => stratifiedTrimmedMean({ strata, resamples: 200 }));
      if (isRefused(found)) return;
      const moved = stratifiedTrimmedMean({
        strata: strata.map((one) => one.map((run) => 4 * run + 16)),
        resamples: 200,
      });
      near(moved.low, 4 * found.low + 16, 1e-6 * (1 + Math.abs(moved.low)));
      near(moved.high, 4 * found.high + 16, 1e-6 * (1 + Math.abs(moved.high)));
    }),
    { numRuns: 40 },
  );
});

test.run();
