// Names of levels in pictures: short, and never the same for two levels.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { levelNames } from "./level-names.ts";

test("objects are called by the members in which they differ, however deep", () => {
  const level = (layers: readonly number[], rate: number) =>
    JSON.stringify({ layers, activation: "relu", optimizer: { name: "adam", rate } });
  assert.equal(levelNames([level([64, 64], 0.1), level([32], 0.1)], false), [
    "layers [64,64]",
    "layers [32]",
  ]);
  assert.equal(levelNames([level([64], 0.1), level([64], 0.01)], false), [
    "optimizer.rate 0.1",
    "optimizer.rate 0.01",
  ]);
});

test("long numbers have the fewest digits that tell them apart, short ones stay", () => {
  assert.equal(levelNames(["0", "0.1111111111111", "0.2222222222222"], true), ["0.00", "0.11", "0.22"]);
  assert.equal(levelNames(["0", "0.5", "0.95"], true), ["0", "0.5", "0.95"]);
  assert.equal(levelNames(["1000000", "2000000.5"], true), ["1000000", "2000001"]);
});

test("different levels have different names, whatever they are", () => {
  const level = fc.oneof(
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc.string(),
    fc.dictionary(fc.string(), fc.jsonValue()).map((one) => JSON.stringify(one)),
  );
  fc.assert(
    fc.property(fc.uniqueArray(level, { maxLength: 8 }), (levels) => {
      assert.is(new Set(levelNames(levels, false)).size, levels.length);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.double({ noNaN: true, noDefaultInfinity: true }).map(String), { maxLength: 8 }),
      (levels) => {
        assert.is(new Set(levelNames(levels, true)).size, levels.length);
      },
    ),
    { numRuns: 500 },
  );
});

test.run();
