// What a finding concludes follows from its numbers: verdict, p value, interval and sentence say the same, at the declared level and
// under the same correction. Exact cases at the edges first, then random tables.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AnalysisSpec, Correction } from "../../../lib/experiment/analysis-spec.ts";
import { studentTUpperQuantile } from "../../../lib/stats/distribution/student-t.ts";
import type { Alternative } from "../../../lib/stats/estimate.ts";
import { equivalence } from "../../../lib/stats/means/equivalence.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import {
  compareSpec,
  effectSpec,
  equivalentSpec,
  gateSpec,
  interactionSpec,
  relationSpec,
} from "../../testing/specs.ts";
import {
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "../../testing/synthetic-results.ts";
import { analyze } from "../analyze.ts";
import type {
  Comparison,
  ComparisonFinding,
  Finding,
  GateFinding,
  InteractionFinding,
  RelationFinding,
} from "../finding.ts";
import type { Interval } from "../interval.ts";
import { numberText, pText } from "../words/number-text.ts";

async function findingsOf(table: TrialTable): Promise<readonly Finding[]> {
  return (await analyze(syntheticResults([table]))).experiments[0]!.findings;
}

/** Ten values a level, spread evenly with standard deviation 3.0277, the second level `shift` above the first. */
const shifted = (
  shift: number,
  analyses: readonly AnalysisSpec[],
  levels: readonly number[] = [0, 1],
): TrialTable =>
  syntheticTable({
    factors: { a: levels },
    replicates: 10,
    metrics: { y: numberMetric() },
    value: ({ condition, replicate }) => replicate + shift * Number(condition.a),
    analyses,
  });

// se = sd sqrt(2/10) on 18 degrees of freedom.
const standardError = Math.sqrt((82.5 / 9) * 0.2);

async function comparisonOf(shift: number, spec: AnalysisSpec): Promise<Comparison> {
  return ((await findingsOf(shifted(shift, [spec])))[0] as ComparisonFinding).comparisons[0]!;
}

test("levels are equivalent exactly where the larger one-sided p is below 1 - confidence", async () => {
  const x = Array.from({ length: 10 }, (_, i) => i);
  const seen = new Set<string>();
  for (const confidence of [0.9, 0.95])
    for (let factor = 1.2; factor < 3.6; factor += 0.05) {
      const margin = factor * standardError;
      const { verdict, test: result } = await comparisonOf(
        0,
        equivalentSpec("y", "a", margin, { confidence }),
      );
      const { p } = equivalence({ x, y: x, low: -margin, high: margin });
      assert.ok(Math.abs(result!.p - p) < 1e-12);
      assert.is(
        verdict,
        p < 1 - confidence ? "equivalent" : "inconclusive",
        `margin ${factor} standard errors`,
      );
      // The grid must come close to the threshold at both sides for this to mean anything.
      if (Math.abs(p / (1 - confidence) - 1) < 0.12) seen.add(`${verdict} ${confidence}`);
    }
  assert.is(seen.size, 4, [...seen].join());
});

test("levels differ by more than the margin exactly where the whole 90% interval of the two one-sided tests lies beyond it", async () => {
  const reach = studentTUpperQuantile(0.05, 18) * standardError;
  for (const sign of [1, -1])
    for (const [gap, verdict] of [
      [1.001, "different"],
      [0.999, "inconclusive"],
    ] as const)
      assert.is(
        (await comparisonOf(sign * (0.5 + gap * reach), equivalentSpec("y", "a", 0.5))).verdict,
        verdict,
      );
});

test("the detectable difference is the one found with 80% power: 2.9626 standard errors on 18 degrees of freedom", async () => {
  // Bloom (1995): t(0.975) + t(0.80), of the t table 2.1009 and 0.8620.
  const { detectable } = await comparisonOf(0.5, compareSpec("y", "a"));
  assert.ok(
    Math.abs(detectable! / standardError - (2.1009 + 0.862)) < 1e-3,
    String(detectable! / standardError),
  );
});

test("what would have been found is under the correction of the family, and on the declared side", async () => {
  // scipy.stats.t.ppf (1.17): 18 degrees of freedom at 1 - 0.05/6, 0.95 and 0.8.
  const [three] = (await findingsOf(shifted(0.5, [compareSpec("y", "a")], [0, 1, 2]))) as [ComparisonFinding];
  const { detectable: oneSided } = await comparisonOf(0.5, compareSpec("y", "a", { alternative: "greater" }));
  for (const [found, quantile] of [
    ...three.comparisons.map(({ detectable }) => [detectable, 2.6391] as const),
    [oneSided, 1.7341] as const,
  ])
    assert.ok(Math.abs(found! / standardError - (quantile + 0.862)) < 1e-3, String(found! / standardError));
});

test("two levels have their comparison and no test over all levels; three have both; an effect has the test for two", async () => {
  const [two] = (await findingsOf(shifted(1, [compareSpec("y", "a")]))) as [ComparisonFinding];
  const [three] = (await findingsOf(shifted(1, [compareSpec("y", "a")], [0, 1, 2]))) as [ComparisonFinding];
  const [effect] = (await findingsOf(shifted(1, [effectSpec("y", "a")]))) as [ComparisonFinding];
  assert.equal([two.overall, two.overallEffect], [null, null]);
  assert.ok(three.overall !== null && three.overallEffect !== null);
  assert.ok(effect.overall !== null && effect.overallEffect !== null);
});

const corrections: readonly Correction[] = [
  "none",
  "simultaneous",
  "bonferroni",
  "holm",
  "hochberg",
  "benjamini-hochberg",
  "benjamini-yekutieli",
];

const tables = fc.record({
  seed: fc.integer(),
  levels: fc.integer({ min: 2, max: 4 }),
  others: fc.integer({ min: 1, max: 2 }),
  replicates: fc.integer({ min: 4, max: 12 }),
  shift: fc.constantFrom(0, 0.3, 0.8, 1.5, 3),
  /** Skewed and rounded data send the classical ladder to ranks with ties. */
  shape: fc.constantFrom<"normal" | "skewed" | "boolean">("normal", "skewed", "boolean"),
  pairing: fc.constantFrom<SyntheticOptions["pairing"]>("independent", "common-random-numbers"),
  confidence: fc.constantFrom(0.9, 0.95, 0.99),
  margin: fc.constantFrom(0.2, 1, 2.5),
  correction: fc.constantFrom(...corrections),
  alternative: fc.constantFrom<Alternative>("two-sided", "greater", "less"),
  tests: fc.constantFrom<"estimation" | "classical">("estimation", "classical"),
  hasBaseline: fc.boolean(),
});

/** What rounding alone left was once taken for a sign: of signed ranks in balance, and of shares averaged over cells. */
const roundedAway: [Drawn][] = [
  [
    {
      ...{
        seed: -796031995,
        levels: 3,
        others: 1,
        replicates: 4,
        shift: 0,
        shape: "skewed",
        confidence: 0.9,
      },
      ...{ pairing: "common-random-numbers", margin: 0.2, correction: "none", alternative: "two-sided" },
      ...{ tests: "classical", hasBaseline: false },
    },
  ],
  [
    {
      ...{
        seed: -1963652753,
        levels: 4,
        others: 2,
        replicates: 10,
        shift: 0,
        shape: "boolean",
        confidence: 0.9,
      },
      ...{ pairing: "independent", margin: 0.2, correction: "none", alternative: "two-sided" },
      ...{ tests: "estimation", hasBaseline: false },
    },
  ],
];

type Drawn = typeof tables extends fc.Arbitrary<infer T> ? T : never;

function drawnTable(of: Drawn): TrialTable {
  const { confidence, correction, alternative, tests } = of;
  const baseline = of.hasBaseline ? { level: 0 } : null;
  return syntheticTable({
    factors: {
      a: Array.from({ length: of.levels }, (_, i) => i),
      b: Array.from({ length: of.others }, (_, i) => i),
    },
    replicates: of.replicates,
    pairing: of.pairing ?? "independent",
    seed: of.seed,
    metrics: { y: of.shape === "boolean" ? { ...numberMetric(), type: "boolean" } : numberMetric() },
    value: ({ condition, noise, replicateNoise }) => {
      const value = of.shift * Number(condition.a) + noise + replicateNoise;
      if (of.shape === "boolean") return value > 1 ? 1 : 0;
      return of.shape === "skewed" ? Math.round(3 * Math.exp(value / 2)) : value;
    },
    analyses: [
      compareSpec("y", "a", { confidence, alternative, tests, baseline, family: { name: "f", correction } }),
      equivalentSpec("y", "a", of.margin, { confidence, tests, family: { name: "e", correction } }),
      interactionSpec("y", ["a", "b"], { confidence, family: { name: "f", correction } }),
      relationSpec("y", "a", { confidence }),
      gateSpec("y", { kind: "above", bound: 0.5 }, { confidence }),
    ],
  });
}

/** Ends as the interval means them: without a bound on the side where it has none. */
function endsOf({ low, high, openEnd }: Interval): { readonly low: number; readonly high: number } {
  return {
    low: openEnd === "low" ? Number.NEGATIVE_INFINITY : low,
    high: openEnd === "high" ? Number.POSITIVE_INFINITY : high,
  };
}

/** An interval and a ruling on one value agree: shut out (or at the very end) when it is ruled out, inside when it is not. */
function assertAgrees(
  interval: Interval,
  ruled: { readonly value: number; readonly isOut: boolean },
  what: string,
): void {
  const { low, high } = endsOf(interval);
  const { value, isOut } = ruled;
  const words = `${what}: [${low}, ${high}] and ${value} is ${isOut ? "" : "not "}ruled out`;
  assert.ok(isOut ? low >= value || high <= value : low <= value && value <= high, words);
}

/** Values where no difference is, by the name of the size. */
const alikeAt = (name: string) => (/ratio$/.test(name) ? 1 : name === "probability of superiority" ? 0.5 : 0);

function assertComparison(
  one: Comparison,
  of: { readonly alpha: number; readonly sentence: string | undefined },
): void {
  const { alpha, sentence } = of;
  if (one.test === null || one.interval === null || one.difference === null) return;
  const { low, high } = endsOf(one.interval);
  assert.ok(low <= one.difference && one.difference <= high);
  const p = one.pAdjusted ?? one.test.p;
  assert.ok(p >= one.test.p * (1 - 1e-6), `adjusted ${p}, raw ${one.test.p}`);
  const isOut = p < alpha;
  assert.is(one.verdict, isOut ? "different" : "inconclusive");
  assertAgrees(one.interval, { value: 0, isOut: one.test.p < alpha }, "raw p and interval");
  assert.is(one.adjustedInterval === null, one.pAdjusted === null);
  assertAgrees(one.adjustedInterval ?? one.interval, { value: 0, isOut }, "p and interval");
  assert.equal(one.effect, one.measures[0] ?? null);
  for (const { name, value, interval } of one.measures) {
    assert.ok(Math.sign(value - alikeAt(name)) * Math.sign(one.difference) >= 0, `${name} has another sign`);
    if (interval !== null) assertAgrees(interval, { value: alikeAt(name), isOut }, name);
  }
  if (sentence === undefined) return;
  assert.is(sentence.includes("Inconclusive"), !isOut, sentence);
  assert.ok(sentence.includes(pText(p)), sentence);
  assert.is(sentence.includes("one-sided"), one.test.alternative !== "two-sided", sentence);
  assert.is(sentence.includes("adjusted"), one.pAdjusted !== null, sentence);
}

function assertEquivalence(
  one: Comparison,
  of: { readonly alpha: number; readonly margin: number; readonly sentence: string | undefined },
): void {
  const { alpha, margin, sentence } = of;
  if (one.test === null || one.interval === null) return;
  assert.match(one.test.method, /two one-sided tests/);
  const p = one.pAdjusted ?? one.test.p;
  const { low, high } = one.adjustedInterval ?? one.interval;
  assert.is(one.verdict === "equivalent", p < alpha, `${one.verdict} at p = ${p}`);
  if (one.verdict === "equivalent") assert.ok(low >= -margin && high <= margin, `[${low}, ${high}]`);
  else assert.ok(low <= -margin || high >= margin, `[${low}, ${high}]`);
  assert.is(one.verdict === "different", low > margin || high < -margin);
  if (sentence === undefined) return;
  assert.ok(sentence.endsWith(`Verdict: ${one.verdict}.`), sentence);
  assert.match(sentence, new RegExp(`margin of ±${String(margin).replace(".", "\\.")}`));
}

test("in any table verdict, p value, intervals, effect sizes and sentence of every finding agree", async () => {
  await fc.assert(
    fc.asyncProperty(tables, async (of) => {
      const alpha = 1 - of.confidence;
      const [compare, equivalent, interaction, relation, gate] = (await findingsOf(drawnTable(of))) as [
        ComparisonFinding,
        ComparisonFinding,
        InteractionFinding,
        RelationFinding,
        GateFinding,
      ];
      for (const [i, one] of compare.comparisons.entries())
        assertComparison(one, { alpha, sentence: compare.sentences[i] });
      for (const [i, one] of equivalent.comparisons.entries())
        assertEquivalence(one, { alpha, margin: of.margin, sentence: equivalent.sentences[i] });
      if (interaction.kind === "interaction" && interaction.test !== null)
        assert.is(
          / depends on .*: /.test(interaction.sentences[0]!) && !/not shown/.test(interaction.sentences[0]!),
          (interaction.pAdjusted ?? interaction.test.p) < alpha,
        );
      if (relation.kind === "relation" && relation.test !== null) {
        const { low, high } = relation.slopeInterval!;
        assert.is(relation.test.p < alpha, low > 0 || high < 0);
        assert.ok(relation.sentences[0]!.includes(pText(relation.test.p)));
      }
      if (gate.verdict === "passed") assert.ok(gate.interval!.low > 0.5);
      if (gate.verdict === "failed") assert.ok(gate.interval!.high <= 0.5);
      assert.ok(gate.sentences[0]!.startsWith(`Gate ${gate.verdict}: y above ${numberText(0.5)}`));
    }),
    { numRuns: 150, seed: 17, examples: roundedAway },
  );
});

test.run();
