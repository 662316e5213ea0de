// Metrics that count events, from a table to a finding: rates per trial and per exposure, overdispersion, levels without an event.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { MetricSpec } from "../../../../lib/experiment/definition.ts";
import { poissonRate } from "../../../../lib/stats/counts/poisson-rates.ts";
import { compareSpec, effectSpec, equivalentSpec } from "../../../testing/specs.ts";
import {
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "../../../testing/synthetic-results.ts";
import { analyze } from "../../analyze.ts";
import type { ComparisonFinding } from "../../finding.ts";

const countMetric = (exposure: string | null = null): MetricSpec =>
  numberMetric({ type: "integer", range: [0, null], count: { exposure } });

async function analysed(options: Partial<SyntheticOptions>) {
  const table = syntheticTable({
    factors: { a: ["x", "y"] },
    replicates: 6,
    metrics: { crashes: countMetric() },
    value: () => 0,
    analyses: [compareSpec("crashes", "a")],
    ...options,
  });
  const [experiment] = (await analyze(syntheticResults([table]))).experiments;
  return { ...experiment!, finding: experiment!.findings[0] as ComparisonFinding };
}

const near = (actual: number | null | undefined, expected: number, digits: number): void =>
  assert.ok(
    Math.abs((actual ?? Number.NaN) - expected) < 0.5 * 10 ** -digits,
    `${actual} is not ${expected}`,
  );

/** Counts of six trials that vary less than Poisson's, with a mean of 2 and of 4. */
const even = { x: [2, 1, 3, 2, 2, 2], y: [4, 3, 5, 4, 4, 4] } as const;
/** The same means, spread far beyond Poisson's. */
const uneven = { x: [0, 0, 11, 0, 1, 0], y: [0, 19, 0, 0, 5, 0] } as const;
const countsOf = (of: Readonly<Record<"x" | "y", readonly number[]>>): Partial<SyntheticOptions> => ({
  value: ({ condition, replicate }) => of[condition.a as "x" | "y"][replicate]!,
});

test("a level's rate has exact Poisson limits, in the comparison and in the table of conditions", async () => {
  const { finding, metrics } = await analysed(countsOf(even));
  const { low, high, value } = poissonRate({ events: 12, exposure: 6 });
  for (const { mean, interval } of [finding.levels[0]!, metrics[0]!.cells[0]!]) {
    near(mean, value, 9);
    near(interval!.low, low, 8);
    near(interval!.high, high, 8);
  }
  assert.equal(finding.levels[0]!.tally, { count: 12, of: 6 });
  assert.is(finding.estimand.levelName, "rate");
  assert.match(finding.reason, /no more than Poisson counts/);
  const [comparison] = finding.comparisons;
  near(comparison!.difference, 2, 9);
  assert.is(comparison!.measures[0]!.name, "rate ratio");
  near(comparison!.measures[0]!.value, 2, 9);
});

test("counts that vary more than Poisson's are negative binomial, and the finding says so", async () => {
  const [dispersed, plain] = [await analysed(countsOf(uneven)), await analysed(countsOf(even))];
  const [wide, narrow] = [dispersed.finding.comparisons[0]!, plain.finding.comparisons[0]!];
  near(wide.difference, narrow.difference!, 9);
  assert.ok(wide.test!.p > 3 * narrow.test!.p, `${wide.test!.p} against ${narrow.test!.p}`);
  assert.ok(wide.interval!.high - wide.interval!.low > 1.5 * (narrow.interval!.high - narrow.interval!.low));
  assert.match(dispersed.finding.reason, /negative binomial \(theta = 0\.\d+/);
});

test("no event in one level has a difference, an interval, a test and a verdict, paired or not", async () => {
  for (const pairing of ["independent", "common-random-numbers"] as const) {
    const { finding } = await analysed({
      pairing,
      replicates: 12,
      value: ({ condition, replicate }) => (condition.a === "x" ? 0 : 3 + (replicate % 3)),
    });
    const [comparison] = finding.comparisons;
    near(comparison!.difference, 4, 9);
    assert.ok(comparison!.interval!.low > 0);
    assert.ok(comparison!.test!.p < 0.001);
    assert.is(comparison!.verdict, "different");
    assert.is(finding.levels[0]!.interval!.low, 0);
    assert.ok(finding.levels[0]!.interval!.high > 0.1);
    // A ratio to nothing is no number to print.
    assert.is(comparison!.effect, null);
  }
});

test("events are counted over their exposure: a metric or a parameter", async () => {
  const steps = (replicate: number): number => 50 + 10 * replicate;
  const measured = await analysed({
    metrics: { crashes: countMetric("steps"), steps: numberMetric({ type: "integer" }) },
    value: ({ metric, condition, replicate }) =>
      metric === "steps"
        ? steps(replicate)
        : Math.round(steps(replicate) * (condition.a === "x" ? 0.1 : 0.2)),
  });
  near(measured.finding.levels[0]!.mean, 45 / 450, 9);
  near(measured.finding.comparisons[0]!.difference, 0.1, 9);
  assert.equal(measured.finding.levels[1]!.tally, { count: 90, of: 450 });
  assert.is(measured.finding.estimand.unit, "per steps");
  assert.is(measured.metrics[0]!.title, "crashes per steps");
  near(measured.metrics[0]!.cells[0]!.mean, 0.1, 9);
  const swept = await analysed({
    factors: { hours: [10, 40] },
    metrics: { crashes: countMetric("hours") },
    analyses: [compareSpec("crashes", "hours")],
    value: ({ condition }) => Number(condition.hours) / 5,
  });
  assert.equal(
    swept.finding.levels.map(({ mean }) => mean),
    [0.2, 0.2],
  );
  near(swept.finding.comparisons[0]!.difference, 0, 9);
  assert.ok(swept.finding.comparisons[0]!.test!.p > 0.5);
});

test("verdict, p and interval agree under every pairing and number of cells; a ratio never contradicts them", async () => {
  for (let seed = 1; seed <= 40; seed += 1)
    for (const pairing of ["independent", "common-random-numbers"] as const) {
      const { finding } = await analysed({
        seed,
        pairing,
        replicates: 5 + (seed % 6),
        factors: { a: ["x", "y"], ...(seed % 2 === 0 && { b: [0, 1] }) },
        value: ({ condition, noise, replicateNoise }) =>
          Math.max(
            0,
            Math.round(3 + noise * (seed % 4) + 2 * replicateNoise + (condition.a === "y" ? 1.5 : 0)),
          ),
      });
      const { interval, test: tested, verdict, measures, difference } = finding.comparisons[0]!;
      const excludes = interval!.low > 0 || interval!.high < 0;
      assert.is(excludes, tested!.p < 0.05, `${seed} ${pairing} ${JSON.stringify([interval, tested])}`);
      assert.is(verdict, excludes ? "different" : "inconclusive");
      assert.ok(interval!.low <= difference! && difference! <= interval!.high);
      const ratio = measures[0]?.interval ?? null;
      if (ratio !== null) assert.is(ratio.low > 1 || ratio.high < 1, excludes);
    }
});

test("equivalence, and an effect over three levels", async () => {
  const { findings } = await analysed({
    factors: { a: ["x", "y", "z"] },
    replicates: 30,
    value: ({ replicate }) => 8 + (replicate % 5),
    analyses: [equivalentSpec("crashes", "a", 3), effectSpec("crashes", "a")],
  });
  const [equal, effect] = findings as readonly ComparisonFinding[];
  assert.ok(equal!.comparisons.every(({ verdict }) => verdict === "equivalent"));
  near(effect!.overall!.p, 1, 6);
});

test.run();
