// Contrasts within blocks against repeated measures (which R judges), and contrasts of shares against Agresti and Caffo's and each other.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { shareContrast, shareContrasts } from "../proportions/share-contrasts.ts";
import { isRefused, orRefusal } from "../refusal.ts";
import { blockContrasts, flippedContrasts } from "./block-contrasts.ts";
import { contrastSpace } from "./contrast-space.ts";
import { repeatedMeasures } from "./repeated-measures.ts";
import { oneSampleT } from "./t-interval.ts";

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

const value = fc.integer({ min: -500, max: 500 }).map((whole) => whole / 7);
const tables = fc
  .tuple(fc.integer({ min: 2, max: 7 }), fc.integer({ min: 2, max: 5 }))
  .chain(([b, k]) =>
    fc.array(fc.array(value, { minLength: k, maxLength: k }), { minLength: b, maxLength: b }),
  );

test("over the contrasts of one factor it is repeated measures with Greenhouse and Geisser's correction, in any basis", () => {
  fc.assert(
    fc.property(tables, (blocks) => {
      const expected = orRefusal(() => repeatedMeasures(blocks));
      if (isRefused(expected) || expected.statistic > 1e6) return;
      const k = blocks[0]!.length;
      const basis = contrastSpace({ n: k, columns: [new Array<number>(k).fill(2)] });
      assert.is(basis.length, k - 1);
      const rows = blocks.map((block) =>
        [...basis].reverse().map((row) => row.reduce((sum, weight, i) => sum + weight * block[i]!, 0)),
      );
      const found = blockContrasts(rows);
      near(found.statistic, expected.statistic, 1e-6);
      near(found.epsilon, expected.greenhouseGeisser.epsilon, 1e-6);
      near(found.p, expected.greenhouseGeisser.p, 1e-6);
    }),
  );
});

test("one contrast is a t test", () => {
  const values = [0.3, 1.2, -0.4, 0.9, 0.8];
  near(blockContrasts(values.map((one) => [one])).p, oneSampleT(values).p);
});

test("a contrast space is orthonormal, orthogonal to its columns, and as large as their rank leaves", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }),
      fc.array(fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 8, maxLength: 8 }), { maxLength: 6 }),
      (n, wide) => {
        const columns = wide.map((column) => column.slice(0, n));
        const basis = contrastSpace({ n, columns });
        const dot = (a: readonly number[], b: readonly number[]) =>
          a.reduce((sum, one, i) => sum + one * b[i]!, 0);
        basis.forEach((one, i) => {
          for (const column of columns) assert.ok(Math.abs(dot(one, column)) < 1e-8);
          basis.forEach((other, j) => {
            assert.ok(Math.abs(dot(one, other) - Number(i === j)) < 1e-9);
          });
        });
        assert.is(contrastSpace({ n, columns: [...columns, ...basis] }).length, 0);
        assert.is(contrastSpace({ n, columns: [...columns, ...columns] }).length, basis.length);
      },
    ),
  );
});

test("sign flips of one contrast are counted exactly", () => {
  // Of the 8 patterns the two that keep all signs alike reach 1.
  near(flippedContrasts([[1], [1], [1]]).p, 2 / 8);
  // Sums of squares over the patterns of (1,0), (0,1): all 2.
  near(
    flippedContrasts([
      [1, 0],
      [0, 1],
    ]).p,
    1,
  );
});

test("a contrast of two shares has Agresti and Caffo's interval", () => {
  // Agresti and Caffo (2000): shares 1/22 and 21/22 with 22 trials each.
  const found = shareContrast({
    cells: [
      { successes: 0, n: 20 },
      { successes: 20, n: 20 },
    ],
    weights: [-1, 1],
  });
  const half = 1.959963984540054 * Math.sqrt((2 * (1 / 22) * (21 / 22)) / 22);
  near(found.value, 1);
  near(found.low, 20 / 22 - half);
  near(found.high, Math.max(1, 20 / 22 + half));
});

test("one contrast of shares alone and jointly have one p, and cells that all end alike have one", () => {
  const cells = [0, 20, 20, 20].map((successes) => ({ successes, n: 20 }));
  const weights = [1, -1, -1, 1];
  const alone = shareContrast({ cells, weights });
  near(shareContrasts({ cells, contrasts: [weights], counted: 4 }).p, alone.p);
  assert.ok(alone.p < 1e-6 && alone.high < 0);
});

test.run();
