// Values on the command line: what each way of typing them stands for, and that every value can be typed.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Json } from "../../../lib/experiment/json.ts";
import { levelsByRule } from "../../../lib/experiment/space/level-rules.ts";
import { levelsOf } from "../../../lib/experiment/space/level-source.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { printValue } from "./print-value.ts";
import { anything, type Declared, declaredOf, typedValues } from "./typed-values.ts";

const number = declaredOf([1]);
const text = declaredOf(["a"]);
const flag = declaredOf([true]);
const mixed = declaredOf([1, "auto", null]);
const lists = declaredOf([[64, 64]]);
const objects = declaredOf([{ size: 1 }]);

function read(typed: string, declared: Declared = anything): readonly Json[] {
  return typedValues({ option: "-S", key: "s", text: typed }, declared);
}

const understood: readonly (readonly [Declared, string, readonly Json[]])[] = [
  [text, '"a,b"', ["a,b"]],
  [text, "'a,b'", ["a,b"]],
  [text, "a\\,b", ["a,b"]],
  [text, '"range(0,3)"', ["range(0,3)"]],
  [text, "'range(0,3)'", ["range(0,3)"]],
  [text, '["a,b"]', ["a,b"]],
  [text, '["a","b"]', ["a", "b"]],
  [text, "red, blue", ["red", "blue"]],
  [text, "dark red , blue", ["dark red", "blue"]],
  [text, '"a","b"', ["a", "b"]],
  [text, "'a' , \"b\"", ["a", "b"]],
  [text, '""', [""]],
  [text, "''", [""]],
  [text, "a,''", ["a", ""]],
  [text, "007", ["007"]],
  [text, "1", ["1"]],
  [text, "true", ["true"]],
  [text, "null", ["null"]],
  [text, "1e400", ["1e400"]],
  [text, "0.5..0.9", ["0.5..0.9"]],
  [text, '"007"', ["007"]],
  [text, '"a\\"b"', ['a"b']],
  [text, '"a\\nb\\u00e9"', ["a\nbé"]],
  [text, "'a\\nb'", ["a\\nb"]],
  [text, "it\\'s", ["it's"]],
  [text, "\\ a\\ ", [" a "]],
  [text, "a\\\\b", ["a\\b"]],
  [text, "#1,50%,a@b,小,x=y;z", ["#1", "50%", "a@b", "小", "x=y;z"]],
  [text, "low (fast)", ["low (fast)"]],
  [text, "a]b}c", ["a]b}c"]],
  [text, "\\😀,b", ["😀", "b"]],
  [number, "0,0.5,1e-3", [0, 0.5, 0.001]],
  [number, ".5,+2,-0,5.", [0.5, 2, 0, 5]],
  [number, " 1 , 2 ", [1, 2]],
  [number, "9007199254740992", [9007199254740992]],
  [number, "5e-324,1.7976931348623157e308", [5e-324, 1.7976931348623157e308]],
  [number, "0.30000000000000004", [0.30000000000000004]],
  [number, "0.500000000000000000000000", [0.5]],
  [number, "range(1,4)", [1, 2, 3]],
  [number, "range(0, 10, 4)", [0, 4, 8]],
  [number, "range(3,0,-1)", [3, 2, 1]],
  [number, "range(0,1,0.25),5,linspace(0,1,3)", [0, 0.25, 0.5, 0.75, 5, 0, 0.5, 1]],
  [number, "log(1e-6,1,7)", [1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1]],
  [number, "[1,2]", [1, 2]],
  [flag, "true,false", [true, false]],
  [mixed, '1,auto,null,"1","null"', [1, "auto", null, "1", "null"]],
  [mixed, "\\1,\\null", ["1", "null"]],
  [lists, "[64,64]", [[64, 64]]],
  [lists, "[64,64],[32]", [[64, 64], [32]]],
  [lists, "[]", [[]]],
  [objects, '{"size":2}', [{ size: 2 }]],
  [objects, '{"size":2},{"size":3}', [{ size: 2 }, { size: 3 }]],
  [objects, '{"a":"}],{"}', [{ a: "}],{" }]],
  [objects, '[{"size":2}]', [{ size: 2 }]],
  [anything, "1,true,null,a", [1, true, null, "a"]],
  [anything, '[[1,2],{"a":1}]', [[[1, 2], { a: 1 }]]],
];

for (const [declared, typed, values] of understood)
  test(`${typed} of ${[...declared.kinds]} is ${JSON.stringify(values)}`, () => {
    assert.equal(read(typed, declared), values);
  });

