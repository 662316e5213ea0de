import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { editDistance, listed, nearest, nearestOrAll } from "./nearest.ts";

test("a swap of neighbours is one edit", () => {
  assert.is(editDistance("scoer", "score", 5), 1);
  assert.is(editDistance("ca", "abc", 5), 3, "the restricted distance edits no substring twice");
  assert.is(editDistance("kitten", "sitting", 5), 3);
});

test("the distance agrees with the recursive definition", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
  fc.assert(
    fc.property(word, word, fc.integer({ min: 0, max: 7 }), (a, b, bound) => {
      const exact = recursive(a, b);
      assert.is(editDistance(a, b, bound), Math.min(exact, bound + 1));
    }),
    { numRuns: 400 },
  );
});

function recursive(a: string, b: string): number {
  if (a === "" || b === "") return a.length + b.length;
  const costs = [
    recursive(a.slice(1), b) + 1,
    recursive(a, b.slice(1)) + 1,
    recursive(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
  ];
  if (a.length > 1 && b.length > 1 && a[0] === b[1] && a[1] === b[0])
    costs.push(recursive(a.slice(2), b.slice(2)) + 1);
  return Math.min(...costs);
}

test("a typing slip finds its name", () => {
  assert.is(nearest("discuont", ["firms", "discount"]), "discount");
  assert.is(nearest("Profitgain", ["profit", "profitGain"]), "profitGain");
  assert.is(nearest("alhpa", ["beta", "alpha"]), "alpha");
});

test("nothing near means no suggestion", () => {
  assert.is(nearest("temperature", ["firms", "discount"]), null);
  assert.is(nearest("a", ["b"]), null);
  assert.is(nearest("score", ["score"]), null);
  assert.is(nearest("x", []), null);
});

test("the nearest of several is chosen, and the first of equals", () => {
  assert.is(nearest("stepz", ["stop", "steps", "stepx"]), "steps");
});

test("without a near name the whole list is told", () => {
  assert.is(nearestOrAll("zzz", ["score", "steps"], "metric"), 'The metrics are "score" and "steps".');
  assert.is(nearestOrAll("zzz", ["score"], "metric"), 'The only metric is "score".');
  assert.is(nearestOrAll("scoer", ["score"], "metric"), 'Did you mean "score"?');
  assert.is(nearestOrAll("scoer", [], "metric"), null);
});

test("a long list is cut with a count", () => {
  assert.is(listed(["a", "b", "c"]), "a, b and c");
  assert.is(listed(["a", "b", "c", "d"], 3), "a, b and 2 more");
});

test.run();
