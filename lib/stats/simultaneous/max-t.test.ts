// The largest of correlated t against cases with closed forms: Dunnett's and the studentized range by quadrature, independence, one contrast.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { normalUpper } from "../distribution/normal.ts";
import { studentTUpper } from "../distribution/student-t.ts";
import { studentizedRangeUpper } from "../distribution/studentized-range.ts";
import { dunnett, dunnettCritical } from "../means/dunnett.ts";
import { maxT, stepDownMaxT } from "./max-t.ts";

const near = (actual: number, expected: number, tolerance: number) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

const equicorrelated = (k: number, rho: number) =>
  Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_, j) => (i === j ? 1 : rho)));

test("equal correlations of one half give Dunnett's critical values on either side", () => {
  for (const k of [2, 3, 8])
    for (const twoSided of [true, false]) {
      const loadings = new Array<number>(k).fill(Math.SQRT1_2);
      const expected = dunnettCritical({ loadings, df: 12, twoSided, level: 0.95 });
      near(maxT({ correlation: equicorrelated(k, 0.5), df: 12, twoSided }).critical(0.95), expected, 5e-3);
    }
});

test("without correlation and with a known scale the largest is that of independent normals", () => {
  const found = maxT({ correlation: equicorrelated(4, 0), df: Number.POSITIVE_INFINITY, twoSided: false });
  for (const d of [-0.5, 0, 1, 2.5]) near(found.upper(d), 1 - (1 - normalUpper(d)) ** 4, 1e-3);
});

test("variables that are one and the same are one: a singular correlation is no obstacle", () => {
  const found = maxT({ correlation: equicorrelated(3, 1), df: 7 });
  near(found.upper(2), 2 * studentTUpper(2, 7), 1e-9);
  near(
    maxT({
      correlation: [
        [1, -1],
        [-1, 1],
      ],
      df: 7,
      twoSided: false,
    }).upper(2),
    2 * studentTUpper(2, 7),
    1e-3,
  );
});

test("all pairs of equal groups have Tukey's p in a single step, and stepping down only lowers it", () => {
  const groups = [
    [4.1, 5.2, 3.9, 4.6],
    [5.9, 6.1, 4.8, 6.6],
    [7.0, 8.2, 6.4, 7.7],
    [4.9, 5.1, 5.6, 4.4],
  ];
  const found = stepDownMaxT(groups);
  assert.is(found.length, 6);
  for (const { t, df, pSingleStep, pStepDown } of found) {
    near(pSingleStep, studentizedRangeUpper(Math.abs(t) * Math.SQRT2, { k: 4, df }), 1e-3);
    assert.ok(pStepDown <= pSingleStep + 1e-12);
  }
  const [baseline] = stepDownMaxT(groups, { contrasts: "baseline", alternative: "greater" });
  near(baseline!.pSingleStep, dunnett(groups, { alternative: "greater" })[0]!.adjustedP, 1e-3);
});

test("what is no correlation is refused", () => {
  for (const correlation of [
    [
      [1, 2],
      [2, 1],
    ],
    [
      [1, 0.5],
      [0.4, 1],
    ],
    [[2]],
    [],
  ])
    assert.throws(
      () => maxT({ correlation, df: 5 }),
      (error: Error) => error.name === "StatisticsRefusal",
    );
});

test.run();
