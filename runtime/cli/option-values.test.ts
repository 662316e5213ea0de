// Values as people type them, and the words for those that make no sense.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { countOf, durationMsOf, failureLimitOf, levelsOf, memoryMbOf, pairsOf } from "./option-values.ts";

test("levels are numbers, booleans, null or text; quotes keep text", () => {
  assert.equal(levelsOf("--set", "0,0.5,1e-3"), [0, 0.5, 0.001]);
  assert.equal(levelsOf("--set", "red, blue"), ["red", "blue"]);
  assert.equal(levelsOf("--set", "true,false,null"), [true, false, null]);
  assert.equal(levelsOf("--set", '"1","x"'), ["1", "x"]);
  assert.equal(levelsOf("--set", '[[1,2],{"a":1}]'), [[1, 2], { a: 1 }]);
});

test("range leaves the stop out, with any step", () => {
  assert.equal(levelsOf("--set", "range(1,4)"), [1, 2, 3]);
  assert.equal(levelsOf("--set", "range(0, 10, 4)"), [0, 4, 8]);
  assert.equal(levelsOf("--set", "range(3,0,-1)"), [3, 2, 1]);
  assert.equal(levelsOf("--set", "range(0,1,0.1)").length, 10);
  assert.is(levelsOf("--set", "range(1,1001)").length, 1000);
});

test("every number that was printed is read back as itself", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.ok(levelsOf("--set", String(value))[0] === value);
    }),
  );
});

for (const bad of ["range(1)", "range(4,1)", "range(1,2,0)", "range(a,b)", "[1,"]) {
  test(`${bad} is refused in words`, () => {
    assert.throws(() => levelsOf("--set", bad), /--set/);
  });
}

test("durations, sizes, counts and shares have units and bounds", () => {
  assert.is(durationMsOf("--timeout")("30s"), 30_000);
  assert.is(durationMsOf("--timeout")("1.5h"), 5_400_000);
  assert.is(durationMsOf("--timeout")("250ms"), 250);
  assert.is(durationMsOf("--timeout")("10"), 10_000);
  assert.is(memoryMbOf("--memory")("2GB"), 2048);
  assert.is(memoryMbOf("--memory")("512"), 512);
  assert.is(failureLimitOf("0.1"), 0.1);
  assert.is(failureLimitOf("5"), 5);
  assert.equal(pairsOf("--filter")("a=b=c", []), [["a", "b=c"]]);
  for (const refuse of [
    () => durationMsOf("--timeout")("soon"),
    () => memoryMbOf("--memory")("2"),
    () => countOf("--jobs", 1)("0"),
    () => countOf("--jobs", 1)("-3"),
    () => failureLimitOf("1.5"),
    () => pairsOf("--filter")("novalue", []),
  ]) {
    assert.throws(refuse, /takes/);
  }
});

test.run();
