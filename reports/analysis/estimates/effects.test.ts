// Effect sizes over cells and blocks against what they must reduce to, and by simulation; clusters nested in a factor's levels.

import { test } from "uvu";
import * as assert from "uvu/assert";
import { noncentralTUpper } from "../../../lib/stats/distribution/noncentral-t.ts";
import { hedgesG } from "../../../lib/stats/effect-size/standardized-difference.ts";
import { varianceShare } from "../../../lib/stats/effect-size/variance-explained.ts";
import { withinCellsEffect } from "../../../lib/stats/effect-size/within-cells-effect.ts";
import { factorialAnova } from "../../../lib/stats/means/factorial-anova.ts";
import { hotelling } from "../../../lib/stats/means/hotelling.ts";
import { repeatedMeasures } from "../../../lib/stats/means/repeated-measures.ts";
import { welch } from "../../../lib/stats/means/t-test.ts";
import { cellsOf } from "../../design/cells.ts";
import { levelDesignOf, samplesOf } from "../../design/level-design.ts";
import { compareSpec, effectSpec, interactionSpec } from "../../testing/specs.ts";
import {
  normals,
  numberMetric,
  patienceTable,
  syntheticResults,
  syntheticTable,
} from "../../testing/synthetic-results.ts";
import { analyze } from "../analyze.ts";
import type { ComparisonFinding, Finding, InteractionFinding } from "../finding.ts";
import { blocksEffect } from "./joint-effect.ts";
import { overallTestOf } from "./overall.ts";

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

async function answerTo<T extends Finding>(
  table: Parameters<typeof syntheticResults>[0][number],
): Promise<T> {
  // Each test declares one analysis, whose kind it names.
  return (await analyze(syntheticResults([table]))).experiments[0]!.findings[0] as T;
}

const twoByTwo = (spread: (market: unknown) => number, seed = 1) =>
  syntheticTable({
    factors: { a: [0, 1], market: ["m1", "m2"] },
    replicates: 12,
    seed,
    metrics: { m: numberMetric() },
    value: ({ condition, noise }) => spread(condition.market) + 0.8 * Number(condition.a) + noise,
  });

test("with one cell a level the effect within cells is Hedges' g", () => {
  const table = syntheticTable({
    factors: { a: [0, 1] },
    replicates: 9,
    metrics: { m: numberMetric() },
    value: ({ condition, noise }) => Number(condition.a) + noise,
  });
  const [y, x] = levelDesignOf(table, { metric: "m", factor: "a" }).levels;
  const ours = withinCellsEffect({ x: samplesOf(x!), y: samplesOf(y!), level: 0.95, corrected: true });
  const [below, above] = cellsOf(table, "m").map(({ values }) => [...values]);
  const theirs = hedgesG({ x: above!, y: below! });
  near(ours.value, theirs.value);
  near(ours.low, theirs.low);
  near(ours.high, theirs.high);
});

test("what another factor adds to the spread does not shrink the effect", async () => {
  const effects = await Promise.all(
    [0, 1000].map(async (shift) => {
      const table = twoByTwo((market) => (market === "m1" ? 0 : shift));
      const spec = compareSpec("m", "a");
      const finding = await answerTo<ComparisonFinding>({
        ...table,
        experiment: { ...table.experiment, analyses: [spec] },
      });
      return finding.comparisons[0]!.effect!;
    }),
  );
  assert.is(effects[0]!.name, "Hedges g_av within cells");
  near(effects[0]!.value, effects[1]!.value, 1e-8);
  near(effects[0]!.interval!.low, effects[1]!.interval!.low, 1e-8);
});

test("the ends of the interval are the noncentralities at which the observed t is just as far in the tail", () => {
  const table = twoByTwo(() => 0);
  const [y, x] = levelDesignOf(table, { metric: "m", factor: "a" }).levels;
  const d = withinCellsEffect({ x: samplesOf(x!), y: samplesOf(y!), level: 0.95, corrected: false });
  // Four cells of 12 with weight 1/2: t = d / sqrt(4 * (1/4) / 12) on 44 degrees of freedom.
  const scale = Math.sqrt(1 / 12);
  near(noncentralTUpper(d.value / scale, { df: 44, ncp: d.low / scale }), 0.025, 1e-8);
  near(noncentralTUpper(d.value / scale, { df: 44, ncp: d.high / scale }), 0.975, 1e-8);
});

