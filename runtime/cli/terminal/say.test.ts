import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { plainLine, plainText } from "./plain-text.ts";
import { say, wrapped } from "./say.ts";

test("no word is split and no line is wider than the terminal, at 40 to 120 columns", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abcdefgh01=,;:/."), minLength: 1, maxLength: 38 });
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 40, max: 120 }),
      (words, columns) => {
        const lines = wrapped(words.join(" "), columns).split("\n");
        for (const line of lines) assert.ok(line.length <= columns, `${line.length} of ${columns}: ${line}`);
        assert.equal(
          lines.flatMap((line) => line.trim().split(" ")),
          words,
        );
      },
    ),
  );
});

test("a line that fits stays as it is, and one that goes on is set in", () => {
  assert.is(wrapped("a   b\n  c", 40), "a   b\n  c");
  assert.is(wrapped("  one two three four", 12), "  one two\n    three\n    four");
  assert.is(wrapped("\u001b[33mfailed\u001b[39m: it broke", 16), "\u001b[33mfailed\u001b[39m: it broke");
});

test("a word wider than the terminal stands alone, whole", () => {
  assert.is(wrapped(`see ${"x".repeat(50)} there`, 40), `see\n  ${"x".repeat(50)}\n  there`);
});

test("a terminal that does not know its width is one of 80 columns; a pipe has none", () => {
  const words = Array.from({ length: 30 }, () => "word").join(" ");
  const saidTo = (stream: { readonly isTTY: boolean; readonly columns: number }): string => {
    let said = "";
    const write = (text: string | Uint8Array): boolean => {
      said += text;
      return true;
    };
    say({ ...stream, write }, words);
    return said;
  };
  assert.is(saidTo({ isTTY: true, columns: 0 }), `${wrapped(words, 80)}\n`);
  assert.is(saidTo({ isTTY: false, columns: 0 }), `${words}\n`);
});

test("nothing that was stored or authored can command the terminal", () => {
  assert.is(plainText("\u001b[31mred\u001b[0m ring\u0007"), "red ring\\u0007");
  assert.is(plainText("\u001b]0;title\u0007text"), "text");
  assert.is(plainText("a\r\nb\tc"), "a\nb\tc");
  assert.is(plainText("\u009b2Jx"), "x");
  assert.is(plainText("abc\u202edef"), "abc\\u202edef");
  assert.is(plainLine("a\n  b\tc"), "a b c");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.not.match(plainText(text), /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/u);
      assert.not.match(plainLine(text), /[\p{Cc}]/u);
    }),
  );
});

test.run();
