// Laws that hold for any data: shift and scale invariance, symmetry, intervals that hold their estimate, p values that are
// uniform under the null (continuous tests) or never too small (exact ones).
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { describe } from "./describe.ts";
import { cohensD, hedgesG } from "./effect-size/standardized-difference.ts";
import { levene } from "./levene.ts";
import { anova, welchAnova } from "./means/anova.ts";
import { tInterval } from "./means/t-interval.ts";
import { pairedT, student, welch } from "./means/t-test.ts";
import { mannWhitney } from "./ranks/mann-whitney.ts";
import { cliffsDelta } from "./ranks/ordinal-effect.ts";
import { kruskalWallis } from "./ranks/rank-anova.ts";
import { wilcoxon } from "./ranks/wilcoxon.ts";
import { bootstrap } from "./resampling/bootstrap.ts";
import { permutationTest } from "./resampling/permutation.ts";
import { resamplingRandom } from "./resampling/resampling-random.ts";
import { shapiroWilk } from "./shapiro-wilk.ts";

// Sixteenths, so that shifts by whole numbers and scales by powers of two are exact in doubles.
const value = fc.integer({ min: -800, max: 800 }).map((n) => n / 16);
const sample = (least: number) =>
  fc.array(value, { minLength: least, maxLength: 25 }).filter((values) => new Set(values).size > 1);
const pairOf = (least: number) => fc.tuple(sample(least), sample(least));

function near(a: number, b: number, relative = 1e-9): boolean {
  return a === b || Math.abs(a - b) <= relative * Math.max(Math.abs(a), Math.abs(b), 1e-12);
}

test("shifting both samples changes no p value and no effect size", () => {
  fc.assert(
    fc.property(pairOf(3), fc.integer({ min: -1000, max: 1000 }), ([x, y], by) => {
      const moved = { x: x.map((v) => v + by), y: y.map((v) => v + by) };
      for (const p of [welch, student, mannWhitney, cohensD, hedgesG, cliffsDelta]) {
        const before = p({ x, y });
        const after = p(moved);
        const read = (result: object) =>
          "p" in result ? Number(result.p) : "value" in result ? Number(result.value) : 0;
        assert.ok(near(read(before), read(after)), p.name);
      }
    }),
    { numRuns: 60 },
  );
});

test("scaling both samples changes no p value; intervals scale along", () => {
  fc.assert(
    fc.property(pairOf(3), fc.constantFrom(0.125, 4, 1024), ([x, y], by) => {
      const before = welch({ x, y });
      const after = welch({ x: x.map((v) => v * by), y: y.map((v) => v * by) });
      assert.ok(near(before.p, after.p));
      assert.ok(near(before.estimate.low * by, after.estimate.low));
      assert.ok(near(anova([x, y]).p, anova([x.map((v) => v * by), y.map((v) => v * by)]).p));
      assert.ok(near(shapiroWilk(x).p, shapiroWilk(x.map((v) => v * by)).p));
    }),
    { numRuns: 100 },
  );
});

test("exchanging the samples mirrors the estimate and keeps the two-sided p", () => {
  fc.assert(
    fc.property(pairOf(3), ([x, y]) => {
      for (const compare of [welch, student]) {
        const there = compare({ x, y });
        const back = compare({ x: y, y: x });
        assert.ok(near(there.p, back.p));
        assert.ok(near(there.estimate.low, -back.estimate.high, 1e-7));
      }
      assert.ok(near(mannWhitney({ x, y }).p, mannWhitney({ x: y, y: x }).p));
      assert.ok(near(cliffsDelta({ x, y }).value, -cliffsDelta({ x: y, y: x }).value));
      assert.ok(near(kruskalWallis([x, y]).p, kruskalWallis([y, x]).p));
    }),
    { numRuns: 100 },
  );
});

test("every interval contains its estimate", () => {
  fc.assert(
    fc.property(pairOf(4), fc.constantFrom(0.8, 0.95, 0.999), ([x, y], level) => {
      for (const estimate of [
        tInterval(x, { level }),
        welch({ x, y, level }).estimate,
        cohensD({ x, y, level }),
        cliffsDelta({ x, y, level }),
        mannWhitney({ x, y, level }).estimate,
      ])
        assert.ok(
          estimate.low <= estimate.value && estimate.value <= estimate.high,
          JSON.stringify(estimate),
        );
    }),
    { numRuns: 60 },
  );
});

test("a wider level gives a wider interval", () => {
  fc.assert(
    fc.property(sample(3), (x) => {
      const narrow = tInterval(x, { level: 0.9 });
      const wide = tInterval(x, { level: 0.99 });
      assert.ok(wide.low < narrow.low && wide.high > narrow.high);
    }),
    { numRuns: 100 },
  );
});

