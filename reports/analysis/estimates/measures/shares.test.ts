// Outcomes that are yes or no, from a table to a finding: the published numbers, the extremes, and agreement of p, interval and verdict.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AnalysisSpec } from "../../../../lib/experiment/analysis-spec.ts";
import { compareSpec, effectSpec, equivalentSpec, interactionSpec } from "../../../testing/specs.ts";
import {
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "../../../testing/synthetic-results.ts";
import { analyze } from "../../analyze.ts";
import type { ComparisonFinding, Finding } from "../../finding.ts";

/** One trial succeeds when its replicate is below the count of its level. */
async function findingsOf(
  counts: Readonly<Record<string, number>>,
  n: number,
  analyses: readonly AnalysisSpec[],
  more: Partial<SyntheticOptions> = {},
): Promise<readonly Finding[]> {
  const table = syntheticTable({
    factors: { a: Object.keys(counts) },
    replicates: n,
    metrics: { win: numberMetric({ type: "boolean" }) },
    value: ({ condition, replicate }) => Number(replicate < counts[String(condition.a)]!),
    analyses,
    ...more,
  });
  return (await analyze(syntheticResults([table]))).experiments[0]!.findings;
}

async function comparisonOf(
  counts: Readonly<Record<string, number>>,
  n: number,
  analyses: readonly AnalysisSpec[],
  more: Partial<SyntheticOptions> = {},
): Promise<ComparisonFinding> {
  return (await findingsOf(counts, n, analyses, more))[0] as ComparisonFinding;
}

const near = (actual: number | null | undefined, expected: number, digits: number): void =>
  assert.ok(
    Math.abs((actual ?? Number.NaN) - expected) < 0.5 * 10 ** -digits,
    `${actual} is not ${expected}`,
  );

test("0 of 20 against 20 of 20 is a finding: a test, an interval inside [-1, 1], a place in the family", async () => {
  for (const pairing of ["independent", "common-random-numbers"] as const) {
    const finding = await comparisonOf({ none: 0, all: 20, half: 10 }, 20, [compareSpec("win", "a")], {
      pairing,
    });
    const comparison = finding.comparisons.find(({ level }) => level === "all")!;
    assert.is(comparison.baseline, "none");
    assert.is(comparison.difference, 1);
    assert.ok(comparison.interval!.low > 0.7 && comparison.interval!.high <= 1);
    assert.ok(comparison.test!.p < 1e-5);
    assert.is(comparison.verdict, "different");
    assert.match(finding.family ?? "", /Holm over the 3 tests/);
    assert.ok(finding.comparisons.every(({ pAdjusted }) => pAdjusted !== null));
    assert.ok(finding.overall!.p < 0.001);
    assert.equal(
      finding.levels.map(({ tally, mean }) => [tally?.count, tally?.of, mean]),
      [
        [0, 20, 0],
        [20, 20, 1],
        [10, 20, 0.5],
      ],
    );
  }
});

test("what Newcombe (1998) prints for 56 of 70 and 48 of 80 comes out of a run, with Boschloo's p", async () => {
  const finding = await comparisonOf({ b: 48, a: 56 }, 80, [compareSpec("win", "a")], {
    outcome: ({ condition, replicate }) =>
      condition.a === "a" && replicate >= 70 ? { code: 4, message: "lost" } : null,
  });
  const [comparison] = finding.comparisons;
  near(comparison!.difference, 0.2, 9);
  near(comparison!.interval!.low, 0.0524, 4);
  near(comparison!.interval!.high, 0.3339, 4);
  near(comparison!.test!.p, 0.009, 3);
  assert.is(comparison!.test!.method, "Boschloo's exact test");
  assert.equal(
    comparison!.measures.map(({ name }) => name),
    ["Cohen's h", "risk ratio", "odds ratio"],
  );
  near(comparison!.measures[0]!.value, 2 * Math.asin(Math.sqrt(0.8)) - 2 * Math.asin(Math.sqrt(0.6)), 9);
});

test("levels have Wilson's interval whatever the count, in every kind of comparison", async () => {
  const findings = await findingsOf({ none: 0, all: 10, some: 3 }, 10, [
    compareSpec("win", "a"),
    effectSpec("win", "a"),
  ]);
  for (const finding of findings as readonly ComparisonFinding[]) {
    assert.is(finding.estimand.levelName, "share");
    // z^2 / (n + z^2) with z = 1.959963984540054.
    near(finding.levels[0]!.interval!.high, 1.959963984540054 ** 2 / (10 + 1.959963984540054 ** 2), 9);
    near(finding.levels[1]!.interval!.low, 10 / (10 + 1.959963984540054 ** 2), 9);
    assert.ok(finding.levels.every(({ interval }) => interval!.low >= 0 && interval!.high <= 1));
  }
});

test("verdict, p and interval agree, alone, over cells and in pairs, at both sides", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.nat({ max: 12 }), { minLength: 4, maxLength: 4 }),
      fc.constantFrom("independent" as const, "common-random-numbers" as const),
      fc.constantFrom(0.9, 0.95),
      async (n, counts, pairing, confidence) => {
        for (const cells of [1, 2]) {
          const finding = await comparisonOf({ x: 0, y: 0 }, n, [compareSpec("win", "a", { confidence })], {
            pairing,
            factors: { a: ["x", "y"], ...(cells === 2 && { b: [0, 1] }) },
            value: ({ condition, replicate }) =>
              Number(
                (replicate * 7 + Number(condition.b ?? 0)) % 12 <
                  counts[2 * Number(condition.b ?? 0) + Number(condition.a === "y")]!,
              ),
          });
          const { interval, test: tested, verdict, difference } = finding.comparisons[0]!;
          const excludes = interval!.low > 0 || interval!.high < 0;
          assert.is(excludes, tested!.p < 1 - confidence, JSON.stringify([interval, tested]));
          assert.is(verdict, excludes ? "different" : "inconclusive");
          assert.ok(-1 <= interval!.low && interval!.low <= difference! + 1e-12);
          assert.ok(difference! <= interval!.high + 1e-12 && interval!.high <= 1);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("shares are equivalent exactly where the 90% interval lies inside the margin", async () => {
  const seen = new Set<string>();
  for (let margin = 0.05; margin < 0.4; margin += 0.01) {
    const wide = await comparisonOf({ x: 30, y: 33 }, 60, [compareSpec("win", "a", { confidence: 0.9 })]);
    const { verdict } = (
      await comparisonOf({ x: 30, y: 33 }, 60, [equivalentSpec("win", "a", margin, { confidence: 0.95 })])
    ).comparisons[0]!;
    const { low, high } = wide.comparisons[0]!.interval!;
    assert.is(verdict === "equivalent", low > -margin && high < margin, `${margin}`);
    seen.add(verdict!);
  }
  assert.is(seen.size, 2);
});

test("an effect over three levels and an interaction have an answer where a cell has no success or no failure", async () => {
  const factors = { a: ["x", "y", "z"], b: [0, 1] };
  for (const pairing of ["independent", "common-random-numbers"] as const) {
    const findings = await findingsOf({}, 12, [effectSpec("win", "a"), interactionSpec("win", ["a", "b"])], {
      pairing,
      factors,
      value: ({ condition, replicate }) =>
        Number(condition.a === "x" ? 0 : condition.a === "y" ? 1 : replicate % 2),
    });
    const [effect] = findings as readonly [ComparisonFinding];
    assert.ok(effect.overall!.p < 0.01, pairing);
    assert.ok(findings.every(({ kind }) => kind !== "unanswered"));
  }
});

test.run();
