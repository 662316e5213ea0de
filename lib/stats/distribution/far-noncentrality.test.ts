// Noncentral distributions far out, where nearly deterministic simulations put them: the answers there follow a limit, cost no
// more than near ones, and agree with the near forms where both hold.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hedgesG } from "../effect-size/standardized-difference.ts";
import { varianceShare } from "../effect-size/variance-explained.ts";
import { isRefused, orRefusal } from "../refusal.ts";
import { logScaleDensity } from "./chi-scale.ts";
import { chiSquaredQuantile } from "./chi-squared.ts";
import { incompleteBeta } from "./incomplete-beta.ts";
import { incompleteGamma } from "./incomplete-gamma.ts";
import { logIntegral } from "./log-concave-integral.ts";
import { noncentralChiSquaredLower, noncentralChiSquaredNoncentrality } from "./noncentral-chi-squared.ts";
import { noncentralFLower, noncentralFNoncentrality } from "./noncentral-f.ts";
import { noncentralTNoncentrality, noncentralTUpper } from "./noncentral-t.ts";
import { logNormalUpper } from "./normal-log.ts";
import { poissonTails } from "./poisson-mixture.ts";
import { betaPower, poissonMass } from "./saddle-point.ts";

function near(actual: number, expected: number, relative: number): void {
  assert.ok(
    Math.abs(actual - expected) <= relative * Math.abs(expected),
    `${actual} is not ${expected} to ${relative}`,
  );
}

test("the relative width of Hedges' g does not depend on g beyond a few hundred, up to where the data are constant", () => {
  // For large noncentrality T / ncp is 1 / S, so the ends are g sqrt(chi2_p / df).
  for (const n of [3, 10, 40]) {
    const df = 2 * n - 2;
    const [low, high] = [0.025, 0.975].map((p) => Math.sqrt(chiSquaredQuantile(p, df) / df)) as [
      number,
      number,
    ];
    for (const d of [1e3, 1e4, 1e5, 3e5, 1e6, 1e7, 1e9, 1e12]) {
      const y = Array.from({ length: n }, (_, i) => i / d);
      const g = hedgesG({ x: y.map((value) => value + 3), y });
      near(g.low / g.value, low, 2e-4);
      near(g.high / g.value, high, 2e-4);
    }
  }
});

test("a noncentrality is found for any finite t", () => {
  for (const t of [1e3, 1e8, 1e30, 1e150, 1e300]) {
    const found = noncentralTNoncentrality(t, { df: 18, p: 0.025 });
    near(found / t, Math.sqrt(chiSquaredQuantile(0.975, 18) / 18), 1e-3);
    near(noncentralTNoncentrality(-t, { df: 18, p: 0.975 }), -found, 1e-12);
  }
  const refused = orRefusal(() => noncentralTNoncentrality(Number.POSITIVE_INFINITY, { df: 4, p: 0.5 }));
  assert.ok(isRefused(refused));
});

test("the noncentral t over the normal variable equals the one over the scale where both are exact", () => {
  for (const df of [1, 2, 5, 18, 100, 1000])
    for (const ratio of [0.5, 0.9, 1.1, 2]) {
      const t = 31 * Math.sqrt(2 * df + 2);
      const ncp = t * ratio;
      const density = logScaleDensity(df);
      const overScale = Math.exp(
        logIntegral((u) => density(u) + logNormalUpper(t * Math.exp(u) - ncp), {
          guess: Math.min(0, Math.log(ratio)),
          spacing: 0.4 / (1 + ncp),
        }),
      );
      near(noncentralTUpper(t, { df, ncp }), overScale, 1e-12);
    }
});

test("the power of a test of an enormous effect is 1", () => {
  for (const ncp of [1e4, 1e9, 1e200]) {
    assert.is(noncentralTUpper(2.1, { df: 18, ncp }), 1);
    assert.is(noncentralTUpper(-2.1, { df: 18, ncp: -ncp }), 0);
    near(noncentralTUpper(-2.1, { df: 18, ncp }), 1, 1e-12);
  }
});

test("the noncentral F equals its Poisson mixture on both sides of the place where it is replaced", () => {
  for (const [df1, df2] of [
    [1, 3],
    [2, 18],
    [10, 50],
  ] as const)
    for (const ncp of [1.001e6, 4e6])
      for (const ratio of [0.7, 1, 1.4]) {
        const f = (ncp * ratio) / df1;
        const odds = (df1 / df2) * f;
        const at = { b: df2 / 2, x: odds / (1 + odds), y: 1 / (1 + odds) };
        const mixture = poissonTails({
          mean: ncp / 2,
          at: (j) => incompleteBeta({ a: df1 / 2 + j, ...at }),
          step: (j) => betaPower({ a: df1 / 2 + j, ...at }) / (df1 / 2 + j),
        });
        near(noncentralFLower(f, { df1, df2, ncp }), mixture.lower, 1e-7);
      }
});

test("the noncentral chi-squared equals its Poisson mixture beyond the place where it is replaced", () => {
  for (const df of [1, 7, 1000])
    for (const z of [-3, 0, 1.96]) {
      const ncp = 1.01e8;
      const x = df + ncp + z * Math.sqrt(2 * (df + 2 * ncp));
      const mixture = poissonTails({
        mean: ncp / 2,
        at: (j) => incompleteGamma({ a: df / 2 + j, x: x / 2 }),
        step: (j) => poissonMass(df / 2 + j, x / 2),
      });
      near(noncentralChiSquaredLower(x, { df, ncp }), mixture.lower, 1e-9);
    }
  near(noncentralChiSquaredNoncentrality(1e30, { df: 3, p: 0.1 }), 1e30, 1e-9);
});

test("a noncentrality of F is found for any finite F, in proportion to it", () => {
  for (const f of [1e9, 1e13, 1e30, 1e300]) {
    const ratio = noncentralFNoncentrality(f, { df1: 2, df2: 27, p: 0.025 }) / f / 2;
    near(ratio, noncentralFNoncentrality(1e6, { df1: 2, df2: 27, p: 0.025 }) / 2e6, 1e-5);
  }
});

test("omega squared lies in its interval for any F, and the interval comes from the observed F", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 8, noNaN: true }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 2, max: 200 }),
      fc.constantFrom(0.8, 0.95, 0.99),
      (exponent, df, residualDf, level) => {
        const f = 10 ** (exponent - 3);
        const row = {
          sumOfSquares: f * df,
          df,
          residualSumOfSquares: residualDf,
          residualDf,
          n: df + residualDf + 1,
        };
        for (const totalSumOfSquares of [undefined, f * df + residualDf]) {
          const share = varianceShare({
            kind: "omega-squared",
            level,
            row: totalSumOfSquares === undefined ? row : { ...row, totalSumOfSquares },
          });
          assert.ok(
            share.low <= share.value && share.value <= share.high,
            JSON.stringify({ f, df, ...share }),
          );
          const ncp = noncentralFNoncentrality(f, { df1: df, df2: residualDf, p: (1 - level) / 2 });
          near(share.high, ncp / (ncp + row.n), 1e-9);
        }
      },
    ),
    { numRuns: 150 },
  );
});

test.run();
