// Labels are never cut so that two look the same; numbers of a group have one number of decimals.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decimalsOf, shownLabels } from "./row-text.ts";

test("labels that differ look different, whatever they share, and those of at most 80 letters stand whole", () => {
  const label = fc
    .tuple(fc.string({ maxLength: 60 }), fc.constantFrom("", "y".repeat(70)), fc.string({ maxLength: 60 }))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(label, { maxLength: 12 }), (labels) => {
      const shown = shownLabels(labels);
      assert.is(new Set(shown.values()).size, new Set(labels).size);
      for (const each of labels) if (each.length <= 80) assert.is(shown.get(each), each);
    }),
  );
});

test("a long label loses its middle; two that would look the same keep theirs", () => {
  const long = (middle: string) => `${"a".repeat(60)}${middle}${"z".repeat(60)}`;
  assert.is(shownLabels([long("1")]).get(long("1"))?.length, 80);
  assert.is(shownLabels([long("1"), long("2")]).get(long("1")), long("1"));
});

test("the narrowest interval gives the decimals of all", () => {
  assert.is(
    decimalsOf([
      { interval: { low: 0, high: 10 } },
      { interval: { low: 1, high: 1.02 } },
      { interval: null },
    ]),
    3,
  );
  assert.is(decimalsOf([{ interval: { low: 2, high: 2 } }]), null);
});

test.run();
