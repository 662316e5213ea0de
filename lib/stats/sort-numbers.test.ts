// The distribution sort against the engine's own, on random, tied, skewed and extreme data.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sortNumbers } from "./sort-numbers.ts";

test("any finite numbers come back in the engine's own order", () => {
  const entry = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: -5, max: 5 }),
  );
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 700, size: "max" }), (values) => {
      assert.equal(
        Array.from(sortNumbers(values)),
        Array.from(values)
          .map((v) => v + 0)
          .sort((a, b) => a - b),
      );
    }),
    { numRuns: 60 },
  );
});

test("crowded and skewed samples are sorted too", () => {
  const skewed = Array.from({ length: 3000 }, (_, i) => Math.exp(((i * 7919) % 3000) / 100));
  const tied = Array.from({ length: 3000 }, (_, i) => (i * 7919) % 3);
  for (const values of [skewed, tied, new Array<number>(1000).fill(4)])
    assert.equal(
      Array.from(sortNumbers(values)),
      [...values].sort((a, b) => a - b),
    );
});

test.run();
