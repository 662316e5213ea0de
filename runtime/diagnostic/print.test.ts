import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "./diagnostic.ts";
import { jsonOf, printDiagnostics } from "./print.ts";

const text =
  'export default x({\n  analyses: ({ compare }) => [compare("scoer", { across: "discount" })],\n});\n';
const misspelt: Diagnostic = {
  code: "unknown-metric",
  severity: "error",
  place: { file: "a.experiment.ts", line: 2, column: 39, length: 7 },
  message: 'No metric is named "scoer".',
  hint: 'Did you mean "score"?',
};
const plain = { source: () => text, colour: false, width: 100 };

test("a diagnostic shows place, sentence, code with a mark, and the expectation", () => {
  assert.is(
    printDiagnostics([misspelt], plain),
    [
      "a.experiment.ts:2:39 error unknown-metric",
      '  No metric is named "scoer".',
      '    2 | analyses: ({ compare }) => [compare("scoer", { across: "discount" })],',
      "      |                                     ^^^^^^^",
      '  Did you mean "score"?',
      "",
      "1 error",
      "",
    ].join("\n"),
  );
});

test("sixty columns are enough: prose wraps and the code is cut around the mark", () => {
  const long = { ...misspelt, hint: "The metrics are ".concat('"profitGain", '.repeat(8).trim()) };
  const printed = printDiagnostics([long], { ...plain, width: 60 });
  for (const line of printed.split("\n")) assert.ok(line.length <= 60, `${line.length}: ${line}`);
  const [code = "", mark = ""] = printed.split("\n").slice(2, 4);
  assert.is(code.slice(mark.indexOf("^"), mark.lastIndexOf("^") + 1), '"scoer"');
});

test("the mark stands under the marked text at every width", () => {
  const line = fc.string({ unit: fc.constantFrom("a", "b", " ", "(", ")"), minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(line, fc.nat(), fc.integer({ min: 40, max: 120 }), (code, seed, width) => {
      const column = (seed % code.length) + 1;
      const source = `${code.slice(0, column - 1)}X${code.slice(column)}`;
      const place = { file: "f.ts", line: 1, column, length: 1 };
      const printed = printDiagnostics([{ ...misspelt, place }], {
        source: () => source,
        colour: false,
        width,
      });
      const [shown = "", mark = ""] = printed.split("\n").slice(2, 4);
      assert.is(shown[mark.indexOf("^")], "X");
      assert.ok(shown.length <= width);
    }),
    { numRuns: 500 },
  );
});

test("without a place or a source there is no code frame", () => {
  const printed = printDiagnostics([{ ...misspelt, place: null, hint: null }, misspelt], {
    ...plain,
    source: () => null,
  });
  assert.is(
    printed,
    'error unknown-metric\n  No metric is named "scoer".\n\na.experiment.ts:2:39 error unknown-metric\n  No metric is named "scoer".\n  Did you mean "score"?\n\n2 errors\n',
  );
});

test("colour only adds escape codes", () => {
  const warning: Diagnostic = { ...misspelt, severity: "warning" };
  const coloured = printDiagnostics([misspelt, warning], { ...plain, colour: true });
  assert.is.not(coloured, printDiagnostics([misspelt, warning], plain));
  assert.is(stripVTControlCharacters(coloured), printDiagnostics([misspelt, warning], plain));
});

test("the JSON form has every key, null where there is no place", () => {
  assert.equal(jsonOf([{ ...misspelt, place: null, hint: null }]), [
    {
      code: "unknown-metric",
      severity: "error",
      file: null,
      line: null,
      column: null,
      length: null,
      message: 'No metric is named "scoer".',
      hint: null,
    },
  ]);
  assert.is(jsonOf([misspelt])[0]?.column, 39);
});

test("nothing to say prints nothing", () => {
  assert.is(printDiagnostics([], plain), "");
});

test.run();
