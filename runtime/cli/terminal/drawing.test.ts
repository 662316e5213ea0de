// Promise: whatever is said while a table is drawn stands above it, whole and once, and no line of an older table is left.
import { Writable } from "node:stream";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Drawing } from "./drawing.ts";

const control = new RegExp(`${String.fromCharCode(27)}\\[\\??(\\d*)([A-Za-z])|.|\\n`, "g");

/** A terminal as far as drawing needs one: its screen is endless. */
function terminal() {
  const lines = [""];
  let row = 0;
  let column = 0;
  const controls: Readonly<Record<string, (count: number) => void>> = {
    A: (count) => {
      row = Math.max(0, row - (count || 1));
    },
    B: (count) => {
      row += count || 1;
    },
    G: (count) => {
      column = (count || 1) - 1;
    },
    K: (count) => {
      lines[row] = count === 2 ? "" : lines[row]!.slice(0, column);
    },
    // The cursor is hidden and shown, output is held back and let go.
    h: () => undefined,
    l: () => undefined,
  };
  const take = (text: string): void => {
    for (const [whole, count, letter] of text.matchAll(control)) {
      if (letter !== undefined) controls[letter]!(Number(count));
      else if (whole === "\n") {
        row += 1;
        column = 0;
      } else {
        lines[row] = lines[row]!.padEnd(column).slice(0, column) + whole;
        column += 1;
      }
      while (lines.length <= row) lines.push("");
    }
  };
  const stream = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      take(String(text));
      done();
    },
  });
  const shown = (): string => lines.join("\n").trimEnd();
  return { stream: Object.assign(stream, { columns: 80, rows: 100, isTTY: true }), shown };
}

const act = fc.oneof(
  fc.record({ kind: fc.constant("say" as const), lines: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant("draw" as const), lines: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constantFrom("done" as const, "ask" as const), lines: fc.constant(0) }),
);

test("what is said stands above what is drawn, in order, whole and once", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
      const { stream, shown } = terminal();
      const drawing = new Drawing(stream);
      const above: string[] = [];
      let drawn: string[] = [];
      let held: string[] = [];
      let goOn: (() => void) | null = null;
      acts.forEach(({ kind, lines }, i) => {
        const words = Array.from({ length: lines }, (_, line) => `${kind} ${i} ${line}`);
        if (kind === "say") {
          drawing.above(() => stream.write(`${words.join("\n")}\n`));
          (goOn === null ? above : held).push(...words);
        } else if (kind === "draw") {
          drawing.draw(words.join("\n"));
          drawn = words;
        } else if (kind === "done") {
          drawing.done();
          // What is over while somebody is asked is not shown any more.
          if (goOn === null) above.push(...drawn);
          drawn = [];
        } else if (goOn === null) {
          goOn = drawing.pause();
          stream.write("go on? ");
          above.push("go on? yes");
        } else {
          stream.write("yes\n");
          goOn();
          goOn = null;
          above.push(...held);
          held = [];
        }
        const isAsked = goOn !== null;
        const expected = isAsked ? [...above.slice(0, -1), "go on?"] : [...above, ...drawn];
        assert.is(shown(), expected.join("\n"));
      });
    }),
    { numRuns: 300 },
  );
});

test.run();
