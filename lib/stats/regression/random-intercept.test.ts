// A random intercept beside what it must reduce to: the paired t test, least squares, and no answer where there is none.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { symmetricEigen } from "../linear-algebra.ts";
import { pairedT } from "../means/t-test.ts";
import { isRefused, orRefusal } from "../refusal.ts";
import { multipleRegression } from "./multiple-regression.ts";
import { randomIntercept } from "./random-intercept.ts";

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

const pairs = fc.array(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
  minLength: 4,
  maxLength: 15,
});

test("two arms with one value a group are the paired t test wherever groups share luck, least squares where they do not", () => {
  let shared = 0;
  fc.assert(
    fc.property(pairs, fc.constantFrom("satterthwaite", "kenward-roger"), (values, df) => {
      const x = values.map(([a]) => a);
      const y = values.map(([a, b]) => a + b);
      const paired = orRefusal(() => pairedT({ x: y, y: x }));
      const columns = [[...x.map(() => 0), ...y.map(() => 1)]];
      const groups = [...x.keys(), ...y.keys()];
      const fit = orRefusal(() =>
        randomIntercept({ y: [...x, ...y], columns, groups, df: df as "satterthwaite" }),
      );
      if (isRefused(paired) || isRefused(fit)) return;
      const [slope] = fit.slopes;
      if (fit.isSingular) {
        const flat = multipleRegression({ y: [...x, ...y], columns, errors: "classical" });
        near(slope!.standardError, flat.slopes[0]!.standardError, 1e-9);
        assert.is(slope!.df, flat.df);
        return;
      }
      shared += 1;
      near(slope!.value, paired.estimate.value, 1e-9);
      near(slope!.standardError, paired.estimate.standardError!, 1e-6);
      near(slope!.df, values.length - 1, 1e-4);
      near(slope!.p, paired.p, 1e-5);
      near(fit.overall.statistic, slope!.t ** 2, 1e-6);
    }),
  );
  assert.ok(shared > 20, `only ${shared} fits shared luck`);
});

test("a lost value does not take its partner away: the slope still has the pairs' precision and more", () => {
  const x = [1, 5, 9, 14, 20, 27, 33, 40];
  const y = x.map((value, i) => value + 2 + 0.3 * Math.sin(3 * i));
  const columns = (treated: readonly number[]) => [[...x.map(() => 0), ...treated.map(() => 1)]];
  const kept = y.slice(0, 7);
  const fit = randomIntercept({
    y: [...x, ...kept],
    columns: columns(kept),
    groups: [...x.keys(), ...kept.keys()],
  });
  const complete = pairedT({ x: kept, y: x.slice(0, 7) });
  near(fit.slopes[0]!.value, complete.estimate.value, 1e-3);
  near(fit.slopes[0]!.standardError, complete.estimate.standardError!, 1e-2);
  assert.match(fit.slopes[0]!.method, /Kenward and Roger/);
});

test("moving all outcomes moves the intercept alone", () => {
  const y = [1.2, 3.4, 2.2, 5.1, 4.4, 6.3, 2.5, 3.1];
  const columns = [[0, 1, 0, 1, 0, 1, 0, 1]];
  const groups = [1, 1, 2, 2, 3, 3, 4, 4];
  const [near0, far] = [0, 1e6].map((shift) =>
    randomIntercept({ y: y.map((value) => value + shift), columns, groups }),
  );
  near(far!.slopes[0]!.t, near0!.slopes[0]!.t, 1e-6);
  near(far!.intercept.value, near0!.intercept.value + 1e6, 1e-12);
});

test("one group, unlike lengths and nothing left over are refused", () => {
  const y = [1, 2, 4, 3];
  assert.throws(() => randomIntercept({ y, columns: [[0, 1, 0, 1]], groups: [1, 1, 1, 1] }), /two groups/);
  assert.throws(() => randomIntercept({ y, columns: [[0, 1, 0]], groups: [1, 1, 2, 2] }), /one value/);
  assert.throws(
    () => randomIntercept({ y: [1, 2, 4, 5], columns: [[0, 1, 0, 1]], groups: [1, 1, 2, 2] }),
    /error/,
  );
});

test("eigenvectors rebuild the matrix", () => {
  const matrix = [
    [4, 1, -2],
    [1, 2, 0.5],
    [-2, 0.5, 3],
  ];
  const { values, vectors } = symmetricEigen(matrix);
  matrix.forEach((row, i) => {
    row.forEach((entry, j) => {
      near(
        values.reduce((sum, value, k) => sum + value * vectors[k]![i]! * vectors[k]![j]!, 0),
        entry,
        1e-13,
      );
    });
  });
});

test.run();
