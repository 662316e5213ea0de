import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { between } from "./between.ts";
import type { Sweep } from "./space/condition-space.ts";
import { levelsOf } from "./space/level-source.ts";
import { sweep } from "./sweep.ts";

const levels = (of: Sweep<unknown>) => levelsOf(of.levels);
const codes = (of: { readonly problems: readonly { readonly code: string }[] }) =>
  of.problems.map(({ code }) => code);

test("range leaves its stop out and counts in decimals", () => {
  assert.equal(levels(sweep.range(1, 5)), [1, 2, 3, 4]);
  assert.equal(levels(sweep.range(0, 0.3, 0.1)), [0, 0.1, 0.2]);
  assert.equal(levels(sweep.range(0, 0.31, 0.1)), [0, 0.1, 0.2, 0.3]);
  assert.equal(levels(sweep.range(1, -1, -0.5)), [1, 0.5, 0, -0.5]);
  assert.equal(levels(sweep.range(0, 3e-7, 1e-7)), [0, 1e-7, 2e-7]);
  assert.is(levels(sweep.range(1, 1001)).length, 1000);
});

test("linspace and log have both ends, and decades come out as decades", () => {
  assert.equal(levels(sweep.linspace(0, 1, 5)), [0, 0.25, 0.5, 0.75, 1]);
  assert.equal(levels(sweep.linspace(0, 1, 11))[3], 0.3);
  assert.equal(levels(sweep.log(1e-6, 1e-2, 5)), [1e-6, 1e-5, 1e-4, 1e-3, 1e-2]);
  assert.equal(levels(sweep.log(100, 1, 3)), [100, 10, 1]);
});

test("linspace rises evenly between its ends, whatever they are", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1e6, max: 1e6 }),
      fc.integer({ min: 1, max: 1e6 }),
      fc.integer({ min: 2, max: 50 }),
      (start, width, count) => {
        const values = levels(sweep.linspace(start, start + width, count)) as number[];
        assert.is(values[0], start);
        assert.is(values.at(-1), start + width);
        const step = width / (count - 1);
        values.forEach((value, i) => {
          assert.ok(Math.abs(value - (start + i * step)) < 1e-7);
        });
      },
    ),
  );
});

test("what makes no levels is kept as a problem with its place, not thrown", () => {
  assert.equal(codes(sweep([])), ["empty-sweep"]);
  assert.equal(codes(sweep([1, 2, 1])), ["duplicate-level"]);
  assert.equal(codes(sweep([0, -0])), ["duplicate-level"]);
  assert.equal(
    codes(
      sweep([
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ]),
    ),
    ["duplicate-level"],
  );
  assert.equal(codes(sweep([Number.NaN])), ["not-json"]);
  assert.equal(codes(sweep.range(5, 1)), ["empty-sweep"]);
  assert.equal(codes(sweep.range(0, 1, 0)), ["bad-range"]);
  assert.equal(codes(sweep.range(0, Number.POSITIVE_INFINITY)), ["bad-range"]);
  assert.equal(codes(sweep.linspace(1, 1, 3)), ["bad-range"]);
  assert.equal(codes(sweep.linspace(0, 1, 1)), ["bad-range"]);
  assert.equal(codes(sweep.log(0, 1, 3)), ["bad-range"]);
  assert.equal(codes(between(1, 1)), ["bad-range"]);
  assert.equal(codes(between.log(0, 1)), ["bad-range"]);
  assert.equal(codes(between.integers(1, 2.5)), ["bad-range"]);
  const { site } = sweep([]).problems[0] ?? {};
  assert.match(site?.file ?? "", /sweep\.test\.ts$/);
  assert.ok((site?.line ?? 0) > 30 && (site?.column ?? 0) > 1);
});

test("types that are forced do not make it throw", () => {
  const forced = sweep as unknown as (levels: unknown) => Sweep<unknown>;
  assert.equal(codes(forced("abc")), ["empty-sweep"]);
  assert.equal(codes(forced([new Map(), () => 1, 1n, undefined])), [
    "not-json",
    "not-json",
    "not-json",
    "not-json",
  ]);
});

test.run();
