// The two intervals of a mean that decisions rest on, against another program's numbers and their own laws. Their rates of error are in
// reports/testing/rates.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { boundedMeanInterval } from "../bounded-mean.ts";
import { isRefused, orRefusal } from "../refusal.ts";
import { skewedCritical, skewnessInterval } from "./skewness-interval.ts";
import { tInterval } from "./t-interval.ts";

function near(actual: number, expected: number, absolute = 1e-6): void {
  assert.ok(Math.abs(actual - expected) <= absolute, `${actual} is not ${expected}`);
}

// SciPy 1.17.1 with NumPy: scipy.stats.skew(x, bias=False), scipy.stats.t.ppf, and the largest of Hall's critical values over
// 2,000,001 steps of q; betting by the formulas of the paper, the end found over 200,001 candidates.
const skewed = [0.2, 0.1, 0.4, 3.1, 0.9, 0.6, 1.5, 0.05, 0.3, 0.8, 2.2, 0.7];

test("the interval that allows for skewness has the ends that SciPy's skewness and t give", () => {
  const five = skewnessInterval([4.1, 3.9, 4.4, 4.0, 4.2]);
  near(five.low, 3.19252074);
  near(five.high, 5.0980964);
  const twelve = skewnessInterval(skewed);
  near(twelve.value, 0.90416667);
  near(twelve.low, 0.31394427);
  near(twelve.high, 3.35340236);
  const surer = skewnessInterval(skewed, { level: 0.99 });
  near(surer.low, 0.07130482);
  near(surer.high, 4.29925609);
  const thirty = skewnessInterval(Array.from({ length: 30 }, (_, i) => Math.sqrt(i + 1)));
  near(thirty.low, 3.10992619);
  near(thirty.high, 4.24301473);
});

test("it is never narrower than the t interval, and turns with the data", () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 5, maxLength: 40 }), (values) => {
      const found = orRefusal(() => skewnessInterval(values));
      if (isRefused(found)) return;
      const plain = tInterval(values);
      const slack = 1e-9 * (Math.abs(plain.value) + plain.high - plain.low);
      assert.ok(found.low <= plain.low + slack && found.high >= plain.high - slack);
      const turned = skewnessInterval(values.map((one) => -one));
      assert.ok(Math.abs(turned.high + found.low) <= 1e-6 * (found.high - found.low) + slack);
    }),
  );
});

test("a critical value rises with skewness and falls back nowhere", () => {
  for (const n of [5, 10, 30, 1000])
    for (const t of [1.3, 2, 4.6]) {
      const at = (skewness: number) => skewedCritical(t, { skewness, n });
      assert.is(at(-3), t);
      assert.is(at(0), t);
      for (let skewness = 0.1; skewness < 30; skewness += 0.1)
        assert.ok(at(skewness) >= at(skewness - 0.1) - 1e-9, `t ${t}, n ${n}, skewness ${skewness}`);
    }
});

test("a betting interval has the ends of the paper's formulas", () => {
  near(boundedMeanInterval([0, 0, 0, 0, 0], { range: [0, 1] }).high, 0.59267494, 1e-5);
  assert.is(boundedMeanInterval([0, 0, 0, 0, 0], { range: [0, 1] }).low, 0);
  const ten = boundedMeanInterval([0.5, 0.6, 0.4, 0.55, 0.45, 0.5, 0.52, 0.48, 0.5, 0.61], { range: [0, 1] });
  near(ten.low, 0.31513007, 1e-5);
  near(ten.high, 0.69955993, 1e-5);
  const other = boundedMeanInterval([12, 11, 14, 13.5, 10.2, 12.2, 12.8, 11.1], {
    range: [10, 15],
    level: 0.9,
  });
  near(other.low, 10.94965041, 5e-5);
  near(other.high, 13.36889966, 5e-5);
});

test("a betting interval stays in its range, holds its mean and turns with the data", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 60 }),
      (values) => {
        const { low, high, value } = boundedMeanInterval(values, { range: [0, 1] });
        assert.ok(0 <= low && low <= value && value <= high && high <= 1);
        const turned = boundedMeanInterval(
          values.map((one) => 1 - one),
          { range: [0, 1] },
        );
        near(turned.low, 1 - high, 1e-6);
      },
    ),
  );
});

test.run();
