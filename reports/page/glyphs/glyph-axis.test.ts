// Where marks stand: inside their cell, in order, and never pressed together by one wide interval.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { glyphOf } from "./glyph.ts";
import { glyphAxisOf } from "./glyph-axis.ts";

const plain = { reference: null, margin: null, isLog: false };
const row = (estimate: number, half: number) => ({
  estimate,
  interval: { low: estimate - half, high: estimate + half },
  adjusted: null,
  state: "decided" as const,
});

test("positions lie in the cell, rise with the value, and what lies beyond has an arrow", () => {
  const pairsUpTo = (most: number) =>
    fc.array(
      fc.tuple(
        fc.double({ min: -most, max: most, noNaN: true }),
        fc.double({ min: 0, max: most / 10, noNaN: true }),
      ),
      { minLength: 1, maxLength: 30 },
    );
  // All that a metric that is analysed can be, from the smallest double on; and what metrics are.
  const values = fc.oneof(
    pairsUpTo(1e150),
    pairsUpTo(1e6),
    pairsUpTo(1e-300),
    pairsUpTo(Number.MIN_VALUE * 20),
  );
  fc.assert(
    fc.property(values, fc.boolean(), (pairs, isLog) => {
      const rows = pairs
        .map(([estimate, half]) => row(isLog ? Math.abs(estimate) : estimate, half))
        .filter(({ estimate }) => !isLog || estimate > 0);
      const axis = glyphAxisOf(rows, isLog ? { ...plain, isLog } : { ...plain, reference: 0 });
      if (axis === null) return void assert.is(rows.length, 0);
      const sorted = rows.map(({ estimate }) => estimate).sort((a, b) => a - b);
      sorted.forEach((value, i) => {
        assert.ok(axis.at(value) >= 0 && axis.at(value) <= 100);
        if (i > 0) assert.ok(axis.at(value) >= axis.at(sorted[i - 1]!));
      });
      for (const each of rows)
        assert.is(axis.beyond(each.estimate) !== 0, /class="arrow"/.test(glyphOf(each, axis)!.html));
      assert.ok(axis.ticks.length <= 6 && axis.ticks.every(({ percent }) => percent >= 0 && percent <= 100));
    }),
    { numRuns: 400 },
  );
});

test("one interval of ten that is wider than all others does not set the axis", () => {
  const rows = [...Array.from({ length: 9 }, (_, i) => row(i / 10, 0.1)), row(0.5, 100)];
  const axis = glyphAxisOf(rows, plain)!;
  assert.ok(axis.at(0.8) - axis.at(0) > 70);
  assert.is(axis.beyond(100.5), 1);
});

test("an axis of shares ends at 0 and 1, one of ratios has 1 among its ticks", () => {
  const shares = glyphAxisOf([row(0.98, 0.02)], { ...plain, range: { min: 0, max: 1 } })!;
  assert.equal([shares.at(1), shares.beyond(1)], [100, 0]);
  const ratios = glyphAxisOf([row(2, 1.5), row(0.5, 0.3)], { reference: 1, margin: null, isLog: true })!;
  assert.ok(ratios.ticks.some(({ label }) => label === "1"));
  assert.ok(Math.abs(ratios.at(2) - ratios.at(1) - (ratios.at(1) - ratios.at(0.5))) < 0.5);
});

test("what is open is hollow, an exact value a bar, one without an interval hollow, none at all nothing", () => {
  const axis = glyphAxisOf([row(1, 1), row(2, 0)], plain);
  const shapeOf = (one: Parameters<typeof glyphOf>[0]) =>
    /(?:class="(dot|hollow|exact)")/.exec(glyphOf(one, axis)?.html ?? "")?.[1] ?? null;
  assert.is(shapeOf(row(1, 1)), "dot");
  assert.is(shapeOf({ ...row(1, 1), state: "open" }), "hollow");
  assert.is(shapeOf(row(2, 0)), "exact");
  assert.is(shapeOf({ ...row(1, 1), interval: null }), "hollow");
  assert.is(shapeOf({ ...row(1, 1), estimate: null }), null);
});

test.run();
