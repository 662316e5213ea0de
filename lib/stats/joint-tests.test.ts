// The joint tests against what they must reduce to: t tests and the analysis of variance of Welch.

import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
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
      const joint = welchJames({ cells: [x, y], contrasts: [[1, -1]], method: "m" });
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
        method: "m",
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
      const joint = hotelling(
        x.map((value) => [value]),
        "m",
      );
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
  const plain = hotelling(rows, "m");
  near(
    hotelling(
      rows.map(([a, b]) => [1000 * a!, b! - 3 * a!]),
      "m",
    ).statistic,
    plain.statistic,
  );
});

test("too few blocks and contrasts without variation are refused in words", () => {
  assert.throws(
    () =>
      hotelling(
        [
          [1, 2],
          [2, 3],
        ],
        "m",
      ),
    /2 complete blocks are too few for 2 differences/,
  );
  assert.throws(() => hotelling([[1], [1], [1]], "m"), /does not vary/);
  assert.throws(() => welchJames({ cells: [[1], [2, 3]], contrasts: [[1, -1]], method: "m" }), /n = 1/);
});

test.run();
