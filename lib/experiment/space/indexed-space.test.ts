import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { between } from "../between.ts";
import { sweep } from "../sweep.ts";
import { conditionKeyOf } from "./condition-key.ts";
import type { SpaceInput } from "./condition-space.ts";
import { descriptorOf, expandSpace } from "./descriptor.ts";
import { indexedSpaceOf, spaceFromDescriptor } from "./indexed-space.ts";
import { concat, cross, derive, oneOf, where } from "./joined-spaces.ts";
import { conditions, zip } from "./listed-spaces.ts";
import { latinHypercube, sobol } from "./sampled-spaces.ts";
import type { Condition, IndexedSpace } from "./space.ts";
import { readSpace } from "./space-input.ts";

const treeOf = (space: SpaceInput) => readSpace(space, null).tree;
const indexed = (space: SpaceInput): IndexedSpace => indexedSpaceOf(treeOf(space));
const all = (space: IndexedSpace): Condition[] => Array.from({ length: space.size }, (_, i) => space.at(i));

test("a product counts the last parameter fastest and keeps declared order", () => {
  const space = indexed({ firms: sweep([2, 3]), memory: 1, mode: sweep(["a", "b"]) });
  assert.equal(all(space), [
    { firms: 2, memory: 1, mode: "a" },
    { firms: 2, memory: 1, mode: "b" },
    { firms: 3, memory: 1, mode: "a" },
    { firms: 3, memory: 1, mode: "b" },
  ]);
  assert.equal(Object.keys(space.at(2)), ["firms", "memory", "mode"]);
  assert.equal(space.constants, { memory: 1 });
  assert.equal(
    space.factors.map(({ name, levels }) => [name, levels]),
    [
      ["firms", [2, 3]],
      ["mode", ["a", "b"]],
    ],
  );
});

test("no sweep at all is one condition, and no parameter at all is one empty condition", () => {
  assert.equal(all(indexed({ memory: 1 })), [{ memory: 1 }]);
  assert.equal(all(indexed({})), [{}]);
});

test("cross shares factors with the branches of oneOf", () => {
  const space = indexed(
    cross(
      { firms: sweep([2, 3]) },
      oneOf("algorithm", { q: { alpha: sweep([0.1, 0.2]), tag: 1 }, titForTat: {} }),
    ),
  );
  assert.equal(all(space), [
    { firms: 2, algorithm: "q", alpha: 0.1, tag: 1 },
    { firms: 2, algorithm: "q", alpha: 0.2, tag: 1 },
    { firms: 2, algorithm: "titForTat" },
    { firms: 3, algorithm: "q", alpha: 0.1, tag: 1 },
    { firms: 3, algorithm: "q", alpha: 0.2, tag: 1 },
    { firms: 3, algorithm: "titForTat" },
  ]);
  const branches = space.factors.map(({ name, branch }) => [name, branch]);
  assert.equal(branches, [
    ["firms", null],
    ["algorithm", null],
    ["alpha", { tag: "algorithm", value: "q" }],
  ]);
  assert.is(space.indexOf({ algorithm: "titForTat", firms: 3 }), 5);
  assert.is(space.indexOf({ algorithm: "titForTat", firms: 3, alpha: 0.1 }), -1);
  assert.is(space.indexOf({ algorithm: "q", firms: 3 }), -1);
});

test("zip, concat and conditions list what they say", () => {
  const zipped = zip({ a: sweep([1, 2]), b: sweep(["x", "y"]) });
  assert.equal(all(indexed(zipped)), [
    { a: 1, b: "x" },
    { a: 2, b: "y" },
  ]);
  const joined = indexed(concat({ a: sweep([1, 2]) }, { a: 1, b: sweep([3, 4]) }, conditions([{ c: 5 }])));
  assert.equal(all(joined), [{ a: 1 }, { a: 2 }, { a: 1, b: 3 }, { a: 1, b: 4 }, { c: 5 }]);
  assert.is(joined.indexOf({ a: 1, b: 3 }), 2);
  assert.is(joined.indexOf({ a: 1 }), 0);
});

test("where keeps indexes and admits what its predicate says, nested or not", () => {
  const triangle = where({ low: sweep([1, 2, 3]), high: sweep([1, 2, 3]) }, (p) => p.low < p.high);
  const space = indexed(cross({ seed: sweep([7, 8]) }, triangle));
  const admitted = all(space).filter((_, i) => space.admits(i));
  assert.is(space.size, 18);
  assert.is(admitted.length, 6);
  assert.ok(admitted.every(({ low, high }) => Number(low) < Number(high)));
});

test("derived values follow from the conditions, later ones from earlier ones, and do not name a condition", () => {
  const space = indexed(
    derive(derive({ firms: sweep([2, 3]), cost: 1 }, { share: (p) => p.cost / p.firms }), {
      double: (p) => p.share * 2,
    }),
  );
  assert.equal(space.at(0), { firms: 2, cost: 1, share: 0.5, double: 1 });
  assert.is(space.indexOf({ firms: 3, cost: 1 }), 1);
  assert.is(space.indexOf(space.at(1)), 1);
  assert.equal(space.constants, { cost: 1 });
});

