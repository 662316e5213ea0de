// Tests of several contrasts, a slope over strata, proportions and the algebra under them: against what they must reduce to, published
// examples and exact arithmetic.

import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { commonSlope } from "../common-slope.ts";
import { positiveSolver } from "../linear-algebra.ts";
import { linearRegression } from "../linear-regression.ts";
import { proportionInterval } from "../proportion-interval.ts";
import { isRefused, orRefusal } from "../refusal.ts";
import { welchAnova } from "./anova.ts";
import { hotelling } from "./hotelling.ts";
import { oneSampleT } from "./t-interval.ts";
import { welch } from "./t-test.ts";
import { welchJames } from "./welch-james.ts";

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

const sample = fc
  .array(fc.integer({ min: -1000, max: 1000 }), { minLength: 4, maxLength: 12 })
  .filter((values) => new Set(values).size > 2);

test("one contrast of two cells is Welch's t test squared", () => {
  fc.assert(
    fc.property(sample, sample, (x, y) => {
      const joint = welchJames({ cells: [x, y], contrasts: [[1, -1]] });
      const t = welch({ x, y });
      near(joint.statistic, t.statistic ** 2);
      near(joint.df[1]!, t.df[0]!);
      near(joint.p, t.p);
    }),
  );
});

test("contrasts against the first cell are Welch's analysis of variance", () => {
  fc.assert(
    fc.property(sample, sample, sample, (x, y, z) => {
      const joint = welchJames({
        cells: [x, y, z],
        contrasts: [
          [-1, 1, 0],
          [-1, 0, 1],
        ],
      });
      const anova = welchAnova([x, y, z]);
      near(joint.statistic, anova.statistic);
      near(joint.df[1]!, anova.df[1]!);
      near(joint.p, anova.p);
    }),
  );
});

test("Hotelling's T squared of one difference is the t test squared", () => {
  fc.assert(
    fc.property(sample, (x) => {
      const joint = hotelling(x.map((value) => [value]));
      near(joint.statistic, oneSampleT(x).statistic ** 2);
      near(joint.p, oneSampleT(x).p);
    }),
  );
});

test("Hotelling's T squared does not depend on the units of its columns", () => {
  const rows = [
    [1, 20],
    [2, 25],
    [4, 21],
    [3, 30],
    [5, 28],
  ];
  const plain = hotelling(rows);
  near(hotelling(rows.map(([a, b]) => [1000 * a!, b! - 3 * a!])).statistic, plain.statistic);
});

test("Hotelling's T squared of the sweat data is the published 9.74", () => {
  // Johnson and Wichern, Applied Multivariate Statistical Analysis, 6th ed., table 5.1 and example 5.2: sweat rate, sodium and
  // potassium of 20 women against (4, 50, 10); T^2 = 9.74, which is compared with 3.353 F(3, 17).
  const sweat = [
    [3.7, 48.5, 9.3],
    [5.7, 65.1, 8.0],
    [3.8, 47.2, 10.9],
    [3.2, 53.2, 12.0],
    [3.1, 55.5, 9.7],
    [4.6, 36.1, 7.9],
    [2.4, 24.8, 14.0],
    [7.2, 33.1, 7.6],
    [6.7, 47.4, 8.5],
    [5.4, 54.1, 11.3],
    [3.9, 36.9, 12.7],
    [4.5, 58.8, 12.3],
    [3.5, 27.8, 9.8],
    [4.5, 40.2, 8.4],
    [1.5, 13.5, 10.1],
    [8.5, 56.4, 7.1],
    [4.5, 71.6, 8.2],
    [6.5, 52.8, 10.9],
    [4.1, 44.1, 11.2],
    [5.5, 40.9, 9.4],
  ];
  const found = hotelling(
    sweat.map(([rate, sodium, potassium]) => [rate! - 4, sodium! - 50, potassium! - 10]),
  );
  const tSquared = (found.statistic * 3 * 19) / 17;
  assert.is(tSquared.toFixed(2), "9.74");
  assert.equal(found.df, [3, 17]);
});

test("joint tests do not depend on the unit, from 1e-200 to 1e200", () => {
  const rows = [
    [1, 20],
    [2, 25],
    [4, 21],
    [3, 30],
    [5, 28],
  ];
  const cells = [
    [1, 2, 4],
    [3, 4, 6],
    [2, 3, 3],
    [7, 9, 8],
  ];
  const contrasts = [[1, -1, -1, 1]];
  for (const unit of [2 ** 660, 2 ** -660]) {
    near(hotelling(rows.map((row) => row.map((value) => value * unit))).statistic, hotelling(rows).statistic);
    const scaled = cells.map((cell) => cell.map((value) => value * unit));
    near(welchJames({ cells: scaled, contrasts }).statistic, welchJames({ cells, contrasts }).statistic);
  }
});

