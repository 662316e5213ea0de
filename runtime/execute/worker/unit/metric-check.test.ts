// Values that stand, and the sentences for those that do not.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { metric } from "../../../../lib/index.ts";
import { checkMetrics, metricCheckOf, partial, whole } from "./metric-check.ts";

const check = metricCheckOf({
  score: metric.number({ range: [0, Number.POSITIVE_INFINITY] }).spec,
  steps: metric.integer().spec,
  done: metric.boolean().spec,
  ending: metric.category(["cycle", "fixed"]).spec,
  maybe: metric.number({ optional: true }).spec,
});
const good = { score: 0.5, steps: 3, done: true, ending: "fixed", maybe: 2 };
const problemOf = (change: Record<string, unknown>): string | null =>
  checkMetrics(check, { ...good, ...change }, new Float64Array(5), whole);

test("values are stored as doubles, in the order declared", () => {
  const codes = new Float64Array(5);
  assert.is(
    checkMetrics(check, { maybe: null, ending: "fixed", done: false, steps: 3, score: 0 }, codes, whole),
    null,
  );
  assert.equal([...codes], [0, 3, 0, 1, Number.NaN]);
});

test("an optional metric may be null, not finite or left out", () => {
  for (const maybe of [null, undefined, Number.NaN, Number.NEGATIVE_INFINITY])
    assert.is(problemOf({ maybe }), null);
});

test("a censored trial may leave metrics out, but not get them wrong", () => {
  const codes = new Float64Array(5);
  assert.is(checkMetrics(check, { steps: 4 }, codes, partial), null);
  assert.equal([...codes], [Number.NaN, 4, Number.NaN, Number.NaN, Number.NaN]);
  assert.match(checkMetrics(check, { steps: 4.5 }, codes, partial) ?? "", /`steps` is 4.5/);
});

test("what does not stand is said with what was expected", () => {
  assert.is(problemOf({ score: -1 }), "metric `score` is -1; expected a finite number of at least 0");
  assert.is(problemOf({ steps: 2 ** 60 }), `metric \`steps\` is ${2 ** 60}; expected a whole number`);
  assert.is(problemOf({ done: 1 }), "metric `done` is 1; expected true or false");
  assert.is(
    problemOf({ ending: "loop" }),
    'metric `ending` is the text "loop"; expected one of "cycle", "fixed"',
  );
  assert.is(problemOf({ maybe: [] }), "metric `maybe` is a list; expected a finite number");
  assert.is(
    problemOf({ steps: undefined }),
    "metric `steps` is missing; expected a whole number (declare it optional if it may be missing)",
  );
  assert.match(problemOf({ more: 1 }) ?? "", /returned `more`, which is not a declared metric/);
  assert.match(
    checkMetrics(check, 5, new Float64Array(5), whole) ?? "",
    /^the trial returned 5; expected an object with `score`/,
  );
  assert.match(
    checkMetrics(check, undefined, new Float64Array(5), whole) ?? "",
    /^the trial returned undefined/,
  );
});

test.run();
