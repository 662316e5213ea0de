import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { between } from "../between.ts";
import { sweep } from "../sweep.ts";
import { descriptorOf } from "./descriptor.ts";
import { indexedSpaceOf, spaceFromDescriptor } from "./indexed-space.ts";
import { cross, oneOf } from "./joined-spaces.ts";
import { proposalFault, proposedPartsOf, withProposedRows } from "./proposed-node.ts";
import { proposed } from "./proposed-space.ts";
import type { Condition } from "./space.ts";

const ranges = { alpha: between(0, 1), size: between.integers(1, 9), kind: sweep(["a", "b"]) };
const tree = cross(
  { world: sweep([0, 1, 2]) },
  oneOf("agent", { fixed: { beta: 1 }, tuned: proposed(ranges, { capacity: 8 }) }),
).tree;

const condition = fc.record({
  alpha: fc.double({ min: 0, max: 1, noNaN: true }),
  size: fc.integer({ min: 1, max: 9 }),
  kind: fc.constantFrom("a", "b"),
});

test("as many conditions are admitted as were proposed, each found again where it is, while the space is read", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(condition, {
        maxLength: 8,
        selector: (row) => JSON.stringify([row.alpha + 0, row.size, row.kind]),
      }),
      (conditions) => {
        const rows: Condition[] = [];
        const space = spaceFromDescriptor(withProposedRows(descriptorOf(tree), rows));
        assert.equal([space.size, space.grows, space.filtered], [27, true, true]);
        for (const next of [null, ...conditions]) {
          if (next !== null) rows.push(next);
          const admitted = Array.from({ length: 27 }, (_, index) => index).filter((index) =>
            space.admits(index),
          );
          assert.is(admitted.length, 3 * (1 + rows.length));
          for (const index of admitted) assert.is(space.indexOf(space.at(index)), index);
        }
        const found = space.indexOf({ world: 2, agent: "tuned", ...conditions.at(-1) });
        assert.is(found, conditions.length === 0 ? -1 : 2 * 9 + conditions.length);
      },
    ),
  );
});

test("a definition's own space has room and no condition of it; its ranges are its factors", () => {
  const space = indexedSpaceOf(tree);
  assert.is(Array.from({ length: 27 }, (_, index) => index).filter((index) => space.admits(index)).length, 3);
  assert.equal(
    space.factors.map(({ name }) => name),
    ["world", "agent", "alpha", "size", "kind"],
  );
  assert.equal(JSON.parse(JSON.stringify(descriptorOf(tree))), descriptorOf(tree));
});

test("what does not fit the ranges is said in words", () => {
  const [part] = proposedPartsOf(tree);
  const fits = { alpha: 0.5, size: 2, kind: "a" };
  const faultOf = (other: object): string | null => proposalFault(part!, { ...fits, ...other });
  assert.is(faultOf({}), null);
  assert.is(faultOf({ alpha: 1.5 }), "alpha is 1.5, expected a number from 0 to 1");
  assert.is(faultOf({ alpha: Number.NaN }), "alpha is null, expected a number from 0 to 1");
  assert.is(faultOf({ size: 2.5 }), "size is 2.5, expected a whole number from 1 to 9");
  assert.is(faultOf({ kind: "c" }), 'kind is "c", expected one of "a", "b"');
  assert.is(faultOf({ gamma: 1 }), 'there is no proposed parameter "gamma", only alpha, size, kind');
  assert.is(proposalFault(part!, { alpha: 0.5, size: 2 }), 'the parameter "kind" is missing');
});

test.run();
