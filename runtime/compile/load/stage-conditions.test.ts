// The conditions of a stage are the distinct projections of the admitted ones, however they are found.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { conditionKeyOf } from "../../../lib/experiment/space/condition-key.ts";
import { indexedSpaceOf } from "../../../lib/experiment/space/indexed-space.ts";
import type { Space, SpaceParameter } from "../../../lib/experiment/space/space.ts";
import { stageConditions } from "./stage-conditions.ts";

const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });

function product(prefix: string, levels: readonly number[]): Space {
  const parameters = levels.map((count, index): SpaceParameter => {
    const name = `${prefix}${index}`;
    if (count === 1) return { name, kind: "constant", value: 0 };
    return {
      name,
      kind: "sweep",
      levels: { kind: "list", levels: Array.from({ length: count }, (_, level) => level) },
    };
  });
  return { kind: "product", parameters };
}

function bruteForce(tree: Space, uses: readonly string[]): string[] {
  const space = indexedSpaceOf(tree);
  const keys = new Set<string>();
  for (let index = 0; index < space.size; index++) {
    if (!space.admits(index)) continue;
    keys.add(
      conditionKeyOf(
        Object.fromEntries(Object.entries(space.at(index)).filter(([name]) => uses.includes(name))),
      ),
    );
  }
  return [...keys];
}

test("over products, crosses and filtered spaces they are what a walk finds, in order of first appearance", () => {
  fc.assert(
    fc.property(
      sizes,
      sizes,
      fc.boolean(),
      fc.integer({ min: 0, max: 255 }),
      (left, right, isFiltered, mask) => {
        const cross: Space = { kind: "cross", of: [product("a", left), product("b", right)] };
        const predicate = {
          call: (condition: Readonly<Record<string, unknown>>): boolean => condition.a0 !== 1,
          part: "where",
          site: null,
        };
        const tree: Space = isFiltered ? { kind: "where", of: cross, predicate } : cross;
        const space = indexedSpaceOf(tree);
        const uses = space.parameters.filter((_, index) => (mask >> index) & 1);
        const { conditions, projected } = stageConditions({ tree, space, per: "condition", uses });
        if (projected === null) {
          assert.is(conditions, space.size);
          assert.is(uses.length, space.parameters.length);
        } else {
          assert.is(conditions, projected.length);
          assert.equal(projected.map(conditionKeyOf), bruteForce(tree, uses));
        }
      },
    ),
  );
});

test("a stage once a build has one condition, and one that uses everything sees the experiment's own", () => {
  const tree = product("a", [3, 2]);
  const space = indexedSpaceOf(tree);
  assert.equal(stageConditions({ tree, space, per: "build", uses: [] }), { conditions: 1, projected: null });
  assert.equal(stageConditions({ tree, space, per: "replicate", uses: "all" }), {
    conditions: 6,
    projected: null,
  });
  assert.equal(stageConditions({ tree, space, per: "condition", uses: ["a0", "a1"] }), {
    conditions: 6,
    projected: null,
  });
});

test("a hundred million conditions of a product are projected without a walk", () => {
  const wide: Space = {
    kind: "product",
    parameters: [
      { name: "x", kind: "sweep", levels: { kind: "range", start: 0, step: 1, count: 100_000_000 } },
      { name: "firms", kind: "sweep", levels: { kind: "list", levels: [2, 3] } },
    ],
  };
  const { projected } = stageConditions({
    tree: wide,
    space: indexedSpaceOf(wide),
    per: "condition",
    uses: ["firms"],
  });
  assert.equal(projected, [{ firms: 2 }, { firms: 3 }]);
});

test.run();