test("a level is found by its value, however its keys are ordered and whatever the sign of zero", () => {
  const space = indexed({
    market: sweep([
      { a: 1, b: [1, 2] },
      { a: 2, b: [] },
    ]),
    x: sweep([0, 1]),
  });
  assert.is(space.indexOf({ x: -0, market: { b: [1, 2], a: 1 } }), 0);
  assert.is(space.indexOf({ x: 1, market: { b: [2, 1], a: 1 } }), -1);
  assert.is(space.indexOf({ x: () => 1, market: new Map() }), -1);
  assert.is(space.indexOf({ x: "1", market: { a: 2, b: [] } }), -1);
});

test("a trial cannot change a level that others share", () => {
  const levels = [{ costs: [1, 2] }];
  const space = indexed({ market: sweep(levels) });
  const { market } = space.at(0) as { market: { costs: number[] } };
  assert.throws(() => market.costs.push(3), TypeError);
  levels[0]?.costs.push(9);
  assert.equal(space.at(0), { market: { costs: [1, 2] } });
  assert.is.not(space.at(0), space.at(0));
});

test("an index outside the space is refused in words", () => {
  const space = indexed({ a: sweep([1, 2]) });
  assert.throws(() => space.at(2), /condition 2: expected a whole number from 0 to 1/);
  assert.throws(() => space.at(-1), RangeError);
  assert.throws(() => space.at(0.5), RangeError);
});

test("fifty million conditions are ready at once", () => {
  const space = indexed({ a: sweep.range(0, 10_000), b: sweep.linspace(0, 1, 5000) });
  assert.is(space.size, 50_000_000);
  assert.equal(space.at(49_999_999), { a: 9999, b: 1 });
});

const names = ["a", "b", "c", "d", "e", "f"] as const;

/** Random trees over parameters that do not repeat; `take` hands out the next free names. */
function spaces(depth: number, free: readonly string[]): fc.Arbitrary<SpaceInput> {
  const [first = "z", second = "y"] = free;
  const levels = fc.uniqueArray(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom("x", "y", null)), {
    minLength: 1,
    maxLength: 3,
    selector: conditionKeyOf,
  });
  const product = levels.map((list) => ({ [first]: sweep(list), [second]: 1 }));
  if (depth === 0 || free.length < 4) return product;
  const [left, right] = [free.slice(2, 4), free.slice(4)];
  const part = spaces(depth - 1, left);
  const other = spaces(depth - 1, right.length > 1 ? right : ["p", "q"]);
  return fc.oneof(
    product,
    fc.tuple(product, part).map(([one, two]) => cross(one, two)),
    fc.tuple(part, other).map(([one, two]) => concat(one, two)),
    fc.tuple(part, other).map(([one, two]) => oneOf(first, { one, two })),
    part.map((of) => where(of, (p) => conditionKeyOf(p).length % 3 !== 0)),
    part.map((of) => derive(of, { [first]: (p: unknown) => conditionKeyOf(p).length })),
    fc.constant(latinHypercube({ [first]: between(0, 1), [second]: sweep([1, 2]) }, 5)),
    fc.constant(sobol({ [first]: between.integers(0, 100), [second]: between.log(1, 2) }, 4)),
  );
}

test("in every space, indexOf undoes at, and equal conditions have the first index", () => {
  fc.assert(
    fc.property(spaces(2, names), (input) => {
      const space = indexed(input);
      const first = new Map<string, number>();
      for (let i = 0; i < space.size; i++) {
        const key = conditionKeyOf(space.at(i));
        if (!first.has(key)) first.set(key, i);
        assert.is(space.indexOf(space.at(i)), first.get(key));
        assert.is(space.indexOf({ ...space.at(i), surplus: 1 }), -1);
      }
    }),
    { numRuns: 300 },
  );
});

test("a space rebuilt from its JSON descriptor and what the build evaluated is the same space", () => {
  fc.assert(
    fc.property(spaces(2, names), (input) => {
      const tree = treeOf(input);
      const original = indexedSpaceOf(tree);
      const admitted = new Uint8Array(Math.ceil(original.size / 8));
      const derived: (Condition | null)[] = [];
      expandSpace(tree, (expanded) => {
        if (expanded.admitted)
          admitted[expanded.index >> 3] = (admitted[expanded.index >> 3] ?? 0) | (1 << (expanded.index & 7));
        derived.push(expanded.derived);
      });
      const rebuilt = spaceFromDescriptor(JSON.parse(JSON.stringify(descriptorOf(tree))), {
        admitted: original.filtered ? admitted : undefined,
        derived: original.derives ? derived : undefined,
      });
      assert.is(rebuilt.size, original.size);
      assert.equal(rebuilt.factors, original.factors);
      assert.equal(rebuilt.parameters, original.parameters);
      for (let i = 0; i < original.size; i++) {
        assert.is(rebuilt.admits(i), original.admits(i));
        if (!original.admits(i)) continue;
        assert.equal(rebuilt.at(i), original.at(i));
        assert.equal(Object.keys(rebuilt.at(i)), Object.keys(original.at(i)));
        assert.is(rebuilt.indexOf(original.at(i)), original.indexOf(original.at(i)));
      }
    }),
    { numRuns: 300 },
  );
});

test.run();
