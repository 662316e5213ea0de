// A standardised contrast is the standardised difference of two samples where there are only two, and never contradicts its t test.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pairedT, welch } from "../means/t-test.ts";
import { standardizedContrast } from "./standardized-contrast.ts";
import { standardizedDifference } from "./standardized-difference.ts";

const sample = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 3, maxLength: 12 });
const varies = (values: readonly number[]) => new Set(values).size > 1;
const near = (actual: number, expected: number) =>
  assert.ok(
    Math.abs(actual - expected) <= 1e-7 * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

function sdOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

test("beside Welch's t it is the difference over the average variance, and excludes 0 exactly where Welch's p is below 1 - level", () => {
  fc.assert(
    fc.property(
      sample.filter(varies),
      sample.filter(varies),
      fc.constantFrom(0.9, 0.95, 0.99),
      (x, y, level) => {
        const { estimate, df, p } = welch({ x, y, level });
        const sd = Math.sqrt((sdOf(x) ** 2 + sdOf(y) ** 2) / 2);
        const of = { value: estimate.value, standardError: estimate.standardError!, df: df[0]!, sd };
        const ours = standardizedContrast({ ...of, name: "d", n: 1, level });
        const theirs = standardizedDifference({ x, y, standardizer: "average", level });
        near(ours.value, theirs.value);
        near(ours.low, theirs.low);
        near(ours.high, theirs.high);
        if (Math.abs(p / (1 - level) - 1) > 1e-6) assert.is(ours.low > 0 || ours.high < 0, p < 1 - level);
      },
    ),
    { numRuns: 60 },
  );
});

test("corrected, it is refused below 2 degrees of freedom, where Hedges' factor would call any difference none", () => {
  const of = (df: number) => ({ value: 50, standardError: 1, df, sd: 2, name: "g", n: 4, corrected: true });
  assert.throws(() => standardizedContrast(of(1.001)), /2 degrees of freedom or more/);
  assert.throws(() => standardizedContrast(of(1.99)), /2 degrees of freedom or more/);
  assert.ok(standardizedContrast(of(2)).value > 10);
});

test("over the sd of the paired differences it is d_z", () => {
  const x = [5.1, 4.9, 6.2, 5.8, 7.0];
  const y = [4.0, 4.6, 5.1, 5.9, 5.5];
  const { estimate, df } = pairedT({ x, y });
  const sd = sdOf(x.map((value, i) => value - y[i]!));
  const ours = standardizedContrast({
    value: estimate.value,
    standardError: estimate.standardError!,
    df: df[0]!,
    sd,
    name: "d",
    n: 5,
    corrected: true,
  });
  const theirs = standardizedDifference({ x, y, standardizer: "paired", corrected: true });
  near(ours.value, theirs.value);
  near(ours.high, theirs.high);
});

test("a spread of 0 is refused", () => {
  assert.throws(
    () => standardizedContrast({ value: 1, standardError: 1, df: 3, sd: 0, name: "d", n: 4 }),
    /nothing varies/,
  );
});

test.run();