test("the interval of the effect within cells holds the true effect about 95 times in 100", () => {
  let held = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const table = twoByTwo((market) => (market === "m1" ? 0 : 5), seed);
    const [y, x] = levelDesignOf(table, { metric: "m", factor: "a" }).levels;
    const { low, high } = withinCellsEffect({
      x: samplesOf(x!),
      y: samplesOf(y!),
      level: 0.95,
      corrected: false,
    });
    if (low <= 0.8 && 0.8 <= high) held++;
  }
  // 380 of 400 are expected, three standard deviations are 13.
  assert.ok(held >= 367 && held <= 393, `${held} of 400`);
});

/** Omega squared of a joint test by its formula: q (F - 1) / (q (F - 1) + N). */
const omegaOf = (
  { statistic, df }: { readonly statistic: number; readonly df: readonly number[] },
  n: number,
) => Math.max(0, (df[0]! * (statistic - 1)) / (df[0]! * (statistic - 1) + n));

test("the share of variance behind a joint test over cells is that of the test's own F, also where cells differ in size", async () => {
  const table = patienceTable({
    replicates: 10,
    analyses: [effectSpec("profitGain", "discount"), interactionSpec("profitGain", ["firms", "discount"])],
    outcome: ({ condition, replicate }) =>
      condition.firms === 3 && replicate % 4 === 1 ? { code: 1, message: "lost" } : null,
  });
  const n = table.outcome.filter((outcome) => outcome === 0).length;
  const { findings } = (await analyze(syntheticResults([table]))).experiments[0]!;
  const [effect, interaction] = findings as [ComparisonFinding, InteractionFinding];
  assert.is(effect.overallEffect!.name, "partial omega squared");
  near(effect.overallEffect!.value, omegaOf(effect.overall!, n));
  near(interaction.effect!.value, omegaOf(interaction.test!, n));
});

test("where all cells have one size and nearly one variance, the share is nearly that of the sums of squares of type III", async () => {
  const table = patienceTable({
    replicates: 40,
    analyses: [interactionSpec("profitGain", ["firms", "discount"])],
  });
  const finding = await answerTo<InteractionFinding>(table);
  const levelsOf = (name: string) =>
    Array.from(table.condition, (condition) => Number(table.conditions[condition]![name]));
  const anova = factorialAnova({
    factors: { firms: levelsOf("firms"), discount: levelsOf("discount") },
    y: [...table.metrics.profitGain!],
    type: 3,
  });
  const { totalSumOfSquares: _, ...row } = anova.rows.at(-1)!;
  near(finding.effect!.value, varianceShare({ kind: "omega-squared", row }).value, 0.02);
});

test("a joint test that finds something has a share above 0, whatever the variances", () => {
  const draw = normals(11);
  for (let i = 0; i < 300; i++) {
    const table = syntheticTable({
      factors: { a: [1, 2, 3] },
      replicates: 6,
      metrics: { m: numberMetric() },
      analyses: [effectSpec("m", "a")],
      value: ({ condition }) => draw() * Number(condition.a) ** 2 + 0.6 * Number(condition.a),
    });
    const design = levelDesignOf(table, { metric: "m", factor: "a" });
    const { test: found, effect } = overallTestOf(design, "estimation");
    if (found !== null && found.p < 0.05)
      assert.ok(effect!.value > 0, `p = ${found.p}, share ${effect!.value}`);
  }
});

test("the share of variance behind a joint test over blocks is 0 on average where there is no effect", () => {
  // Of 400 experiments of 7 blocks and 5 levels: 1 - lambda would be 4 / 7 on average, uncut epsilon squared 0.
  const draw = normals(3);
  const shares = Array.from({ length: 400 }, () => {
    const rows = Array.from({ length: 7 }, () => Array.from({ length: 4 }, draw));
    const { statistic: f } = hotelling(rows);
    return (4 * (f - 1)) / (4 * f + 3);
  });
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  assert.ok(Math.abs(mean) < 0.06, `${mean}`);
  const rows = Array.from({ length: 7 }, (_, i) => [1, 2, 3, 4].map((j) => j + Math.sin(i * j)));
  const joint = hotelling(rows);
  near(blocksEffect(joint)!.value, (4 * (joint.statistic - 1)) / (4 * joint.statistic + 3));
});

