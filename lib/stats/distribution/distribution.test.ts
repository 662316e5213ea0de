// Distribution functions against R's nmath (reference/distributions.json), identities between them, and the noncentralities
// against the equations that they solve.
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { betaLower, betaQuantile, betaUpper } from "./beta.ts";
import { chiSquaredQuantile, chiSquaredUpper } from "./chi-squared.ts";
import { fUpper, fUpperQuantile } from "./f.ts";
import {
  noncentralChiSquaredLower,
  noncentralChiSquaredNoncentrality,
  noncentralChiSquaredUpper,
} from "./noncentral-chi-squared.ts";
import { noncentralFLower, noncentralFNoncentrality, noncentralFUpper } from "./noncentral-f.ts";
import { noncentralTLower, noncentralTNoncentrality, noncentralTUpper } from "./noncentral-t.ts";
import { normalLower, normalQuantile, normalUpper, normalUpperQuantile } from "./normal.ts";
import { studentTTwoSidedLog10, studentTUpper, studentTUpperQuantile } from "./student-t.ts";
import {
  studentizedRangeLower,
  studentizedRangeUpper,
  studentizedRangeUpperQuantile,
} from "./studentized-range.ts";

const reference = JSON.parse(
  readFileSync(new URL("../reference/distributions.json", import.meta.url), "utf8"),
) as Record<string, readonly (readonly number[])[]>;

function near(actual: number, expected: number, relative: number): void {
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.abs(expected),
    `${actual} is not ${expected} to ${relative}`,
  );
}

type Row = readonly [number, number, number, number];
const functions: Record<string, { compute: (row: Row) => number; relative: number }> = {
  pn: { compute: ([z]) => normalUpper(z), relative: 1e-14 },
  pt: { compute: ([t, df]) => studentTUpper(t, df), relative: 1e-12 },
  qt: { compute: ([p, df]) => studentTUpperQuantile(p, df), relative: 1e-12 },
  pf: { compute: ([f, df1, df2]) => fUpper(f, { df1, df2 }), relative: 1e-12 },
  qf: { compute: ([p, df1, df2]) => fUpperQuantile(p, { df1, df2 }), relative: 1e-10 },
  pc: { compute: ([x, df]) => chiSquaredUpper(x, df), relative: 1e-12 },
  qc: { compute: ([p, df]) => chiSquaredQuantile(p, df), relative: 1e-12 },
  pb: { compute: ([x, a, b]) => betaUpper(x, { a, b }), relative: 1e-12 },
  pnc: { compute: ([x, df, ncp]) => noncentralChiSquaredLower(x, { df, ncp }), relative: 1e-11 },
};
for (const [name, { compute, relative }] of Object.entries(functions))
  test(`${name} agrees with R to ${relative} in the middle and in the tails`, () => {
    assert.ok(reference[name]!.length > 10);
    // The file's rows have as many numbers as the function's arguments, then the answer.
    for (const row of reference[name]!) near(compute(row as unknown as Row), row.at(-1)!, relative);
  });

test("the noncentral t agrees with R, whose own error is 1e-12 absolute", () => {
  for (const [t, df, ncp, p] of reference.pnt as readonly Row[])
    assert.ok(Math.abs(noncentralTLower(t, { df, ncp }) - p) < 2e-12);
});

test("quantiles invert their tails far beyond 1e-16", () => {
  for (const p of [1e-250, 1e-40, 1e-10, 0.025, 0.5]) {
    near(normalUpper(normalUpperQuantile(p)), p, 1e-11);
    for (const df of [1, 3.5, 40, 1e5]) near(studentTUpper(studentTUpperQuantile(p, df), df), p, 1e-11);
    near(fUpper(fUpperQuantile(p, { df1: 3, df2: 12 }), { df1: 3, df2: 12 }), p, 1e-11);
    near(chiSquaredUpper(chiSquaredQuantile(p, 7, "upper"), 7), p, 1e-11);
  }
  for (const p of [1e-12, 0.01, 0.7, 0.9999])
    near(betaLower(betaQuantile(p, { a: 2.5, b: 9 }), { a: 2.5, b: 9 }), p, 1e-11);
  assert.is(normalQuantile(0.5), 0);
});

