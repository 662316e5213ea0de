// Laws of the levels that rules make, held against exact whole-number arithmetic.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decimalOf, doubleOf } from "./exact-decimal.ts";
import { type LevelRule, levelsByRule } from "./level-rules.ts";
import { levelsOf } from "./level-source.ts";

/** The levels of a sound rule; null where the rule is refused. */
function made(rule: LevelRule, ...given: readonly number[]): readonly number[] | null {
  const { source, wrong } = levelsByRule(rule, given);
  return source === null || wrong !== null ? null : (levelsOf(source) as readonly number[]);
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const above0 = finite.map(Math.abs).filter((value) => value > 0);
const count = fc.integer({ min: 2, max: 24 });

/** A double as a whole number of 10^-400, which every double's shortest decimal is. */
function scaled(value: number): bigint {
  const { digits, exponent } = decimalOf(value);
  return digits * 10n ** BigInt(exponent + 400);
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

test("every decade of every sweep over decades is there: 300 of 300", () => {
  let sweeps = 0;
  for (let low = -12; low < 12; low++)
    for (let high = low + 1; high <= 12; high++) {
      const decades = Array.from({ length: high - low + 1 }, (_, i) => Number(`1e${low + i}`));
      assert.equal(made("log", Number(`1e${low}`), Number(`1e${high}`), decades.length), decades);
      assert.equal(
        made("log", Number(`1e${high}`), Number(`1e${low}`), decades.length),
        [...decades].reverse(),
      );
      sweeps += 1;
    }
  assert.is(sweeps, 300);
});

test("powers of other ratios are what a person would have written", () => {
  assert.equal(
    made("log", 1, 2 ** 53, 54),
    Array.from({ length: 54 }, (_, i) => 2 ** i),
  );
  assert.equal(
    made("log", 2 ** -10, 1, 11),
    Array.from({ length: 11 }, (_, i) => 2 ** (i - 10)),
  );
  assert.equal(made("log", 0.5, 40.5, 5), [0.5, 1.5, 4.5, 13.5, 40.5]);
  assert.equal(made("log", 1, 10, 3), [1, 3.16227766016838, 10]);
});

test("the largest, the smallest and the finest ends make their levels", () => {
  assert.equal(made("log", 1e-200, 1e200, 5), [1e-200, 1e-100, 1, 1e100, 1e200]);
  assert.equal(made("linspace", -1e308, 1e308, 3), [-1e308, 0, 1e308]);
  assert.equal(made("range", -1.5e308, 1.5e308, 1e308), [-1.5e308, -5e307, 5e307]);
  assert.equal(made("linspace", 1e15, 1e15 + 2, 3), [1e15, 1e15 + 1, 1e15 + 2]);
  assert.equal(
    made("linspace", 9e15, 9e15 + 4, 5),
    [0, 1, 2, 3, 4].map((add) => 9e15 + add),
  );
  assert.equal(made("linspace", 1700000123456789, 1700000123456791, 3)?.[1], 1700000123456790);
  assert.equal(made("range", 0, 3e-20, 1e-20), [0, 1e-20, 2e-20]);
});

test("levels that have always been right are what they were", () => {
  assert.equal(made("linspace", 0, 1, 4), [0, 0.333333333333333, 0.666666666666667, 1]);
  assert.equal(
    made("linspace", -1, 1, 21)?.map(String),
    "-1 -0.9 -0.8 -0.7 -0.6 -0.5 -0.4 -0.3 -0.2 -0.1 0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1".split(" "),
  );
  assert.equal(made("range", 0, 1, 1 / 3)?.length, 3);
  assert.equal(made("range", 0, 1, 0.1), [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
});

test("linspace: both ends, as many as asked for, strictly in order, and each within its fifteenth digit of the exact value", () => {
  fc.assert(
    fc.property(finite, finite, count, (start, stop, n) => {
      const levels = made("linspace", start, stop, n);
      if (levels === null) return;
      assert.equal([levels[0], levels.at(-1), levels.length], [start, stop, n]);
      levels.forEach((level, i) => {
        if (i > 0) assert.ok(start < stop ? level > levels[i - 1]! : level < levels[i - 1]!);
        const exact = scaled(start) * BigInt(n - 1 - i) + scaled(stop) * BigInt(i);
        const error = abs(scaled(level) * BigInt(n - 1) - exact);
        // Half a unit of the fifteenth digit, or of the smallest double.
        assert.ok(
          error * 10n ** 14n <= abs(exact) * 6n || error <= scaled(5e-324) * BigInt(n),
          `${level} at ${i}`,
        );
      });
    }),
  );
});

test("log: both ends, as many as asked for, strictly in order, and each power holds within its fifteenth digit", () => {
  fc.assert(
    fc.property(above0, above0, fc.integer({ min: 2, max: 9 }), (start, stop, n) => {
      const levels = made("log", start, stop, n);
      if (levels === null) return;
      assert.equal([levels[0], levels.at(-1), levels.length], [start, stop, n]);
      levels.forEach((level, i) => {
        if (i > 0) assert.ok(start < stop ? level > levels[i - 1]! : level < levels[i - 1]!);
        // Below this a double has fewer than fifteen digits.
        if (level < 1e-300) return;
        const power = scaled(level) ** BigInt(n - 1);
        const exact = scaled(start) ** BigInt(n - 1 - i) * scaled(stop) ** BigInt(i);
        assert.ok(abs(power - exact) * 10n ** 14n <= exact * BigInt(6 * n), `${level} at ${i}`);
      });
    }),
  );
});

test("range: start + position * step, exactly in decimals, for decimals of any size", () => {
  const decimal = fc
    .tuple(fc.integer({ min: -99_999, max: 99_999 }), fc.integer({ min: -12, max: 12 }))
    .map(([digits, exponent]) => doubleOf({ digits: BigInt(digits), exponent }));
  fc.assert(
    fc.property(
      decimal,
      decimal.filter((step) => step !== 0),
      count,
      (start, step, n) => {
        const stop = doubleOf({ digits: scaled(start) + scaled(step) * BigInt(n), exponent: -400 });
        const levels = made("range", start, stop, step);
        if (levels === null) return;
        levels.forEach((level, i) => {
          assert.is(level, doubleOf({ digits: scaled(start) + scaled(step) * BigInt(i), exponent: -400 }));
        });
      },
    ),
  );
});

test("a rule is refused when it makes levels that are equal or no numbers", () => {
  const codeOf = (rule: LevelRule, ...given: readonly number[]) => levelsByRule(rule, given).wrong?.code;
  assert.is(codeOf("linspace", 1.7e9, 1.7e9 + 4e-7, 5), "duplicate-level");
  assert.is(codeOf("linspace", 0, 5e-324, 3), "duplicate-level");
  assert.is(codeOf("log", 1, 1.0000000000000002, 3), "duplicate-level");
  assert.is(codeOf("range", 1e16, 1e16 + 10, 0.5), "duplicate-level");
  assert.is(codeOf("range", 0, 1e300, 1e-300), "bad-range");
  assert.is(codeOf("linspace", 0, Number.MAX_VALUE, Number.POSITIVE_INFINITY), "bad-range");
  assert.is(codeOf("log", 0, 1, 3), "bad-range");
});

test.run();
