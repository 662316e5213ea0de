// Slopes within strata against multiple regression on indicator columns, which R judges (reference.test.ts).
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomFrom } from "../../random/random.ts";
import { multipleRegression, standardisedSlopes } from "./multiple-regression.ts";
import { stratifiedRegression } from "./stratified-regression.ts";

const near = (actual: number, expected: number, tolerance = 1e-8) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

const data = (seed: number, n: number, count: number) => {
  const random = randomFrom(seed);
  const strata = Array.from({ length: n }, (_, i) => `s${i % count}`);
  const x = Array.from({ length: n }, () => random.normal());
  const z = x.map((value) => 0.5 * value + random.normal());
  const y = x.map(
    (value, i) => 1000 + 2 * value - z[i]! + (i % count) * 5 + (1 + Math.abs(value)) * random.normal(),
  );
  return { y, columns: [x, z], strata };
};

test("slopes, HC3 errors, df and R squared are those of regression on an indicator for each stratum", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.constantFrom(1, 2, 3, 5), (seed, count) => {
      const { y, columns, strata } = data(seed, 30, count);
      const indicators = Array.from({ length: count - 1 }, (_, s) =>
        strata.map((own) => Number(own === `s${s + 1}`)),
      );
      const expected = multipleRegression({ y, columns: [...columns, ...indicators], errors: "HC3" });
      const found = stratifiedRegression({ y, columns, strata });
      assert.is(found.df, expected.df);
      for (const [j, slope] of found.slopes.entries()) {
        const own = expected.slopes[j]!;
        near(slope.value, own.value);
        near(slope.standardError, own.standardError);
        near(slope.low, own.low);
        near(slope.p, own.p, 1e-6);
      }
      found.residuals.forEach((value, i) => {
        near(value, expected.residuals[i]!, 1e-7);
      });
      if (count > 1) return;
      near(found.rSquared, expected.rSquared);
      near(found.adjustedRSquared, expected.adjustedRSquared);
      near(found.intercept, expected.intercept.value);
      near(found.slopes[1]!.standardised, standardisedSlopes({ y, columns })[1]!);
      // The inflation factor is 1 / (1 - R^2) of the column on the others.
      const other = multipleRegression({ y: columns[0]!, columns: [columns[1]!] });
      near(found.slopes[0]!.inflation, 1 / (1 - other.rSquared), 1e-6);
    }),
    { numRuns: 60 },
  );
});

test("the height of the line at 0 and its interval are those of the intercept", () => {
  const { y, columns } = data(3, 20, 1);
  const [x] = columns;
  const expected = multipleRegression({ y, columns: [x!], errors: "HC3" });
  const { y: height, low, high } = stratifiedRegression({ y, columns: [x!] }).fitAt(0, 0);
  near(height, expected.intercept.value);
  near(low, expected.intercept.low);
  near(high, expected.intercept.high);
});

test("an added-variable plot has the slope of its column and the residuals of the fit", () => {
  const { y, columns, strata } = data(9, 24, 3);
  const found = stratifiedRegression({ y, columns, strata });
  const { x, y: left } = found.partial(1);
  const line = stratifiedRegression({ y: left, columns: [x] });
  near(line.slopes[0]!.value, found.slopes[1]!.value);
  line.residuals.forEach((value, i) => {
    near(value, found.residuals[i]!, 1e-7);
  });
});

test("a value alone in its stratum changes no slope", () => {
  const { y, columns, strata } = data(5, 20, 2);
  const more = stratifiedRegression({
    y: [...y, 5000],
    columns: columns.map((column) => [...column, 77]),
    strata: [...strata, "alone"],
  });
  const found = stratifiedRegression({ y, columns, strata });
  near(more.slopes[0]!.value, found.slopes[0]!.value, 1e-6);
  near(more.slopes[0]!.standardError, found.slopes[0]!.standardError, 1e-6);
  assert.is(more.df, found.df);
});

test("what cannot be told apart is refused by name", () => {
  const { y, columns } = data(5, 20, 1);
  const [x, z] = columns as [number[], number[]];
  const sum = x.map((value, i) => value + z[i]!);
  const names = ["alpha", "beta", "gamma"];
  assert.throws(
    () => stratifiedRegression({ y, columns: [x, z, sum], names }),
    /gamma is a combination of alpha, beta/,
  );
  assert.throws(
    () => stratifiedRegression({ y, columns: [x], names, strata: x.map(String) }),
    /no degrees of freedom/,
  );
  assert.throws(
    () =>
      stratifiedRegression({
        y,
        columns: [x.map((_, i) => i % 2)],
        names,
        strata: x.map((_, i) => `${i % 2}`),
      }),
    /alpha does not vary where the other factors are held fixed/,
  );
});

test.run();
