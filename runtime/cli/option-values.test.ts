// Values as people type them, and the words for those that make no sense.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { countOf, durationMsOf, failureLimitOf, indicesOf, memoryMbOf, pairsOf } from "./option-values.ts";

test("durations, sizes, counts and shares have units and bounds", () => {
  assert.is(durationMsOf("--timeout")("30s"), 30_000);
  assert.is(durationMsOf("--timeout")("1.5h"), 5_400_000);
  assert.is(durationMsOf("--timeout")("250ms"), 250);
  assert.is(durationMsOf("--timeout")("10"), 10_000);
  assert.is(memoryMbOf("--memory")("2GB"), 2048);
  assert.is(memoryMbOf("--memory")("512"), 512);
  assert.is(failureLimitOf("0.1"), 0.1);
  assert.is(failureLimitOf("5"), 5);
  assert.equal(pairsOf("--filter")("a=b=c", []), [{ option: "--filter", key: "a", text: "b=c" }]);
  assert.throws(() => pairsOf("-S")("a=2", [{ option: "-S", key: "a", text: "1" }]), /-S a is given twice/);
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

test("indices are listed or spanned, each once, and nothing else is taken for some", () => {
  assert.equal(indicesOf("--replicates")("2,0-1,1"), [0, 1, 2]);
  for (const wrong of ["", "3-1", "-1", "1.5", "a", "0,,1"])
    assert.throws(() => indicesOf("--replicates")(wrong), /takes indices from 0 such as/);
});

test.run();
