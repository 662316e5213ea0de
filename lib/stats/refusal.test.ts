// Degenerate input is refused in words by every statistic: no NaN, no made-up p value.
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as stats from "../stats.ts";

function thrownBy(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return error;
  }
}

const x = [1, 2, 4, 3];
const flat = [2, 2, 2, 2];
const calls: Record<string, () => unknown> = {
  "t interval, n = 1": () => stats.tInterval([1]),
  "t interval, constant": () => stats.tInterval(flat),
  "t interval, constant up to rounding": () => stats.tInterval([0.1 + 0.2, 0.3, 0.3, 0.3]),
  "interval that allows for skewness, n = 4": () => stats.skewnessInterval(x),
  "interval that allows for skewness, constant": () => stats.skewnessInterval([...flat, 2]),
  "betting out of range": () => stats.boundedMeanInterval([0.5, 1.2], { range: [0, 1] }),
  "trimmed mean, one run a stratum": () => stats.stratifiedTrimmedMean({ strata: [[1], [2]] }),
  "trimmed mean, constant strata": () =>
    stats.stratifiedTrimmedMean({
      strata: [
        [1, 1],
        [2, 2],
      ],
    }),
  "superiority, one run of each": () => stats.stratifiedSuperiority({ x: [[1]], y: [[2]] }),
  "superiority, unlike strata": () => stats.stratifiedSuperiority({ x: [x], y: [x, x] }),
  "band over nothing that varies": () => stats.supTCritical({ rows: [flat, flat] }),
  "Welch, both constant": () => stats.welch({ x: flat, y: [3, 3, 3] }),
  "Welch, NaN": () => stats.welch({ x, y: [1, Number.NaN, 2] }),
  "Welch, infinite": () => stats.welch({ x, y: [1, Number.POSITIVE_INFINITY, 2] }),
  "Welch, level 1": () => stats.welch({ x, y: [1, 5, 2], level: 1 }),
  "paired, constant difference": () => stats.pairedT({ x, y: x.map((v) => v + 0.1) }),
  "paired, lengths": () => stats.pairedT({ x, y: [1, 2] }),
  "Mann-Whitney, all tied": () => stats.mannWhitney({ x: flat, y: flat }),
  "Wilcoxon, no difference": () => stats.wilcoxon({ x, y: x }),
  "permutation, all equal": () => stats.permutationTest({ x: flat, y: flat }),
  "anova, no variation": () => stats.anova([flat, [3, 3]]),
  "anova, one group": () => stats.anova([x]),
  "Welch anova, one constant group": () => stats.welchAnova([flat, x]),
  "Kruskal-Wallis, tied": () => stats.kruskalWallis([flat, flat]),
  "Friedman, tied": () => stats.friedman([flat, flat]),
  "Friedman, ragged": () =>
    stats.friedman([
      [1, 2],
      [1, 2, 3],
    ]),
  "Tukey, no variation": () => stats.tukeyHsd([flat, [3, 3]]),
  "Levene, equal distances": () =>
    stats.levene([
      [1, 3],
      [5, 9],
    ]),
  "Bartlett, constant group": () => stats.bartlett([flat, x]),
  "Shapiro-Wilk, constant": () => stats.shapiroWilk(flat),
  "Shapiro-Wilk, n = 2": () => stats.shapiroWilk([1, 2]),
  "bootstrap, constant": () => stats.bootstrap(flat),
  "studentized median": () => stats.bootstrap(x, { statistic: "median", method: "studentized" }),
  "Cohen's d, constant": () => stats.cohensD({ x: flat, y: flat }),
  "Dickey-Fuller, constant": () => stats.dickeyFuller(new Array<number>(50).fill(1.9)),
  "KPSS, constant": () => stats.kpss(new Array<number>(50).fill(1.9)),
  "autocorrelation, constant": () => stats.autocorrelation(flat, 1),
  "sequence out of range": () => stats.confidenceSequence([0.5, 1.2], { range: [0, 1] }),
  "asymptotic sequence, n = 4": () => stats.confidenceSequence(x),
  "adjusted p out of range": () => stats.adjustP([0.1, 1.2], "holm"),
  "power of no effect": () => stats.sampleSizeT({ d: 0, power: 0.8 }),
  "line through constant x": () => stats.linearRegression({ x: flat, y: x }),
  "Hotelling, too few": () =>
    stats.hotelling([
      [1, 2],
      [2, 3],
    ]),
  "Hotelling, ragged": () => stats.hotelling([[1], [2, 3], [4]]),
  "Hotelling, NaN": () => stats.hotelling([[1], [Number.NaN], [4]]),
  "Hotelling, one column twice": () =>
    stats.hotelling([
      [1, 1],
      [2, 2],
      [4, 4],
      [3, 3],
    ]),
  "Welch-James, no contrast": () => stats.welchJames({ cells: [x, x], contrasts: [] }),
  "Welch-James, a coefficient too few": () => stats.welchJames({ cells: [x, x], contrasts: [[1]] }),
  "Welch-James, variation below the rounding of the values": () =>
    stats.welchJames({
      cells: [
        [1e-152, 2e-152],
        [100, 100],
      ],
      contrasts: [[1, -1]],
    }),
  "Welch-James, constant cells": () => stats.welchJames({ cells: [flat, flat], contrasts: [[1, -1]] }),
  "Welch-James, infinite": () =>
    stats.welchJames({ cells: [x, [1, Number.POSITIVE_INFINITY]], contrasts: [[1, -1]] }),
  "common slope, constant x": () => stats.commonSlope(x.map((y) => ({ x: 1, y, stratum: "" }))),
  "common slope, exact line": () => stats.commonSlope(x.map((y) => ({ x: y, y, stratum: "" }))),
  "common slope, nothing": () => stats.commonSlope([]),
  "common slope, NaN": () => stats.commonSlope([...x, Number.NaN].map((y, i) => ({ x: i, y, stratum: "" }))),
  "stratified, no cell": () => stats.stratifiedWelch({ x: [], y: [{ values: x, weight: 1 }] }),
  "stratified, constant": () =>
    stats.stratifiedWelch({ x: [{ values: flat, weight: 1 }], y: [{ values: flat, weight: 1 }] }),
  "effect within cells, NaN weight": () =>
    stats.withinCellsEffect({ x: [{ values: x, weight: Number.NaN }], y: [{ values: x, weight: 1 }] }),
  "proportion, more successes than trials": () => stats.proportionInterval({ successes: 4, n: 3 }),
  "proportion, no trial": () => stats.proportionInterval({ successes: 0, n: 0 }),
  "proportion, half a success": () => stats.proportionInterval({ successes: 0.5, n: 3 }),
  "solver, singular": () =>
    stats.positiveSolver([
      [1, 1],
      [1, 1],
    ]),
  "share of variance, infinite": () =>
    stats.varianceShare({
      kind: "eta-squared",
      row: { sumOfSquares: Number.POSITIVE_INFINITY, df: 1, residualSumOfSquares: 1, residualDf: 3, n: 5 },
    }),
  "noncentrality, infinite F": () =>
    stats.noncentralFNoncentrality(Number.POSITIVE_INFINITY, { df1: 1, df2: 3, p: 0.5 }),
  "ragged scores": () => stats.aggregates([[1, 2], [1]]),
};

