import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decimalsFor, intervalText, numberText, pText, signedText } from "./number-text.ts";

test("an estimate is printed to the second digit of its uncertainty", () => {
  assert.is(decimalsFor(0.034), 3);
  assert.is(decimalsFor(12.3), 0);
  assert.is(decimalsFor(0), null);
  assert.is(intervalText({ low: 0.5712, high: 0.6488 }), "[0.571, 0.649]");
});

test("a p value is never printed as 0", () => {
  assert.is(pText(0), "p < 1e-15");
  assert.is(pText(1e-12), "p = 1.0e-12");
  assert.is(pText(0.00012), "p = 0.00012");
  assert.is(pText(0.0312), "p = 0.031");
  assert.is(pText(1), "p > 0.999");
  fc.assert(fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (p) => !/= 0(\.0+)?$/.test(pText(p))));
});

test("minus is a minus sign, thousands are grouped from five digits on, and -0.0 is 0.0", () => {
  assert.is(numberText(-0.614, 2), "−0.61");
  assert.is(numberText(1234567), "1,234,567");
  assert.is(numberText(1234), "1234");
  assert.is(numberText(-0.001, 1), "0.0");
  assert.is(signedText(0.61, 2), "+0.61");
  assert.is(signedText(0, 2), "0.00");
  assert.is(numberText(null), "–");
});

test("what is not a number is refused, never printed", () => {
  assert.throws(() => numberText(Number.NaN), /say it in words/);
  assert.throws(() => pText(1.2), /lies in \[0, 1\]/);
});

test("every finite number has a text without NaN, and without an exponent letter", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = numberText(value);
      return text.length > 0 && !/NaN|Infinity|e/.test(text);
    }),
  );
});

test.run();
