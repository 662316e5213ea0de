import { test } from "uvu";
import * as assert from "uvu/assert";
import { between } from "../between.ts";
import { sweep } from "../sweep.ts";
import type { SpaceInput } from "./condition-space.ts";
import { indexedSpaceOf } from "./indexed-space.ts";
import { cross, derive, oneOf, where } from "./joined-spaces.ts";
import { conditions, zip } from "./listed-spaces.ts";
import { type Overrides, overrideSpace } from "./override-space.ts";
import { latinHypercube } from "./sampled-spaces.ts";
import { readSpace } from "./space-input.ts";

function overridden(input: SpaceInput, overrides: Overrides) {
  const { space, problems } = overrideSpace(readSpace(input, null).tree, overrides);
  const indexed = indexedSpaceOf(space);
  return { indexed, all: Array.from({ length: indexed.size }, (_, i) => indexed.at(i)), problems };
}

test("levels replace levels, and the order of parameters stays", () => {
  const { all, problems } = overridden({ a: sweep([1, 2]), b: 5, c: sweep(["x"]) }, { b: [6], a: [9] });
  assert.equal(problems, []);
  assert.equal(all, [{ a: 9, b: 6, c: "x" }]);
  assert.equal(Object.keys(all[0] ?? {}), ["a", "b", "c"]);
});

test("a constant stays one under one level, and becomes a factor under several", () => {
  assert.equal(overridden({ a: sweep([1]), b: 5 }, { b: [6] }).indexed.constants, { b: 6 });
  const { indexed } = overridden({ a: sweep([1]), b: 5 }, { b: [6, 7] });
  assert.equal(
    indexed.factors.map(({ name }) => name),
    ["a", "b"],
  );
  assert.is(indexed.size, 2);
});

test("an unknown name is a problem that lists the names there are", () => {
  const { problems, all } = overridden({ alpha: sweep([1, 2]), beta: 1 }, { alhpa: [3] });
  assert.equal(
    problems.map(({ code, found, candidates }) => ({ code, found, candidates })),
    [{ code: "unknown-parameter", found: "alhpa", candidates: ["alpha", "beta"] }],
  );
  assert.is(all.length, 2);
});

test("a tag chooses branches, and a parameter of several branches changes in all", () => {
  const space = cross(
    { seed: sweep([1, 2]) },
    oneOf("climber", {
      greedy: { step: sweep([1, 2]) },
      annealing: { step: sweep([1, 2]), cooling: sweep([0.9, 0.99]) },
    }),
  );
  const one = overridden(space, { climber: ["annealing"], step: [5] });
  assert.equal(one.problems, []);
  assert.is(one.indexed.size, 4);
  assert.ok(one.all.every(({ climber, step }) => climber === "annealing" && step === 5));
  const other = overridden(space, { climber: ["gredy"] });
  assert.equal(
    other.problems.map(({ code, candidates }) => ({ code, candidates })),
    [{ code: "unknown-level", candidates: ["greedy", "annealing"] }],
  );
});

test("zipped, listed, sampled, constrained and derived parameters say what they allow", () => {
  const zipped = zip({ a: sweep([1, 2]), b: sweep([3, 4]) });
  assert.equal(overridden(zipped, { a: [7] }).all, [
    { a: 7, b: 3 },
    { a: 7, b: 4 },
  ]);
  assert.equal(overridden(zipped, { a: [7, 8] }).all[1], { a: 8, b: 4 });
  assert.is(overridden(zipped, { a: [7, 8, 9] }).problems[0]?.code, "fixed-parameter");
  const listed = conditions([{ a: 1, b: 1 }, { a: 2 }]);
  assert.equal(overridden(listed, { b: [9] }).all, [{ a: 1, b: 9 }, { a: 2 }]);
  assert.is(overridden(listed, { b: [8, 9] }).problems[0]?.code, "fixed-parameter");
  const sampled = overridden(latinHypercube({ u: between(0, 1) }, 4), { u: [0.25] });
  assert.ok(sampled.all.every(({ u }) => u === 0.25));
  const filtered = overridden(
    where({ a: sweep([1, 2]) }, (p) => p.a > 1),
    { a: [3] },
  );
  assert.ok(filtered.indexed.admits(0));
  const derived = derive({ a: sweep([1, 2]) }, { b: (p) => p.a * 2 });
  assert.is(overridden(derived, { b: [1] }).problems[0]?.code, "fixed-parameter");
  assert.equal(overridden(derived, { a: [5] }).all, [{ a: 5, b: 10 }]);
});

test("a level must be of a kind that is declared: text for a number would run trials of nonsense", () => {
  const space = cross(
    { step: sweep.range(0, 3), name: sweep(["a", "b"]), cap: sweep([null, 5]) },
    oneOf("kind", { x: { flag: true }, y: { size: sweep([1]) } }),
  );
  const wrong = overridden(space, { step: [1, "x"], name: [7], flag: ["yes"], size: [true], cap: ["none"] });
  assert.equal(
    wrong.problems.map(({ code, subject, found, expected }) => [code, subject, found, expected]),
    [
      ["unknown-level", 'parameter "step"', '"x"', "number, as declared"],
      ["unknown-level", 'parameter "name"', "7", "text, as declared"],
      ["unknown-level", 'parameter "flag"', '"yes"', "boolean, as declared"],
      ["unknown-level", 'parameter "size"', "true", "number, as declared"],
      ["unknown-level", 'parameter "cap"', '"none"', "null or number, as declared"],
    ],
  );
  assert.equal(overridden(space, { step: [0.5], name: ["c"], flag: [false], cap: [null, 9] }).problems, []);
});

test("no levels, or levels that are no JSON, are problems", () => {
  assert.is(overridden({ a: sweep([1]) }, { a: [] }).problems[0]?.code, "empty-sweep");
  assert.is(overridden({ a: sweep([1]) }, { a: [Number.NaN] }).problems[0]?.code, "not-json");
});

test.run();
