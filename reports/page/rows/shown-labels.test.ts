// Labels are never cut so that two look the same; what all share is said once.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { shownLabels } from "./shown-labels.ts";

const long = "y".repeat(70);
const words = fc
  .tuple(
    fc.constantFrom("", "policy of many words, number "),
    fc.string({ maxLength: 60 }),
    fc.constantFrom("", long),
    fc.string({ maxLength: 60 }),
  )
  .map((parts) => parts.join(""));
const record = fc
  .dictionary(
    fc.constantFrom("a", "b", "c", "layers"),
    fc.oneof(fc.integer(), fc.constant(long), fc.array(fc.integer(), { maxLength: 3 })),
  )
  .map((value) => JSON.stringify(value));

test("labels that differ look different, whatever they share; short ones stand whole", () => {
  for (const label of [words, record])
    fc.assert(
      fc.property(fc.array(label, { maxLength: 12 }), (labels) => {
        const { text } = shownLabels(labels);
        assert.is(new Set(text.values()).size, new Set(labels).size);
        if (labels.every((each) => each.length <= 24))
          for (const each of labels) assert.is(text.get(each), each);
      }),
    );
});

test("a long label loses its middle; two that would look the same keep theirs", () => {
  const labelOf = (middle: string) => `${"a".repeat(60)}${middle}${"z".repeat(60)}`;
  assert.is(shownLabels([labelOf("1")]).text.get(labelOf("1"))?.length, 80);
  assert.is(shownLabels([labelOf("1"), labelOf("2")]).text.get(labelOf("1")), labelOf("1"));
});

test("what all labels share is said once: the first words, the keys of records that are equal", () => {
  const named = shownLabels([
    "policy of many words 1",
    "policy of many words 22",
    "policy of many words, the last",
  ]);
  assert.equal([...named.text.values()], ["… words 1", "… words 22", "… words, the last"]);
  assert.is(named.shared, "… = policy of many");
  const recorded = shownLabels([
    `{"layers":[32],"rate":0.1,"name":"adam with decay"}`,
    `{"layers":[64],"rate":0.1,"name":"adam with decay"}`,
  ]);
  assert.equal([...recorded.text.values()], ["{layers: [32], …}", "{layers: [64], …}"]);
  assert.is(recorded.shared, `… = rate: 0.1, name: "adam with decay"`);
});

test.run();
