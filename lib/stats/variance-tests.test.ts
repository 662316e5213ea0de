// Ties of the Fligner-Killeen test: what whole numbers tie, their hundredths and millionths tie.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { isRefused, orRefusal } from "./refusal.ts";
import { fligner } from "./variance-tests.ts";

const whole = fc.integer({ min: -40, max: 60 });
const groups = fc.array(fc.array(whole, { minLength: 3, maxLength: 8 }), { minLength: 2, maxLength: 4 });

test("the Fligner-Killeen test of decimal values is that of the whole numbers that they are fractions of", () => {
  fc.assert(
    fc.property(
      groups,
      fc.constantFrom(10, 100, 1000, 1e6),
      fc.integer({ min: -9, max: 9 }),
      (values, unit, shift) => {
        const exact = orRefusal(() => fligner(values));
        const decimal = orRefusal(() =>
          fligner(values.map((own) => own.map((value) => (value + shift * unit) / unit))),
        );
        assert.is(isRefused(exact), isRefused(decimal));
        if (isRefused(exact) || isRefused(decimal)) return;
        assert.ok(
          Math.abs(exact.statistic - decimal.statistic) < 1e-9,
          `${exact.statistic} ${decimal.statistic}`,
        );
      },
    ),
    { numRuns: 500 },
  );
});

test("distances that differ by more than rounding are not tied", () => {
  const apart = fligner([
    [0, 1, 2.000001],
    [0, 1, 2],
  ]);
  const tied = fligner([
    [0, 1, 2],
    [0, 1, 2],
  ]);
  assert.is.not(apart.statistic, tied.statistic);
});

test.run();
