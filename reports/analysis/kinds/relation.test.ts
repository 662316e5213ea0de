// Regressions on one and on several factors: sampled designs, zips, grids and blocks against the statistics that they must agree with.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RelationSpec } from "../../../lib/experiment/analysis-spec.ts";
import { blockContrasts } from "../../../lib/stats/means/block-contrasts.ts";
import { oneSampleT } from "../../../lib/stats/means/t-interval.ts";
import {
  lackOfFit,
  multipleRegression,
  standardisedSlopes,
} from "../../../lib/stats/regression/multiple-regression.ts";
import { outcomeCodes } from "../../../runtime/record/outcome.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { compareSpec, effectSpec, interactionSpec, relationSpec } from "../../testing/specs.ts";
import {
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "../../testing/synthetic-results.ts";
import { analyze } from "../analyze.ts";
import type { Finding, RelationFinding } from "../finding.ts";
import type { RegressionFinding } from "../regression-finding.ts";

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

async function findingsOf(table: TrialTable): Promise<readonly Finding[]> {
  return (await analyze(syntheticResults([table]))).experiments[0]!.findings;
}

const tableOf = (options: Partial<SyntheticOptions>, analyses: readonly RelationSpec[]): TrialTable =>
  syntheticTable({
    factors: { a: [0, 1, 2, 3], b: [1, 2] },
    replicates: 6,
    metrics: { m: numberMetric() },
    value: ({ condition: { a, b }, noise }) => 2 * Number(a) + 5 * Number(b) + noise,
    ...options,
    analyses,
  });

/** Points of a Latin square in alpha and the logarithm of beta; slopes 1 and 1 with noise that grows with alpha. */
const points = 60;
const alphas = Array.from({ length: points }, (_, i) => (i + 0.5) / points);
const betas = Array.from({ length: points }, (_, i) => 10 ** (-6 + (4 * ((i * 17) % points)) / points));
const sampledOptions: Partial<SyntheticOptions> = {
  factors: { alpha: alphas, beta: betas.toSorted((one, other) => one - other) },
  declared: { alpha: { sampled: "linear" }, beta: { sampled: "log" } },
  admits: ({ alpha, beta }) => betas[alphas.indexOf(Number(alpha))] === beta,
  replicates: 1,
  value: ({ condition: { alpha, beta }, noise }) =>
    Number(alpha) + Math.log10(Number(beta)) + (0.1 + 0.2 * Number(alpha)) * noise,
};

test("in a sampled design a relation to one factor takes out the other, and one to both has the slopes of multiple regression", async () => {
  for (const pairing of ["independent", "common-random-numbers"] as const) {
    const table = tableOf({ ...sampledOptions, pairing }, [
      relationSpec("m", "alpha"),
      relationSpec("m", [{ name: "beta", scale: "log" }]),
      relationSpec("m", [
        { name: "alpha", scale: "linear" },
        { name: "beta", scale: "log" },
      ]),
    ]);
    const [alpha, beta, both] = (await findingsOf(table)) as [
      RelationFinding,
      RelationFinding,
      RegressionFinding,
    ];
    const columns = [
      table.conditions.map((one) => Number(one.alpha)),
      table.conditions.map((one) => Math.log10(Number(one.beta))),
    ];
    const y = [...table.metrics.m!];
    const expected = multipleRegression({ y, columns });
    near(alpha.slope!, expected.slopes[0]!.value);
    near(alpha.slopeInterval!.low, expected.slopes[0]!.low);
    near(beta.slope!, expected.slopes[1]!.value);
    for (const [j, term] of both.terms.entries()) {
      near(term.estimate, expected.slopes[j]!.value);
      near(term.interval.high, expected.slopes[j]!.high);
      near(term.test.p, expected.slopes[j]!.p);
      near(term.standardised, standardisedSlopes({ y, columns })[j]!);
      assert.ok(term.inflation >= 1 && term.inflation < 1.2);
      assert.is(term.partial!.points.length, points);
    }
    near(both.rSquared!, expected.rSquared);
    near(both.adjustedRSquared!, expected.adjustedRSquared);
    assert.equal(
      both.terms.map(({ label }) => label),
      ["alpha", "log10 beta"],
    );
    assert.ok(Math.abs(alpha.slope! - 1) < 0.3 && Math.abs(beta.slope! - 1) < 0.1);
    assert.equal(alpha.adjustedFor, ["log10 beta"]);
    assert.match(alpha.reason, /log10 beta, sampled as well, is taken out as a straight line/);
    assert.is(both.lackOfFit, null);
    assert.match(both.sentences[0]!, /^Per unit of alpha, the other factors held, m changes by \+/);
  }
});

test("what a sampled design cannot compare is said in one sentence that names relation, with values or pairs in plenty", async () => {
  const table = syntheticTable({
    replicates: 1,
    metrics: { m: numberMetric() },
    factors: {},
    value: ({ noise }) => noise,
    ...sampledOptions,
    analyses: [
      compareSpec("m", "alpha"),
      compareSpec("m", "alpha", { baseline: { level: alphas[0]! } }),
      effectSpec("m", "alpha"),
      interactionSpec("m", ["alpha", "beta"]),
    ],
  });
  for (const { sentences } of await findingsOf(table)) {
    assert.is(sentences.length, 1);
    assert.match(sentences[0]!, /cannot be (compared|tested)/);
    assert.match(sentences[0]!, /`relation/);
    assert.not.match(sentences[0]!, /no measured value|none/);
  }
});

test("factors that a zip moves together are related as one, said so; those that move in step cannot be told apart", async () => {
  const zipped = (y: readonly number[]): Partial<SyntheticOptions> => ({
    factors: { a: [1, 2, 3, 4], b: y },
    declared: { a: { zippedWith: ["b"] }, b: { zippedWith: ["a"] } },
    admits: ({ a, b }) => y[Number(a) - 1] === b,
    value: ({ condition: { a, b }, noise }) => Number(a) + Number(b) + noise,
  });
  const both = relationSpec("m", [
    { name: "a", scale: "linear" },
    { name: "b", scale: "linear" },
  ]);
  const [one, two] = (await findingsOf(tableOf(zipped([1, 4, 9, 16]), [relationSpec("m", "a"), both]))) as [
    RelationFinding,
    RegressionFinding,
  ];
  assert.ok(one.slope! > 4);
  assert.match(one.notes.join(" "), /b changes together with a/);
  assert.is(two.terms.length, 2);
  assert.match(two.notes.join(" "), /variance inflation/);
  const [, inStep] = (await findingsOf(tableOf(zipped([2, 4, 6, 8]), [relationSpec("m", "a"), both]))) as [
    RelationFinding,
    RegressionFinding,
  ];
  assert.match(
    inStep.sentences[0]!,
    /b is a combination of a in these conditions, so their slopes cannot be told apart/,
  );
});

test("levels that are no numbers are held against the first", async () => {
  const table = tableOf(
    {
      factors: { kind: ["x", "y", "z"], a: [0, 1, 2] },
      value: ({ condition: { kind, a }, noise }) => Number(a) + (kind === "z" ? 4 : 0) + noise,
    },
    [
      relationSpec("m", [
        { name: "kind", scale: "linear" },
        { name: "a", scale: "linear" },
      ]),
    ],
  );
  const [finding] = (await findingsOf(table)) as [RegressionFinding];
  assert.equal(
    finding.terms.map(({ label, isNumeric }) => [label, isNumeric]),
    [
      ["kind = y rather than x", false],
      ["kind = z rather than x", false],
      ["a", true],
    ],
  );
  const at = (name: string) => Array.from(table.condition, (c) => table.conditions[c]![name]);
  const columns = [
    at("kind").map((kind) => Number(kind === "y")),
    at("kind").map((kind) => Number(kind === "z")),
    at("a").map(Number),
  ];
  const y = [...table.metrics.m!];
  const expected = multipleRegression({ y, columns });
  for (const [j, term] of finding.terms.entries()) {
    near(term.estimate, expected.slopes[j]!.value);
    near(term.test.p, expected.slopes[j]!.p);
  }
  const misfit = lackOfFit({ y, columns });
  near(finding.lackOfFit!.statistic, misfit.statistic, 1e-7);
  assert.equal(finding.lackOfFit!.df, misfit.df);
});

test("a curve is said to be missed by the straight line, a line is not", async () => {
  for (const pairing of ["independent", "common-random-numbers"] as const)
    for (const bend of [0, 3]) {
      const table = tableOf(
        {
          factors: { a: [0, 1, 2, 3, 4] },
          pairing,
          replicates: 12,
          value: ({ condition: { a }, noise, replicateNoise }) =>
            Number(a) + bend * (Number(a) - 2) ** 2 + 0.5 * noise + replicateNoise,
        },
        [relationSpec("m", "a")],
      );
      const [finding] = (await findingsOf(table)) as [RelationFinding];
      assert.is(finding.lackOfFit!.p < 0.05, bend > 0, `${pairing} ${bend}`);
      assert.is(/the straight line misses the means of conditions/.test(finding.sentences[0]!), bend > 0);
      assert.is(finding.means.length, 5);
      if (pairing === "independent") continue;
      // Quadratic, cubic and quartic contrasts of five equally spaced levels.
      const rows = Array.from({ length: 12 }, (_, r) => [...table.metrics.m!.slice(5 * r, 5 * r + 5)]);
      const contrasts = [
        [2, -1, -2, -1, 2],
        [-1, 2, 0, -2, 1],
        [1, -4, 6, -4, 1],
      ].map((row) => row.map((value) => value / Math.hypot(...row)));
      const expected = blockContrasts(
        rows.map((y) => contrasts.map((row) => row.reduce((sum, weight, i) => sum + weight * y[i]!, 0))),
      );
      near(finding.lackOfFit!.statistic, expected.statistic, 1e-7);
      near(finding.lackOfFit!.p, expected.p, 1e-7);
    }
});

test("under common random numbers each replicate has its slopes, and replicates are the sample", async () => {
  const table = tableOf(
    {
      pairing: "common-random-numbers",
      value: ({ condition: { a, b }, noise, replicateNoise }) =>
        (2 + replicateNoise) * Number(a) + 5 * Number(b) + noise + 20 * replicateNoise,
    },
    [
      relationSpec("m", "a"),
      relationSpec("m", [
        { name: "a", scale: "linear" },
        { name: "b", scale: "linear" },
      ]),
    ],
  );
  const [one, two] = (await findingsOf(table)) as [RelationFinding, RegressionFinding];
  const slopes = Array.from({ length: 6 }, (_, r) => {
    const y = [...table.metrics.m!.slice(8 * r, 8 * r + 8)];
    const columns = [table.conditions.map(({ a }) => Number(a)), table.conditions.map(({ b }) => Number(b))];
    return multipleRegression({ y, columns }).slopes.map(({ value }) => value);
  });
  const expected = oneSampleT(slopes.map(([slope]) => slope!));
  near(one.slope!, expected.estimate.value);
  near(one.test!.p, expected.p);
  assert.equal([one.n, two.n], [6, 6]);
  near(two.terms[0]!.estimate, expected.estimate.value);
  near(two.terms[1]!.estimate, oneSampleT(slopes.map(([, slope]) => slope!)).estimate.value);
});

test("without two complete replicates, slopes are fitted within replicates", async () => {
  const table = tableOf(
    {
      pairing: "common-random-numbers",
      outcome: ({ condition: { a, b }, replicate }) =>
        Number(a) === replicate % 4 && b === 1 ? { code: outcomeCodes.failed, message: "lost" } : null,
      value: ({ condition: { a, b }, noise, replicateNoise }) =>
        2 * Number(a) + 5 * Number(b) + 0.1 * noise + 20 * replicateNoise,
    },
    [relationSpec("m", "a")],
  );
  const [finding] = (await findingsOf(table)) as [RelationFinding];
  assert.ok(Math.abs(finding.slope! - 2) < 0.1, `${finding.slope}`);
  assert.ok(finding.slopeInterval!.high - finding.slopeInterval!.low < 0.2);
  assert.match(finding.reason, /each replicate with a height of its own/);
});

test("adding a constant to all trials of a combination of the other factors moves no slope", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1e6 }),
      fc.integer({ min: -50, max: 50 }),
      async (seed, shift) => {
        const slopes = await Promise.all(
          [0, shift].map(async (move) => {
            const table = tableOf(
              { seed, value: ({ condition: { a, b }, noise }) => Number(a) + (b === 2 ? move : 0) + noise },
              [relationSpec("m", "a")],
            );
            return ((await findingsOf(table)) as [RelationFinding])[0];
          }),
        );
        near(slopes[1]!.slope!, slopes[0]!.slope!, 1e-8);
        near(slopes[1]!.test!.p, slopes[0]!.test!.p, 1e-6);
      },
    ),
    { numRuns: 15 },
  );
});

test("where trials were cut off, slopes and interactions are of restricted means, said so", async () => {
  const whole = tableOf(
    { replicates: 40, value: ({ condition: { a }, noise }) => Math.exp(0.3 * Number(a) + noise) },
    [relationSpec("m", "a")],
  );
  const m = Float64Array.from(whole.metrics.m!, (value) => Math.min(value, 3));
  const outcome = Uint8Array.from(whole.metrics.m!, (value, row) =>
    value > 3 ? outcomeCodes.censored : whole.outcome[row]!,
  );
  const censored = new Map(
    Array.from(outcome.keys())
      .filter((row) => outcome[row] === outcomeCodes.censored)
      .map((row) => [row, { metric: "m", bound: 3 }] as const),
  );
  const cut = {
    ...whole,
    outcome,
    censored,
    metrics: { m: m.map((value, row) => (outcome[row] === outcomeCodes.censored ? Number.NaN : value)) },
    experiment: {
      ...whole.experiment,
      analyses: [relationSpec("m", "a"), interactionSpec("m", ["a", "b"])],
    },
  };
  const known = {
    ...whole,
    metrics: { m },
    experiment: { ...whole.experiment, analyses: cut.experiment.analyses },
  };
  const [slope, interaction] = await findingsOf(cut);
  const [expected] = await findingsOf(known);
  // Every cap is the same, so that a restricted mean is the mean of what was seen.
  near((slope as RelationFinding).slope!, (expected as RelationFinding).slope!, 1e-6);
  for (const { notes } of [slope!, interaction!])
    assert.match(
      notes.join(" "),
      /m was cut off in some trials, so that its means are restricted means up to 3/,
    );
});

test("what leaves nothing to relate is said in words that name relation over all factors", async () => {
  const [irregular, one] = (await findingsOf(
    tableOf(
      {
        factors: { a: [1, 2, 3, 4], b: [10, 20, 35, 40], c: [7] },
        admits: ({ a, b }) => [10, 20, 35, 40][Number(a) - 1] === b,
      },
      [relationSpec("m", "a"), relationSpec("m", "c")],
    ),
  )) as [RelationFinding, Finding];
  assert.match(
    irregular.sentences[0]!,
    /a does not vary where the other factors are held fixed; `relation\("m", \["a", "b"\]\)` fits them together/,
  );
  assert.match(one.sentences[0]!, /c has only the level 7/);
});

test.run();
