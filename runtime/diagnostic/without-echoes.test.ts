import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Diagnostic } from "./diagnostic.ts";
import { withoutEchoes } from "./without-echoes.ts";

function at(line: number, column: number, length: number): Diagnostic["place"] {
  return { file: "a.experiment.ts", line, column, length };
}
const error = (
  code: string,
  place: Diagnostic["place"],
  message: string,
  hint: string | null = null,
): Diagnostic => ({
  code,
  severity: "error",
  place,
  message,
  hint,
});
const typeError = (place: Diagnostic["place"], message: string): Diagnostic =>
  error("type-error", place, message);

test("a misspelt metric is told once, in the field's words, at the type checker's place", () => {
  const problem = error("unknown-metric", at(9, 5, 1), 'No metric is named "scoer".');
  const echo = typeError(
    at(9, 13, 7),
    `Argument of type '"scoer"' is not assignable to parameter of type '"score"'`,
  );
  assert.equal(withoutEchoes([echo, problem]), [{ ...problem, place: at(9, 13, 7) }]);
});

test("a misspelt option is told, although the other message holds its letters", () => {
  const problem = error("unknown-factor", at(9, 5, 1), 'Analysis "compare m across b": no factor is given.');
  const misspelt = typeError(at(9, 30, 5), "'acros' does not exist in type 'CompareOptions'");
  assert.equal(withoutEchoes([problem, misspelt]), [problem, misspelt]);
});

test("two mistakes on one line are both told", () => {
  const problem = error("unknown-metric", at(9, 5, 1), 'No metric is named "scoer".');
  const other = typeError(at(9, 30, 3), `Type '3' is not assignable to type '1 | 2'`);
  assert.equal(withoutEchoes([problem, other]), [problem, other]);
});

test("a missing metric is told where it is declared", () => {
  const problem = error(
    "unreturned-metric",
    at(7, 20, 7),
    'The trial of "a" never returns the metric "periods".',
  );
  const echo = typeError(
    at(12, 3, 5),
    "Type '...' is not assignable: Property 'periods' is missing in type '...'",
  );
  assert.equal(withoutEchoes([problem, echo]), [problem]);
});

test("a parameter is not called unread when its name was misspelt", () => {
  const unread = error("unread-parameter", at(5, 3, 4), "...", 'The trial reads "sise". Read it.');
  const cause = typeError(at(9, 3, 4), "Property 'sise' does not exist on type '{ size: 1 }'");
  assert.equal(withoutEchoes([unread, cause]), [cause]);
  assert.equal(withoutEchoes([unread]), [unread]);
});

test("what a circle leads to is left out, and told once the circle is gone", () => {
  const circle = error(
    "circular-needs",
    at(8, 10, 9),
    "Experiments wait for each other's results: a > b > a.",
  );
  const type = typeError(at(4, 1, 6), "'default' implicitly has type 'any' (TS7022).");
  const loading = error(
    "load-failed",
    at(1, 1, 1),
    "a.experiment.ts threw: Cannot access 'b' before initialization",
  );
  assert.equal(withoutEchoes([loading, circle, type]), [circle]);
  assert.equal(withoutEchoes([loading, type]), [loading, type]);
});

test.run();
