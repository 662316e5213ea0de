// The critical value of a band: exact where columns are known, and between that of one interval and Bonferroni's in general.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { studentTUpperQuantile } from "../distribution/student-t.ts";
import { isRefused, orRefusal } from "../refusal.ts";
import { resamplingRandom } from "../resampling/resampling-random.ts";
import { supTCritical } from "./sup-t.ts";

function rowsOf(units: number, columns: number, seed = 1): readonly (readonly number[])[] {
  const random = resamplingRandom(seed);
  return Array.from({ length: units }, () => Array.from({ length: columns }, () => random.normal()));
}

function near(actual: number, expected: number, absolute: number): void {
  assert.ok(Math.abs(actual - expected) <= absolute, `${actual} is not ${expected}`);
}

test("one column has the t quantile, and copies of it cost almost nothing", () => {
  const one = rowsOf(40, 1);
  const t = studentTUpperQuantile(0.025, 39);
  near(supTCritical({ rows: one }).critical, t, 1e-12);
  const copies = one.map(([value]) => [value!, value!, value!, value!]);
  const { critical } = supTCritical({ rows: copies, draws: 20_000 });
  near(critical, t, 0.08);
});

test("independent columns need what the product of their levels needs", () => {
  // Sidak: each column at 0.95^(1/20), so Student's t with 99 degrees of freedom at 1 - 0.0025614/2: SciPy 1.17.1 gives 3.0947.
  const { critical } = supTCritical({ rows: rowsOf(100, 20), draws: 20_000 });
  near(critical, 3.0947, 0.1);
});

test("few units take Bonferroni's", () => {
  const { critical, method } = supTCritical({ rows: rowsOf(5, 8) });
  near(critical, studentTUpperQuantile(0.025 / 8, 4), 1e-12);
  assert.match(method, "Bonferroni");
});

test("a value that is missing, a constant column and a column of few units do no harm", () => {
  const value = fc.oneof(fc.double({ min: -5, max: 5, noNaN: true }), fc.constant(Number.NaN));
  const rows = fc
    .integer({ min: 1, max: 6 })
    .chain((width) =>
      fc.array(fc.array(value, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 14 }),
    );
  fc.assert(
    fc.property(rows, (drawn) => {
      const found = orRefusal(() => supTCritical({ rows: drawn, draws: 100 }));
      if (isRefused(found)) return;
      assert.ok(Number.isFinite(found.critical) && found.critical > 0);
    }),
  );
});

test.run();