test("any contrasts that span the same space give the same Welch-James test", () => {
  fc.assert(
    fc.property(sample, sample, sample, sample, (a, b, c, d) => {
      const cells = [a, b, c, d];
      const first = [
        [-1, 1, 0, 0],
        [-1, 0, 1, 0],
        [-1, 0, 0, 1],
      ];
      const chained = [
        [-1, 1, 0, 0],
        [0, -1, 1, 0],
        [0, 0, -2, 2],
      ];
      const [one, other] = [first, chained].map((contrasts) => welchJames({ cells, contrasts }));
      near(one!.statistic, other!.statistic, 1e-7);
      near(one!.df[1]!, other!.df[1]!, 1e-7);
    }),
    { numRuns: 60 },
  );
});

test("a common slope in exact arithmetic, whatever the levels of the strata", () => {
  // Within each stratum Sxx = 2, Sxy = 3, Syy = 14/3: b = 3/2, residual 28/3 - 9 = 1/3 on 3 degrees of freedom, se = 1/6, t = 9.
  for (const [shift, unit] of [
    [0, 1],
    [1e6, 1],
    [0, 2 ** 600],
    [0, 2 ** -600],
  ] as const) {
    const found = commonSlope(
      [
        [0, 0, "a"],
        [1, 1, "a"],
        [2, 3, "a"],
        [0, 5, "b"],
        [1, 7, "b"],
        [2, 8, "b"],
      ].map(([x, y, stratum]) => ({
        x: Number(x),
        y: unit * (Number(y) + (stratum === "b" ? shift : 0)),
        stratum: String(stratum),
      })),
    );
    near(found.estimate.value / unit, 1.5);
    near(found.estimate.standardError! / unit, 1 / 6, 1e-8);
    near(found.test.statistic, 9, 1e-8);
    near(found.rSquared, 9 / (28 / 3), 1e-8);
    assert.equal(found.test.df, [3]);
  }
});

test("with one stratum a common slope is the least-squares line", () => {
  fc.assert(
    fc.property(sample, (y) => {
      const x = y.map((_, i) => i);
      const line = orRefusal(() => linearRegression({ x, y }));
      fc.pre(!isRefused(line));
      const common = commonSlope(x.map((at, i) => ({ x: at, y: y[i]!, stratum: "" })));
      const expected = line as Exclude<typeof line, { readonly kind: "refused" }>;
      near(common.estimate.low, expected.slope.low);
      near(common.intercept, expected.intercept.value);
      near(common.test.p, expected.p);
      near(common.fitAt(0).low, expected.intercept.low);
    }),
    { numRuns: 60 },
  );
});

test("the solver inverts Hilbert's matrix, whose inverse is whole numbers", () => {
  const hilbert = Array.from({ length: 4 }, (_, i) => Array.from({ length: 4 }, (_, j) => 1 / (i + j + 1)));
  const solve = positiveSolver(hilbert);
  for (const [column, expected] of [
    [16, -120, 240, -140],
    [-120, 1200, -2700, 1680],
    [240, -2700, 6480, -4200],
    [-140, 1680, -4200, 2800],
  ].entries())
    solve(hilbert.map((_, i) => Number(i === column))).forEach((value, i) => {
      near(value, expected[i]!, 1e-9);
    });
});

test("proportions have the Wilson intervals of R's prop.test without correction", () => {
  for (const [successes, n, low, high] of [
    [0, 10, 0, 0.277532799862889],
    [0, 20, 0, 0.161125158052819],
    [3, 10, 0.107791267406301, 0.603221852538855],
    [5, 10, 0.236593090512564, 0.763406909487436],
    [20, 20, 0.838874841947181, 1],
    [56, 70, 0.691833555037469, 0.87695260751637],
    [15, 148, 0.0623863995307363, 0.160487241723308],
    [498, 500, 0.985534284784823, 0.998902369477317],
    [7, 1000, 0.00339486840099077, 0.0143783154657666],
  ] as const) {
    const found = proportionInterval({ successes, n });
    near(found.low, low, 1e-13);
    near(found.high, high, 1e-13);
  }
});

test("too few blocks and contrasts without variation are refused in words", () => {
  assert.throws(
    () =>
      hotelling([
        [1, 2],
        [2, 3],
      ]),
    /2 complete blocks are too few for 2 differences/,
  );
  assert.throws(() => hotelling([[1], [1], [1]]), /does not vary/);
  assert.throws(() => welchJames({ cells: [[1], [2, 3]], contrasts: [[1, -1]] }), /n = 1/);
});

test.run();
