// The design decides: what is paired, what is stratified, what n is, and what happens when there is nothing to test.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AnalysisSpec } from "../../../lib/experiment/analysis-spec.ts";
import { pairedT, welch } from "../../../lib/stats/means/t-test.ts";
import { outcomeCodes } from "../../../runtime/record/outcome.ts";
import {
  compareSpec,
  effectSpec,
  equivalentSpec,
  gateSpec,
  interactionSpec,
  patienceAnalyses,
} from "../../testing/specs.ts";
import {
  numberMetric,
  patienceTable,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "../../testing/synthetic-results.ts";
import { analyze } from "../analyze.ts";
import type { ComparisonFinding, Finding, GateFinding } from "../finding.ts";

async function findingsOf(
  options: SyntheticOptions | Partial<SyntheticOptions>,
  analyses: readonly AnalysisSpec[],
): Promise<readonly Finding[]> {
  const table =
    "factors" in options && options.value !== undefined
      ? syntheticTable({ ...(options as SyntheticOptions), analyses })
      : patienceTable({ ...options, analyses });
  return (await analyze(syntheticResults([table]))).experiments[0]!.findings;
}

async function comparisonOf(
  options: SyntheticOptions | Partial<SyntheticOptions>,
  spec: AnalysisSpec,
): Promise<ComparisonFinding> {
  // Every caller passes a comparing spec, whose finding has these fields.
  return (await findingsOf(options, [spec]))[0] as ComparisonFinding;
}

const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(
    Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

test("under common random numbers n is the number of replicates, and one with a failed cell counts with the others", async () => {
  const finding = await comparisonOf(
    {
      pairing: "common-random-numbers",
      outcome: ({ condition, replicate }) =>
        condition.firms === 3 && condition.discount === 0 && replicate < 6
          ? { code: outcomeCodes.failed, message: "m" }
          : null,
    },
    compareSpec("profitGain", "discount", { baseline: { level: 0 } }),
  );
  assert.equal(
    finding.comparisons.map(({ nLevel, isPaired }) => [nLevel, isPaired]),
    [
      [50, true],
      [50, true],
    ],
  );
  assert.equal(
    finding.levels.map(({ n }) => n),
    [50, 50, 50],
  );
  assert.is(finding.unit, "replicate");
});

test("the paired difference is that of replicate means, computed here by hand", async () => {
  const table = patienceTable({
    pairing: "common-random-numbers",
    analyses: [compareSpec("profitGain", "discount", { baseline: { level: 0 } })],
  });
  const meanAt = (replicate: number, discount: number) => {
    const rows = Array.from({ length: table.rows }, (_, row) => row).filter(
      (row) =>
        table.replicate[row] === replicate && table.conditions[table.condition[row]!]!.discount === discount,
    );
    return rows.reduce((sum, row) => sum + table.metrics.profitGain![row]!, 0) / rows.length;
  };
  const replicates = Array.from({ length: 50 }, (_, replicate) => replicate);
  const expected = pairedT({
    x: replicates.map((r) => meanAt(r, 0.95)),
    y: replicates.map((r) => meanAt(r, 0)),
  });
  const finding = (await analyze(syntheticResults([table]))).experiments[0]!.findings[0] as ComparisonFinding;
  const comparison = finding.comparisons[1]!;
  near(comparison.difference!, expected.estimate.value);
  near(comparison.interval!.low, expected.estimate.low);
  near(comparison.test!.p, expected.p);
});

test("independent trials are stratified by the cells of the other factors; with none it is Welch's test", async () => {
  const stratified = await comparisonOf({}, compareSpec("profitGain", "discount"));
  assert.is(stratified.comparisons[0]!.test!.method, "Welch's t test stratified by cell");
  const flat = await comparisonOf({}, compareSpec("profitGain", "discount", { where: { firms: 2 } }));
  assert.is(flat.comparisons[0]!.test!.method, "Welch's t test");
  const x = flat.levels[1]!.units;
  const y = flat.levels[0]!.units;
  near(flat.comparisons[0]!.test!.p, welch({ x, y }).p);
});

test("a shared replicate effect does not make a test of nothing significant more often than declared", async () => {
  let rejected = 0;
  const simulations = 400;
  for (let seed = 1; seed <= simulations; seed++) {
    const finding = await comparisonOf(
      {
        factors: { a: [0, 1], market: [1, 2, 3, 4, 5] },
        replicates: 10,
        pairing: "common-random-numbers",
        metrics: { m: numberMetric() },
        seed,
        // The effect of `a` varies between replicates and is zero on average: pooling markets as pairs would err often.
        value: ({ condition, replicateNoise, noise }) => Number(condition.a) * replicateNoise + 0.2 * noise,
      },
      compareSpec("m", "a"),
    );
    if (finding.comparisons[0]!.test!.p < 0.05) rejected++;
  }
  // 5% of 400 is 20, three standard deviations are 13.
  assert.ok(rejected <= 33, `${rejected} of ${simulations} rejected at 5%`);
});

test("a block factor pairs its levels, whatever the number of replicates in a block", async () => {
  const blocked = await comparisonOf(
    {
      factors: { a: [0, 1], market: [1, 2, 3, 4, 5, 6] },
      replicates: 3,
      metrics: { m: numberMetric() },
      value: ({ condition, noise }) => 10 * Number(condition.market) + Number(condition.a) + 0.1 * noise,
    },
    compareSpec("m", "a", { block: "market" }),
  );
  assert.is(blocked.comparisons[0]!.isPaired, true);
  assert.is(blocked.comparisons[0]!.nLevel, 6);
  assert.is(blocked.unit, "market");
});

test("every p value of a family is corrected with all others of it", async () => {
  const finding = await comparisonOf(
    {},
    compareSpec("converged", "discount", { family: { name: "main", correction: "bonferroni" } }),
  );
  assert.is(finding.comparisons.length, 3);
  for (const { test: result, pAdjusted } of finding.comparisons) near(pAdjusted!, Math.min(1, 3 * result!.p));
  assert.match(finding.family!, /Bonferroni over the 3 tests of the family "main"/);
});

test("every finding lists what other methods would have said, the one used first", async () => {
  const finding = await comparisonOf({}, compareSpec("profitGain", "firms", { where: { discount: 0.5 } }));
  const methods = finding.comparisons[0]!.robustness.map(({ method }) => method.split(",")[0]);
  assert.equal(methods, [
    "Welch's t test",
    "studentized bootstrap",
    "Student's t test (equal variances)",
    "Mann-Whitney U test (Hodges-Lehmann shift)",
  ]);
  assert.is(finding.comparisons[0]!.robustness[0]!.isChosen, true);
});

test("the classical ladder shows its steps and labels Cohen's d with the name of the rule", async () => {
  const finding = await comparisonOf(
    {},
    compareSpec("profitGain", "discount", { where: { firms: 2 }, tests: "classical" }),
  );
  assert.ok(finding.assumptions.some(({ name }) => name.startsWith("Shapiro-Wilk")));
  assert.ok(finding.assumptions.some(({ name }) => name.startsWith("Levene")));
  assert.match(finding.comparisons[0]!.effect!.label!, /by Cohen's convention/);
  assert.is(finding.overallEffect!.name, "eta squared");
});

test("where the classical ladder leads to ranks, the finding names their shift as what it estimates", async () => {
  const finding = await comparisonOf(
    {
      factors: { a: [0, 1] },
      replicates: 12,
      metrics: { m: numberMetric() },
      value: ({ condition, replicate }) => Number(condition.a) + 2 ** replicate,
    },
    { ...compareSpec("m", "a"), tests: "classical" },
  );
  assert.match(finding.comparisons[0]!.test!.method, /^Mann-Whitney/);
  assert.is(finding.estimand.name, "Hodges-Lehmann shift");
});

test("a classical ladder over several cells says that it was set aside", async () => {
  const cells = await comparisonOf({}, { ...compareSpec("profitGain", "discount"), tests: "classical" });
  assert.match(
    cells.reason,
    /stratified by the cells of firms.* ladder has no form for several cells and was set aside/,
  );
});

test("no difference is claimed only by equivalence within the stated margin", async () => {
  const wide = await comparisonOf({}, equivalentSpec("periods", "firms", 50_000));
  const narrow = await comparisonOf({}, equivalentSpec("periods", "firms", 10));
  assert.is(wide.comparisons[0]!.verdict, "equivalent");
  assert.is(narrow.comparisons[0]!.verdict, "inconclusive");
  const plain = await comparisonOf({}, compareSpec("periods", "firms"));
  assert.match(
    plain.sentences[0]!,
    /Inconclusive: these numbers would find a difference of .* with 80% power\.$/,
  );
});

test("missing outcomes bound the difference where the metric declares its range", async () => {
  const options = {
    metrics: { profitGain: numberMetric({ range: [0, 1] }) },
    outcome: ({
      condition,
      replicate,
    }: {
      condition: Readonly<Record<string, unknown>>;
      replicate: number;
    }) => (condition.discount === 0 && replicate < 10 ? { code: outcomeCodes.failed, message: "m" } : null),
  };
  const finding = await comparisonOf(
    options,
    compareSpec("profitGain", "discount", { baseline: { level: 0 } }),
  );
  const { worstCase, difference } = finding.comparisons[0]!;
  assert.ok(worstCase!.low < difference! && difference! < worstCase!.high);
  // A fifth of one arm is missing over a range of 1, so the bounds are exactly 0.2 apart.
  near(worstCase!.high - worstCase!.low, 0.2);
});

test("an optional metric left null counts as missing in the worst case, as a failed trial does", async () => {
  const finding = await comparisonOf(
    {
      factors: { a: [0, 1] },
      replicates: 10,
      metrics: { m: numberMetric({ range: [0, 1] }) },
      value: ({ condition, replicate }) => (condition.a === 1 && replicate < 4 ? Number.NaN : replicate / 10),
    },
    compareSpec("m", "a"),
  );
  const { worstCase } = finding.comparisons[0]!;
  // Four of ten values of one arm are missing over a range of 1.
  near(worstCase!.high - worstCase!.low, 0.4);
});

test("arms that lack an optional metric in different shares are named; a complete metric is not", async () => {
  const table = syntheticTable({
    factors: { a: [0, 1] },
    replicates: 10,
    metrics: { m: numberMetric(), full: numberMetric() },
    value: ({ condition, replicate, metric }) =>
      metric === "m" && condition.a === 1 && replicate < 4 ? Number.NaN : replicate / 10,
    analyses: [],
  });
  const { notes } = (await analyze(syntheticResults([table]))).experiments[0]!;
  assert.equal(notes, [
    "Arms lack m in different shares of their trials: a = 1 lacks it in 4 of 10 (40%), while a = 0 lacks it in 0 of 10 (0%). The values that are there may differ for that reason.",
  ]);
});

test("a sentence about a part of the design names the part", async () => {
  const [whole, part, effect, interaction] = await findingsOf({}, [
    compareSpec("profitGain", "discount"),
    compareSpec("profitGain", "discount", { where: { firms: 2 }, name: "part" }),
    { ...effectSpec("profitGain", "discount"), where: { firms: 2 } },
    { ...interactionSpec("profitGain", ["firms", "discount"]), where: { firms: 2 } },
  ]);
  assert.not.match(whole!.sentences[0]!, /where/);
  assert.match(part!.sentences[0]!, / rather than .* where firms = 2: profitGain /);
  assert.match(part!.title, /profitGain across discount, firms = 2/);
  assert.match(effect!.sentences[0]!, /^profitGain by discount where firms = 2: /);
  assert.match(interaction!.sentences[0]!, /^Where firms = 2: /);
});

test("one level, equal values and an arm without success are said in words, without NaN", async () => {
  const make = (options: Partial<SyntheticOptions>): SyntheticOptions => ({
    factors: { a: [0, 1] },
    replicates: 5,
    metrics: { m: numberMetric() },
    value: ({ noise }) => noise,
    ...options,
  });
  const oneLevel = await comparisonOf(make({ factors: { a: [0] } }), compareSpec("m", "a"));
  assert.match(oneLevel.notes[0]!, /Only one level of a \(0\)/);
  assert.equal(oneLevel.sentences, ["m cannot be compared across a: its only level in the results is 0."]);
  const equal = await comparisonOf(make({ value: () => 0.5 }), compareSpec("m", "a"));
  assert.is(equal.comparisons[0]!.test, null);
  assert.match(equal.sentences[0]!, /m 0, without an interval or a test: .*var/);
  const none = await comparisonOf(
    make({
      outcome: ({ condition }) => (condition.a === 1 ? { code: outcomeCodes.failed, message: "m" } : null),
    }),
    compareSpec("m", "a"),
  );
  assert.is(none.sentences[0], "a 1 rather than 0: m cannot be compared: a = 1 has no measured value of m.");
  for (const finding of [oneLevel, equal, none]) assert.not.match(JSON.stringify(finding), /NaN|Infinity/);
});

test("an analysis that the table cannot answer is a finding that says why", async () => {
  const [finding] = await findingsOf({}, [compareSpec("profitGain", "patience")]);
  assert.is(finding!.kind, "unanswered");
  assert.match(
    finding!.sentences[0]!,
    /patience is not a factor of patience; its factors are firms, discount/,
  );
});

test("gates pass, fail or stay undecided by the whole interval", async () => {
  const verdicts = (
    await findingsOf({}, [
      gateSpec("profitGain", { kind: "above", bound: 0.2 }, { where: { discount: 0.5 } }),
      gateSpec("profitGain", { kind: "below", bound: 0.2 }, { where: { discount: 0.5 } }),
      gateSpec("profitGain", { kind: "above", bound: 0.46 }, { where: { discount: 0.5, firms: 2 } }),
      gateSpec("profitGain", { kind: "differ", across: "discount", baseline: null }),
    ])
  ).map((finding) => (finding as GateFinding).verdict);
  assert.equal(verdicts, ["passed", "failed", "undecided", "passed"]);
});

test("an interaction that is there is found, under both pairings", async () => {
  for (const pairing of ["independent", "common-random-numbers"] as const) {
    const [finding] = await findingsOf(
      {
        factors: { a: [0, 1], b: [0, 1, 2] },
        replicates: 20,
        pairing,
        metrics: { m: numberMetric() },
        value: ({ condition, noise, replicateNoise }) =>
          Number(condition.a) * Number(condition.b) + 0.3 * noise + replicateNoise,
      },
      [interactionSpec("m", ["a", "b"])],
    );
    assert.match(finding!.sentences[0]!, /^The effect of b on m depends on a: /);
  }
});

test("an effect is tested over all levels at once", async () => {
  const finding = await comparisonOf({}, effectSpec("profitGain", "discount"));
  assert.ok(finding.overall!.p < 1e-10);
  assert.equal(finding.comparisons, []);
});

test("every interval of an analysis holds its estimate, and the analysis is plain JSON", async () => {
  for (const pairing of ["independent", "common-random-numbers"] as const) {
    const analysis = await analyze(
      syntheticResults([patienceTable({ pairing, analyses: patienceAnalyses })]),
    );
    assert.equal(JSON.parse(JSON.stringify(analysis)), analysis);
    for (const finding of analysis.experiments[0]!.findings) {
      if (!("comparisons" in finding)) continue;
      for (const { difference, interval } of finding.comparisons)
        assert.ok(interval!.low <= difference! && difference! <= interval!.high);
    }
  }
});

test.run();
