// No colour and no dash stands for two levels.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { colourBy, dashBy } from "./encoding.ts";

const rangeOf = (encoding: object) => (encoding as { scale: { range: readonly unknown[] } }).scale.range;

test("every level has a colour of its own, and few levels a dash of their own", () => {
  for (let count = 2; count <= 60; count += 1) {
    const levels = Array.from({ length: count }, (_, i) => `level ${i}`);
    assert.is(new Set(rangeOf(colourBy("level", levels, null))).size, count, `${count} colours`);
    const dashes = rangeOf(dashBy("level", levels, null)).map((dash) => JSON.stringify(dash));
    assert.is(new Set(dashes).size, count <= 6 ? count : 1, `dashes of ${count}`);
  }
});

test.run();
