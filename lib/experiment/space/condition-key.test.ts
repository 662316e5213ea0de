import canonicalize from "canonicalize";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { conditionKeyOf } from "./condition-key.ts";

test("keys are sorted by UTF-16 code units, as the example of RFC 8785 section 3.2.3 shows", () => {
  const example = {
    "\u20ac": "Euro Sign",
    "\r": "Carriage Return",
    "\ufb33": "Hebrew Letter Dalet With Dagesh",
    "1": "One",
    "\ud83d\ude00": "Emoji: Grinning Face",
    "\u0080": "Control",
    "\u00f6": "Latin Small Letter O With Diaeresis",
  };
  const values = [...conditionKeyOf(example).matchAll(/:"([^"]*)"/g)].map((match) => match[1]);
  assert.equal(values, [
    "Carriage Return",
    "One",
    "Control",
    "Latin Small Letter O With Diaeresis",
    "Euro Sign",
    "Emoji: Grinning Face",
    "Hebrew Letter Dalet With Dagesh",
  ]);
});

test("numbers are written as RFC 8785 section 3.2.2 shows, and -0 as 0", () => {
  const numbers: unknown = JSON.parse("[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,-0]");
  assert.is(conditionKeyOf(numbers), "[333333333.3333333,1e+30,4.5,0.002,1e-27,0]");
});

test("it is the text that the reference package gives, for any JSON", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.is(conditionKeyOf(value), canonicalize(value));
    }),
    { numRuns: 500 },
  );
});

test("what JSON cannot hold is refused", () => {
  for (const value of [
    Number.NaN,
    Number.POSITIVE_INFINITY,
    undefined,
    () => 1,
    1n,
    new Map(),
    new Date(0),
  ]) {
    assert.throws(() => conditionKeyOf({ value }), TypeError);
  }
});

test.run();