test("under common random numbers a main effect has an answer with fewer replicates than levels, and its share holds its interval", async () => {
  const table = syntheticTable({
    factors: { a: [1, 2, 3, 4, 5, 6] },
    replicates: 4,
    pairing: "common-random-numbers",
    metrics: { m: numberMetric() },
    analyses: [effectSpec("m", "a")],
    value: ({ condition, noise, replicateNoise }) => 3 * Number(condition.a) + noise + 50 * replicateNoise,
  });
  const finding = await answerTo<ComparisonFinding>(table);
  const { overall, overallEffect } = finding;
  const blocks = [0, 1, 2, 3].map((replicate) =>
    [...table.metrics.m!].slice(6 * replicate, 6 * replicate + 6),
  );
  const expected = repeatedMeasures(blocks);
  near(overall!.statistic, expected.statistic, 1e-8);
  near(overall!.p, expected.greenhouseGeisser.p, 1e-8);
  assert.is(overallEffect!.name, "partial omega squared");
  const { sumOfSquares, residualSumOfSquares } = expected.treatments;
  const meanSquare = residualSumOfSquares / 15;
  near(overallEffect!.value, (sumOfSquares - 5 * meanSquare) / (sumOfSquares + (24 - 5) * meanSquare), 1e-8);
  assert.ok(
    overallEffect!.interval!.low <= overallEffect!.value &&
      overallEffect!.value <= overallEffect!.interval!.high,
  );
});

/** Six sites, three under each treatment, whose own level is shared by their trials. */
const nestedTable = (analyses: Parameters<typeof patienceTable>[0] = {}) =>
  syntheticTable({
    factors: { treatment: ["old", "new"], site: [1, 2, 3, 4, 5, 6] },
    admits: ({ treatment, site }) => (treatment === "old") === Number(site) <= 3,
    replicates: 20,
    metrics: { m: numberMetric() },
    value: ({ condition, noise }) => Math.sin(37 * Number(condition.site)) + 0.1 * noise,
    ...analyses,
  });

test("clusters nested in the levels are the units: twenty trials of a site count once", async () => {
  const table = nestedTable({ analyses: [compareSpec("m", "treatment", { cluster: "site" })] });
  const finding = await answerTo<ComparisonFinding>(table);
  const [comparison] = finding.comparisons;
  const means = cellsOf(table, "m").map(({ values }) => values.reduce((a, b) => a + b, 0) / values.length);
  const expected = welch({ x: means.slice(3), y: means.slice(0, 3) });
  assert.is(finding.unit, "site");
  assert.equal([comparison!.nLevel, comparison!.nBaseline, comparison!.isPaired], [3, 3, false]);
  near(comparison!.test!.p, expected.p);
  near(comparison!.interval!.low, expected.estimate.low);
  assert.match(finding.reason, /Trials of one site are not independent, so its mean is the unit/);
  assert.match(comparison!.effect!.name, /^Hedges g_av$/);
});

test("an interaction over nested clusters counts clusters too", async () => {
  const table = syntheticTable({
    factors: { treatment: ["old", "new"], dose: [0, 1], site: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] },
    admits: ({ treatment, dose, site }) =>
      Math.floor((Number(site) - 1) / 3) === (treatment === "old" ? 0 : 2) + Number(dose),
    replicates: 20,
    metrics: { m: numberMetric() },
    value: ({ condition, noise }) => Math.sin(37 * Number(condition.site)) + 0.1 * noise,
    analyses: [interactionSpec("m", ["treatment", "dose"], { cluster: "site" })],
  });
  const finding = await answerTo<InteractionFinding>(table);
  assert.equal(finding.test!.n, [3, 3, 3, 3]);
  assert.match(finding.reason, /Trials of one site are not independent/);
});

test.run();
