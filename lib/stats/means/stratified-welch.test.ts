// Contrasts over weighted cells against what they must reduce to, and against exact arithmetic.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { studentTTwoSided } from "../distribution/student-t.ts";
import { cohensD, hedgesG } from "../effect-size/standardized-difference.ts";
import { withinCellsEffect } from "../effect-size/within-cells-effect.ts";
import { stratifiedWelch } from "./stratified-welch.ts";
import { welch } from "./t-test.ts";

function near(actual: number, expected: number, tolerance = 1e-11): void {
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1e-300, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );
}

const sample = fc
  .array(fc.integer({ min: -1000, max: 1000 }), { minLength: 3, maxLength: 12 })
  .filter((values) => new Set(values).size > 2);
const one = (values: readonly number[]) => [{ values, weight: 1 }];

test("with one cell a level it is Welch's t test, and the effect is Cohen's d or Hedges' g", () => {
  fc.assert(
    fc.property(sample, sample, (x, y) => {
      const ours = stratifiedWelch({ x: one(x), y: one(y) });
      const theirs = welch({ x, y });
      near(ours.statistic, theirs.statistic, 1e-9);
      near(ours.df[0]!, theirs.df[0]!);
      near(ours.estimate.high - ours.estimate.low, theirs.estimate.high - theirs.estimate.low);
      assert.is(ours.method, theirs.method);
      const d = cohensD({ x, y });
      near(withinCellsEffect({ x: one(x), y: one(y) }).high, d.high, 1e-7);
      near(withinCellsEffect({ x: one(x), y: one(y), corrected: true }).value, hedgesG({ x, y }).value, 1e-9);
    }),
    { numRuns: 60 },
  );
});

test("two strata in exact arithmetic", () => {
  // Cell means 6, 49/3, 13/3, 14; variances 1, 7/3, 7/3, 1; weights 1/2. Difference 2; each part 1/4 s^2/3: 1/12, 7/36, 7/36, 1/12,
  // sum 5/9; df = (5/9)^2 / ((2/144 + 98/1296) / 2) = (25/81) / (29/648) = 200/29.
  const x = [
    { values: [5, 6, 7], weight: 0.5 },
    { values: [15, 16, 18], weight: 0.5 },
  ];
  const y = [
    { values: [3, 4, 6], weight: 0.5 },
    { values: [14, 13, 15], weight: 0.5 },
  ];
  const found = stratifiedWelch({ x, y });
  near(found.estimate.value, 2);
  near(found.estimate.standardError!, Math.sqrt(5 / 9));
  near(found.df[0]!, 200 / 29);
  near(found.p, studentTTwoSided(2 / Math.sqrt(5 / 9), 200 / 29));
  // Pooled variance (2 + 14/3 + 14/3 + 2) / 8 = 5/3.
  near(withinCellsEffect({ x, y }).value, 2 / Math.sqrt(5 / 3));
});

test("a stratum that shifts both levels alike, and the unit of the values, change nothing", () => {
  fc.assert(
    fc.property(sample, sample, sample, sample, fc.integer({ min: -50, max: 50 }), (a, b, c, d, shift) => {
      const of = (by: number, unit: number) => {
        const moved = (values: readonly number[], add: number) => ({
          values: values.map((v) => (v + add) * unit),
          weight: 0.5,
        });
        return { x: [moved(a, 0), moved(b, by)], y: [moved(c, 0), moved(d, by)] };
      };
      const plain = stratifiedWelch(of(0, 1));
      for (const [by, unit] of [
        [shift, 1],
        [0, 2 ** 700],
        [0, 2 ** -700],
      ] as const) {
        near(stratifiedWelch(of(by, unit)).p, plain.p, 1e-8);
        near(withinCellsEffect(of(by, unit)).value, withinCellsEffect(of(0, 1)).value, 1e-8);
        near(
          stratifiedWelch(of(by, unit)).estimate.standardError! / unit,
          plain.estimate.standardError!,
          1e-9,
        );
      }
    }),
    { numRuns: 60 },
  );
});

test.run();
