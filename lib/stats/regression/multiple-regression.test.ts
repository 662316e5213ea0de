// Laws of multiple regression; R's answers, with Longley's data to ten digits, are in reference.test.ts.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomFrom } from "../../random/random.ts";
import { linearRegression } from "../linear-regression.ts";
import { StatisticsRefusal } from "../refusal.ts";
import { lackOfFit, multipleRegression, standardisedSlopes } from "./multiple-regression.ts";

const near = (actual: number, expected: number, digits = 8): void =>
  assert.ok(
    Math.abs(actual - expected) <= 10 ** -digits * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

const sample = fc.integer({ min: 1, max: 2 ** 31 }).map((seed) => {
  const random = randomFrom(seed);
  const n = random.integer(8, 30);
  const columns = [0, 1].map(() => Array.from({ length: n }, () => random.normal()));
  const y = Array.from(
    { length: n },
    (_, i) => 2 + columns[0]![i]! - 0.5 * columns[1]![i]! + random.normal(),
  );
  return { y, columns };
});

test("one column is the straight line, and residuals add up to 0 along every column", () => {
  fc.assert(
    fc.property(sample, ({ y, columns }) => {
      const line = linearRegression({ x: columns[0]!, y });
      const plain = multipleRegression({ y, columns: [columns[0]!], errors: "classical" });
      near(plain.slopes[0]!.value, line.slope.value);
      near(plain.slopes[0]!.low, line.slope.low);
      near(plain.intercept.high, line.intercept.high);
      const { residuals } = multipleRegression({ y, columns });
      for (const column of [y.map(() => 1), ...columns])
        near(
          residuals.reduce((sum, value, i) => sum + value * column[i]!, 0),
          0,
        );
    }),
    { numRuns: 50 },
  );
});

test("moving or stretching a factor moves the intercept or shrinks its slope, and changes no test", () => {
  fc.assert(
    fc.property(sample, fc.integer({ min: -1000, max: 1000 }), ({ y, columns }, by) => {
      const before = multipleRegression({ y, columns });
      const after = multipleRegression({ y, columns: [columns[0]!.map((x) => 10 * x + by), columns[1]!] });
      near(after.slopes[0]!.value * 10, before.slopes[0]!.value);
      near(after.slopes[0]!.p, before.slopes[0]!.p, 7);
      near(after.intercept.value + after.slopes[0]!.value * by, before.intercept.value, 7);
      near(
        standardisedSlopes({ y, columns })[0]!,
        standardisedSlopes({ y, columns: [columns[0]!.map((x) => 10 * x + by), columns[1]!] })[0]!,
        7,
      );
    }),
    { numRuns: 50 },
  );
});

test("where the scatter grows along the factor HC3 intervals hold the slope and classical ones miss it too often", () => {
  const random = randomFrom(20260601);
  const x = Array.from({ length: 60 }, () => random.normal());
  let robust = 0;
  let classical = 0;
  const runs = 400;
  for (let run = 0; run < runs; run += 1) {
    const y = x.map((value) => value + Math.abs(value) * random.normal());
    const holds = (errors: "HC3" | "classical"): number => {
      const { low, high } = multipleRegression({ y, columns: [x], errors }).slopes[0]!;
      return Number(low <= 1 && 1 <= high);
    };
    robust += holds("HC3");
    classical += holds("classical");
  }
  assert.ok(robust / runs > 0.9, `${robust / runs}`);
  assert.ok(classical / runs < 0.85, `${classical / runs}`);
});

test("a curve is found where points repeat, and a line is not accused", () => {
  const random = randomFrom(7);
  const x = Array.from({ length: 40 }, (_, i) => i % 5);
  const scatter = x.map(() => 0.1 * random.normal());
  assert.ok(lackOfFit({ y: x.map((value, i) => (value - 2) ** 2 + scatter[i]!), columns: [x] }).p < 1e-10);
  assert.ok(lackOfFit({ y: x.map((value, i) => 3 * value + scatter[i]!), columns: [x] }).p > 0.05);
});

test("what has no answer is refused in words", () => {
  const x = [1, 2, 3, 4, 5];
  const refusals: readonly (readonly [() => unknown, RegExp])[] = [
    [
      () => multipleRegression({ y: [1, 2, 4, 3, 5], columns: [x, x.map((value) => 2 * value)] }),
      /linearly dependent/,
    ],
    [() => multipleRegression({ y: x, columns: [x] }), /lies on a plane/],
    [
      () =>
        multipleRegression({
          y: [1, 2, 3],
          columns: [
            [1, 2, 4],
            [1, 3, 2],
          ],
        }),
      /cannot estimate 3 coefficients/,
    ],
    [() => multipleRegression({ y: x, columns: [[1, 2]] }), /factor 1 has 2 values and the outcome has 5/],
    [() => multipleRegression({ y: x, columns: [] }), /no factor/],
    [() => multipleRegression({ y: [1, 2, 4, 3, 9], columns: [[0, 0, 0, 0, 1]] }), /outcome 5 alone fixes/],
    [() => lackOfFit({ y: [1, 2, 4, 3, 5], columns: [x] }), /no point was repeated/],
  ];
  for (const [at, [compute, words]] of refusals.entries())
    assert.throws(
      compute,
      (error: Error) => error instanceof StatisticsRefusal && words.test(error.message),
      `refusal ${at}`,
    );
});

test.run();
