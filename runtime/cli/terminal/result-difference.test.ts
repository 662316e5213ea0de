import { test } from "uvu";
import * as assert from "uvu/assert";
import { resultDifference } from "./result-difference.ts";

test("only what differs is named, by its path", () => {
  const stored = { metrics: { price: 1.5, profit: 2 }, artifacts: [{ name: "end", hash: "aa" }] };
  const again = { metrics: { price: 1.25, profit: 2 }, artifacts: [{ name: "end", hash: "bb" }] };
  assert.equal(resultDifference(JSON.stringify(stored), JSON.stringify(again)), [
    "metrics.price: 1.5, again 1.25",
    "artifacts.0.hash: aa, again bb",
  ]);
});

test("a value on one side only, and a missing record, are said so", () => {
  assert.equal(resultDifference('{"a":1}', '{"a":1,"b":2}'), ["b: nothing, again 2"]);
  assert.equal(resultDifference('{"a":1}', "no record"), ['result: {"a":1}, again no record']);
});

test("texts that differ in bytes alone still give a line", () => {
  assert.equal(resultDifference('{"a":1}', '{"a": 1}'), ['result: {"a":1}, again {"a": 1}']);
});

test.run();