for (const [name, call] of Object.entries(calls))
  test(`${name} is refused in words`, () => {
    try {
      const value = call();
      assert.unreachable(`gave ${JSON.stringify(value)}`);
    } catch (error) {
      assert.instance(error, stats.StatisticsRefusal);
      assert.match(String(error instanceof Error ? error.message : ""), /\w+ \w+ \w+/);
    }
  });

test("a factorial design with an empty cell, one level or no error names what is wrong", () => {
  const failing = [
    { factors: { a: ["p", "p", "q"], b: [1, 2, 1] }, y: [1, 2, 3] },
    { factors: { a: ["p", "p", "p"], b: [1, 2, 1] }, y: [1, 2, 3] },
    { factors: { a: ["p", "p", "q", "q"], b: [1, 2, 1, 2] }, y: [1, 2, 3, 5] },
    { factors: { a: ["p", "p", "q", "q"], b: [1, 2, 1, 2] }, y: [1, 2, 2, 3], interactions: 1 },
  ];
  for (const options of failing) {
    const refusal = thrownBy(() => stats.factorialAnova(options));
    assert.instance(refusal, stats.StatisticsRefusal);
  }
});

test("a refusal can be had as a value", () => {
  const refused = stats.orRefusal(() => stats.tInterval(flat));
  assert.ok(stats.isRefused(refused) && refused.code === "no-variation");
});

test("a description of one value leaves out what one value does not have", () => {
  const one = stats.describe([5]);
  assert.is(one.mean, 5);
  assert.is(one.sd, undefined);
  assert.not.ok(JSON.stringify(one).includes("null"));
});

test.run();
