// What is sent to PostgreSQL is JSON that it takes, and nothing else in it is another.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { sentText } from "./pushed-rows.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.constantFrom("", "a\0b", "\ud83d", "x\udc00", "\ufeff", "👩‍🔬", "\\u0000"),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(text, tie("any"), { maxKeys: 3 }),
  ),
})).any;

test("texts and names without NUL and without half a surrogate pair arrive as they are, others with U+FFFD there", () => {
  const taken = (of: string): string => Buffer.from(of.replaceAll("\0", "\ufffd")).toString();
  const expected = (of: unknown): unknown => {
    if (typeof of === "string") return taken(of);
    if (Array.isArray(of)) return of.map(expected);
    if (typeof of !== "object" || of === null) return of;
    return Object.fromEntries(Object.entries(of).map(([name, member]) => [taken(name), expected(member)]));
  };
  fc.assert(
    fc.property(fc.array(value, { maxLength: 4 }), (rows) => {
      assert.equal(JSON.parse(sentText(rows)), expected(rows));
    }),
    { numRuns: 300 },
  );
});

test.run();