test("both tails add up to one", () => {
  for (const [df, ncp, t] of [
    [3, 1, 2],
    [20, 6, 5],
    [500, 60, 58],
  ] as const)
    near(noncentralTLower(t, { df, ncp }) + noncentralTUpper(t, { df, ncp }), 1, 1e-12);
  for (const [df1, df2, ncp, f] of [
    [2, 9, 3, 2],
    [5, 200, 900, 150],
  ] as const)
    near(noncentralFLower(f, { df1, df2, ncp }) + noncentralFUpper(f, { df1, df2, ncp }), 1, 1e-12);
  for (const [df, ncp, x] of [
    [2, 9, 11],
    [5, 2000, 1950],
  ] as const)
    near(noncentralChiSquaredLower(x, { df, ncp }) + noncentralChiSquaredUpper(x, { df, ncp }), 1, 1e-12);
  for (const [q, k, df] of [
    [3.5, 3, 2.5],
    [4, 10, 60],
    [6, 50, 8],
  ] as const)
    near(studentizedRangeLower(q, { k, df }) + studentizedRangeUpper(q, { k, df }), 1, 1e-11);
});

test("noncentralities solve their equations to 1e-12", () => {
  for (const p of [0.001, 0.025, 0.5, 0.975, 0.9995]) {
    for (const [t, df] of [
      [0.3, 2],
      [-4, 17.3],
      [40, 300],
    ] as const)
      near(noncentralTLower(t, { df, ncp: noncentralTNoncentrality(t, { df, p }) }), p, 1e-12);
    const f = noncentralFNoncentrality(30, { df1: 3, df2: 40, p });
    near(noncentralFLower(30, { df1: 3, df2: 40, ncp: f }), p, 1e-11);
    const x = noncentralChiSquaredNoncentrality(50, { df: 4, p });
    near(noncentralChiSquaredLower(50, { df: 4, ncp: x }), p, 1e-11);
  }
  assert.is(noncentralFNoncentrality(0.01, { df1: 3, df2: 40, p: 0.975 }), 0);
});

test("special cases agree: F of one df is t squared, ncp 0 is central, a range of two is a t", () => {
  for (const t of [0.2, 1.7, 9, 60]) {
    near(fUpper(t * t, { df1: 1, df2: 11 }), 2 * studentTUpper(t, 11), 1e-12);
    near(noncentralTUpper(t, { df: 11, ncp: 0 }), studentTUpper(t, 11), 1e-11);
    near(noncentralFUpper(t, { df1: 3, df2: 11, ncp: 0 }), fUpper(t, { df1: 3, df2: 11 }), 1e-12);
    near(studentizedRangeUpper(t * Math.SQRT2, { k: 2, df: 11 }), 2 * studentTUpper(t, 11), 1e-11);
  }
  near(normalLower(1) + normalUpper(1), 1, 1e-15);
});

test("the studentized range is right where R's is off by a quarter (q = 30, k = 5, df = 3)", () => {
  // mpmath, 50 digits: 0.000916 (three digits published with the comparison of libraries).
  near(studentizedRangeUpper(30, { k: 5, df: 3 }), 0.000916, 2e-4);
  // Printed tables (Harter 1960): q(.05; 3, 10) = 3.877, q(.01; 10, 20) = 6.09.
  near(studentizedRangeUpperQuantile(0.05, { k: 3, df: 10 }), 3.877, 2e-4);
  near(studentizedRangeUpperQuantile(0.01, { k: 10, df: 20 }), 6.09, 1e-3);
});

test("p values below the smallest double keep their logarithm", () => {
  near(studentTTwoSidedLog10(3, 10), Math.log10(2 * studentTUpper(3, 10)), 1e-13);
  // P(|T| > t) with 1 df is 2 atan(1/t)/pi; 1e200 is far beyond where df = 2 underflows.
  near(studentTTwoSidedLog10(1e200, 2), -400, 1e-12);
});

test.run();
