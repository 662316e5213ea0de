// Promise: a host's bytes are the same whatever an account's shell prints before them, and wherever the line cuts them.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { AfterMark, mark } from "./after-mark.ts";

test("what comes after the mark is the host's, however it is cut, and nothing before it", () => {
  const bytes = fc.uint8Array({ maxLength: 40 });
  // A greeting may hold part of the mark, never all of it.
  const greeting = fc.oneof(
    bytes,
    fc
      .constantFrom("labwright", "welcome\nlabwright begin", "labwright begins ")
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(greeting, bytes, fc.array(fc.nat(200), { maxLength: 8 }), (before, own, cuts) => {
      const all = Buffer.concat([before, Buffer.from(`${mark}\n`), own]);
      const places = [0, ...cuts.map((cut) => Math.min(cut, all.length)), all.length].sort((a, b) => a - b);
      const after = new AfterMark();
      const taken = places
        .slice(1)
        .map((end, index) => Buffer.from(after.ownOf(all.subarray(places[index], end))));
      assert.ok(Buffer.concat(taken).equals(Buffer.from(own)));
      assert.ok(after.isSeen);
    }),
  );
});

test.run();
