// The joint test within blocks beside R's car::Anova, the paired t test, and the sums of squares that it must not depend on.
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { repeatedMeasures } from "./repeated-measures.ts";
import { oneSampleT } from "./t-interval.ts";
import {
  contrastsOf,
  interactionContrasts,
  orthonormalContrasts,
  withinBlocksTest,
} from "./within-blocks.ts";

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

const contrasted = (blocks: readonly (readonly number[])[], contrasts: readonly (readonly number[])[]) =>
  blocks.map((block) => contrasts.map((row) => row.reduce((sum, weight, j) => sum + weight * block[j]!, 0)));

// R 4.2.2, car::Anova with Greenhouse-Geisser corrections.
const { repeatedMeasures: cases } = JSON.parse(
  readFileSync(new URL("../reference/unreferenced.json", import.meta.url), "utf8"),
) as { repeatedMeasures: { blocks: number[][]; f: number; gg: number; ggP: number }[] };

test("one factor agrees with R's repeated measures", () => {
  for (const { blocks, f, gg, ggP } of cases) {
    const found = withinBlocksTest(blocks.map(contrastsOf));
    near(
      found.statistic,
      withinBlocksTest(contrasted(blocks, orthonormalContrasts(blocks[0]!.length))).statistic,
    );
    near(found.statistic, f, 1e-6);
    near(found.epsilon, gg);
    near(found.p, ggP);
  }
});

const matrix = (blocks: number, columns: number) =>
  fc.array(fc.array(fc.integer({ min: -99, max: 99 }), { minLength: columns, maxLength: columns }), {
    minLength: blocks,
    maxLength: blocks + 6,
  });

test("what blocks share and the order of levels change nothing, also with fewer blocks than levels", () => {
  fc.assert(
    fc.property(matrix(3, 5), fc.integer({ min: -1000, max: 1000 }), (blocks, luck) => {
      const contrasts = orthonormalContrasts(5);
      const spread = new Set(blocks.map((block) => JSON.stringify(block.map((value) => value - block[0]!))));
      if (spread.size < 3) return;
      const found = withinBlocksTest(contrasted(blocks, contrasts));
      const other = withinBlocksTest(
        contrasted(
          blocks.map((block, i) => [...block].reverse().map((value) => value + luck * i)),
          contrasts,
        ),
      );
      near(other.statistic, found.statistic, 1e-7);
      near(other.p, found.p, 1e-7);
      const { greenhouseGeisser } = repeatedMeasures(blocks);
      near(found.epsilon, greenhouseGeisser.epsilon, 1e-7);
    }),
  );
});

test("two levels are the paired t test; a two by two interaction is that of the differences of differences", () => {
  const blocks = [
    [1, 2, 4, 9],
    [2, 2, 5, 7],
    [0, 3, 3, 8],
    [1, 1, 6, 6],
  ];
  const pairs = withinBlocksTest(contrasted(blocks, orthonormalContrasts(2)));
  near(pairs.p, oneSampleT(blocks.map(([a, b]) => b! - a!)).p);
  const crossed = withinBlocksTest(contrasted(blocks, interactionContrasts([2, 2])));
  near(crossed.p, oneSampleT(blocks.map(([a, b, c, d]) => d! - c! - b! + a!)).p);
  assert.is(interactionContrasts([2, 3, 4]).length, 6);
  assert.is(interactionContrasts([2, 3, 4])[0]!.length, 24);
});

test("one block, and blocks that differ by nothing but luck, are refused", () => {
  assert.throws(() => withinBlocksTest([[1, 2]]), /1 complete block; 2 are needed/);
  assert.throws(
    () =>
      withinBlocksTest([
        [1, 2],
        [1, 2],
      ]),
    /same amount in every block/,
  );
});

test.run();
