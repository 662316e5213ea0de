// What csv() promises: every text comes back as it was written, cells are read as the schema declares them, and what does not fit is
// named by line and column.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { z } from "zod";
import { csv } from "./csv.ts";

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

test("any texts, quoted as RFC 4180 says, come back the same", () => {
  const cell = fc.string({ unit: "grapheme" });
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { maxLength: 20 }), (rows) => {
      const text = ["a,b", ...rows.map((row) => row.map(quoted).join(","))].join("\r\n");
      assert.equal(
        csv(text, z.object({ a: z.string(), b: z.string() })),
        rows.map(([a, b]) => ({ a, b })),
      );
    }),
  );
});

test("finite numbers and booleans are read as such, and only where the schema says so", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean(), (x, flag) => {
      const [row] = csv(
        `x,flag,code\n${x},${flag},007\n`,
        z.object({ x: z.number(), flag: z.boolean(), code: z.string() }),
      );
      assert.equal(row, { x: x === 0 ? row!.x : x, flag, code: "007" });
    }),
  );
});

test("an empty cell is null, absent or an empty text, as the schema takes it", () => {
  const row = z.object({ a: z.number().nullable(), b: z.int().optional(), c: z.string() });
  assert.equal(csv("a,b,c\n,,\n1,2,x\n", row), [
    { a: null, b: undefined, c: "" },
    { a: 1, b: 2, c: "x" },
  ]);
});

test("a byte-order mark, empty lines, other columns and other delimiters are taken", () => {
  assert.equal(csv("\uFEFFa;b\n\n1;x\n\n", z.object({ a: z.int() }), { delimiter: ";" }), [{ a: 1 }]);
  assert.equal(csv("", z.object({})), []);
});

test("what does not fit is named by line and column", () => {
  const row = z.object({ city: z.string(), people: z.int() });
  const refused: readonly (readonly [text: string, words: RegExp])[] = [
    ["city,people\nBonn,12\nKöln,many\n", /line 3 of the CSV, column "people".*the cell is "many"/],
    ["city,people\nBonn,0x10\n", /line 2 .*column "people"/],
    ["city,people\nBonn,\n", /line 2 .*column "people".*the cell is ""/],
    ["city,people\nBonn,1.5\n", /line 2 .*column "people"/],
    ["town,people\nBonn,1\n", /no column "city"; its columns are "town", "people"/],
    ["city,people\nBonn\n", /no CSV: .*line 2/],
    ['city,people\n"Bonn,1\n', /no CSV: /],
  ];
  for (const [text, words] of refused) assert.throws(() => csv(text, row), words);
});

test.run();