const refused: readonly (readonly [Declared, string, RegExp])[] = [
  [text, '"unclosed', /position 3 is a quote that is never closed/],
  [text, "a,'unclosed", /position 5 is a quote that is never closed/],
  [text, 'a"b', /position 4 stands within a text.*\n.*quotes around all/],
  [text, "it's", /position 5 stands within a text/],
  [text, '"a"b', /"b" at position 6 is not understood after "/],
  [text, '"a" "b"', /position 7 is not understood/],
  [text, '"\\x41"', /escape that is none/],
  [text, "a,,b", /position 5 comes where a value is expected.*\n.*""/],
  [text, "a,", /the end comes where a value is expected/],
  [text, ",a", /position 3 comes where/],
  [text, "f(1,2)", /within parentheses.*\n.*"f\(1,2\)"/],
  [text, "a\\", /takes no character/],
  [text, "range(0,3)", /range\(0,3\) is of another kind than declared; s takes text/],
  [number, "9007199254740993", /would become 9007199254740992/],
  [number, "1e-400", /would become 0/],
  [number, "1e400", /more than a number can hold/],
  [number, "3.141592653589793238", /would become 3.141592653589793/],
  [number, "range(0,9007199254740993)", /would become 9007199254740992/],
  [number, "[1,9007199254740993]", /would become 9007199254740992/],
  [number, "0.5..0.9", /s takes numbers.*\n.*linspace\(0.5, 0.9, 5\)/],
  [number, "1..5", /.*\n.*range\(1, 6\)/],
  [number, "1-5", /.*\n.*range\(1, 6\)/],
  [number, "0x10", /s takes numbers.*\n.*Write 16/],
  [number, "007", /s takes numbers.*\n.*Write 7/],
  [number, '"5"', /s takes numbers.*\n.*without quotes/],
  [number, "Infinity", /s takes numbers/],
  [number, "red", /s takes numbers/],
  [number, "true", /s takes numbers/],
  [number, "range(1)", /not understood.*\n.*range\(start, stop\[, step\]\)/],
  [number, "range(4,1)", /holds no number/],
  [number, "range(1,2,0)", /is impossible/],
  [number, "range(a,b)", /not understood/],
  [number, "range(1,2,3,4)", /not understood/],
  [number, "range(1,2", /never closed/],
  [number, "linspace(0,1)", /not understood.*\n.*linspace\(start, stop, count\)/],
  [number, "log(0,1,3)", /is impossible: expected two different finite ends above 0/],
  [number, "range(1e16,1e16,0.5)", /holds no number/],
  [number, "linspace(0,5e-324,3)", /equal numbers/],
  [flag, "yes", /takes true and false/],
  [lists, "[[64,64]]", /s takes lists of numbers.*\n.*\[64,64\],\[32\]/],
  [lists, '["a"]', /s takes lists of numbers/],
  [lists, "64", /s takes lists of numbers/],
  [lists, "[64,", /never closed/],
  [lists, "[64,]", /opens no JSON/],
  [objects, "{size:2}", /opens no JSON.*\n.*double quotes/],
  [objects, "5", /s takes objects.*\n.*key\.size=20/],
  [objects, '{"size":1e-400}', /would become 0/],
];

for (const [declared, typed, said] of refused)
  test(`${typed} of ${[...declared.kinds]} is refused in words`, () => {
    try {
      read(typed, declared);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      assert.match(`${error.message}\n${error.hint}`, said);
      assert.match(error.message, /^-S s/);
      return;
    }
    assert.unreachable(`${typed} was understood`);
  });

/** Data as levels are: negative zero is zero. */
const json = fc
  .jsonValue({ noUnicodeString: false })
  .map((value) => JSON.parse(JSON.stringify(value)) as Json)
  .filter((value) => !JSON.stringify(value).includes("__proto__"));

test("every value that is printed is read back as itself, alone and among others", () => {
  fc.assert(
    fc.property(fc.array(json, { minLength: 2, maxLength: 4 }), (values) => {
      const [first = null] = values;
      assert.equal(read(printValue(first), { ...declaredOf([first]), elements: new Set() }), [first]);
      assert.equal(read(values.map(printValue).join(",")), values);
    }),
  );
});

test("every text is read back as itself, whatever its characters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (value) => {
      assert.equal(read(printValue(value)), [value]);
      assert.equal(read(printValue(value), text), [value]);
      assert.equal(read([...value].map((character) => `\\${character}`).join("") || '""', text), [value]);
    }),
  );
});

test("every number is read back as itself", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.ok(read(String(value), number)[0] === value);
    }),
  );
});

test("rules on the command line make the levels of sweep's", () => {
  fc.assert(
    fc.property(fc.integer({ min: -50, max: 50 }), fc.integer({ min: 1, max: 99 }), (start, step) => {
      const { source } = levelsByRule("range", [start / 10, start / 10 + 1, step / 100]);
      assert.equal(read(`range(${start / 10},${start / 10 + 1},${step / 100})`), levelsOf(source!));
    }),
  );
});

test("nothing that is typed ends in anything but values or words", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."ab01 ,\"'\\()[]{}:.e-rangelogi") }), (typed) => {
      try {
        read(typed, mixed);
      } catch (error) {
        assert.instance(error, UserError);
      }
    }),
    { numRuns: 2000 },
  );
});

test.run();