test("with two groups an analysis of variance is the two-sided t test", () => {
  fc.assert(
    fc.property(pairOf(3), ([x, y]) => {
      assert.ok(near(anova([x, y]).p, student({ x, y }).p, 1e-8));
      assert.ok(near(welchAnova([x, y]).p, welch({ x, y }).p, 1e-8));
    }),
    { numRuns: 100 },
  );
});

test("the order of the values changes nothing", () => {
  fc.assert(
    fc.property(sample(4), (x) => {
      const sorted = [...x].sort((a, b) => a - b);
      assert.ok(near(describe(x).mean, describe(sorted).mean) && near(describe(x).sd!, describe(sorted).sd!));
      assert.ok(near(shapiroWilk(x).p, shapiroWilk(sorted).p));
    }),
    { numRuns: 60 },
  );
});

test("p values of continuous tests are uniform under the null", () => {
  const random = resamplingRandom(99);
  const draw = (n: number) => Array.from({ length: n }, () => random.normal());
  const tests: Record<string, () => number> = {
    student: () => student({ x: draw(8), y: draw(12) }).p,
    paired: () => pairedT({ x: draw(9), y: draw(9) }).p,
    anova: () => anova([draw(6), draw(9), draw(5)]).p,
    shapiro: () => shapiroWilk(draw(20)).p,
    // Welch's degrees of freedom are approximate; from n = 15 the error is below what 2,000 draws can see.
    welch: () => welch({ x: draw(15), y: draw(25).map((v) => 2 * v) }).p,
  };
  for (const [name, p] of Object.entries(tests)) {
    const values = Array.from({ length: 2000 }, p).sort((a, b) => a - b);
    const distance = values.reduce((most, v, i) => Math.max(most, Math.abs(v - (i + 0.5) / 2000)), 0);
    // Kolmogorov-Smirnov: 1.95/sqrt(n) is exceeded with probability 0.001.
    assert.ok(distance < 1.95 / Math.sqrt(2000), `${name}: ${distance}`);
  }
});

test("exact tests err at most at their level, ties or not", () => {
  const random = resamplingRandom(7);
  const tied = (n: number) => Array.from({ length: n }, () => random.below(5));
  const tests: Record<string, () => number> = {
    mannWhitney: () => mannWhitney({ x: tied(6), y: tied(7), variant: "exact" }).p,
    permutation: () => permutationTest({ x: tied(5), y: tied(6), variant: "exact" }).p,
    wilcoxon: () => wilcoxon({ x: tied(9), y: tied(9), variant: "exact" }).p,
  };
  for (const [name, p] of Object.entries(tests))
    for (const alpha of [0.05, 0.2]) {
      const errors = Array.from({ length: 2000 }, p).filter((v) => v <= alpha).length / 2000;
      assert.ok(
        errors <= alpha + 3.3 * Math.sqrt((alpha * (1 - alpha)) / 2000),
        `${name}: ${errors} at ${alpha}`,
      );
    }
});

test("Levene's test does not see a shift of one group", () => {
  fc.assert(
    fc.property(pairOf(4), fc.integer({ min: -50, max: 50 }), ([x, y], by) => {
      fc.pre(new Set(x.map(Math.abs)).size > 2 && new Set(y.map(Math.abs)).size > 2);
      const before = levene([x, y]);
      assert.ok(near(before.p, levene([x, y.map((v) => v + by)]).p));
    }),
    { numRuns: 60 },
  );
});

test("a bootstrap interval follows its unit from 1e-200 to 1e200", () => {
  const x = [3.1, 4.7, 2.2, 5.9, 4.1, 3.8, 6.4];
  for (const method of ["studentized", "bca", "percentile"] as const)
    for (const unit of [2 ** 660, 2 ** -660]) {
      const plain = bootstrap(x, { seed: 4, method, resamples: 500 });
      const scaled = bootstrap(
        x.map((value) => value * unit),
        { seed: 4, method, resamples: 500 },
      );
      assert.ok(near(scaled.low / unit, plain.low) && near(scaled.high / unit, plain.high), method);
    }
});

test("the same seed gives the same bootstrap interval, another seed another one", () => {
  const x = [3.1, 4.7, 2.2, 5.9, 4.1, 3.8, 6.4];
  assert.equal(bootstrap(x, { seed: 4 }), bootstrap(x, { seed: 4 }));
  assert.is.not(bootstrap(x, { seed: 4 }).low, bootstrap(x, { seed: 5 }).low);
});

test.run();
