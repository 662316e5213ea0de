// Censored outcomes, from a table to a finding: R's numbers on published data, nothing dropped, and agreement of p, interval and verdict.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { compareSpec, effectSpec, equivalentSpec } from "../../../testing/specs.ts";
import {
  normals,
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "../../../testing/synthetic-results.ts";
import type { ExperimentAnalysis } from "../../analysis.ts";
import { analyze } from "../../analyze.ts";
import type { ComparisonFinding } from "../../finding.ts";

const near = (actual: number | null | undefined, expected: number, digits: number): void =>
  assert.ok(
    Math.abs((actual ?? Number.NaN) - expected) < 0.5 * 10 ** -digits,
    `${actual} is not ${expected}`,
  );

// Weeks in remission (Freireich et al. 1963, as printed by Gehan 1965); a negative time is censored.
const remission = {
  drug: [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35],
  placebo: [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23],
};

async function analysisOf(
  times: Readonly<Record<string, readonly number[]>>,
  more: Partial<SyntheticOptions> = {},
): Promise<ExperimentAnalysis> {
  const at = (condition: Readonly<Record<string, unknown>>, replicate: number) =>
    times[String(condition.arm)]![replicate]!;
  const table = syntheticTable({
    factors: { arm: Object.keys(times) },
    replicates: Object.values(times)[0]!.length,
    metrics: { weeks: numberMetric() },
    value: ({ condition, replicate }) => Math.abs(at(condition, replicate)),
    cap: ({ condition, replicate }) => {
      const own = at(condition, replicate);
      return own < 0 ? -own : null;
    },
    analyses: [compareSpec("weeks", "arm")],
    ...more,
  });
  return (await analyze(syntheticResults([table]))).experiments[0]!;
}

const first = ({ findings }: ExperimentAnalysis): ComparisonFinding => findings[0] as ComparisonFinding;

test("the remission times give R's log-rank test, hazard ratio and restricted means", async () => {
  const analysis = await analysisOf(remission);
  const finding = first(analysis);
  const [comparison] = finding.comparisons;
  near(comparison!.test!.statistic, 16.793, 3);
  assert.match(comparison!.test!.method, /log-rank test/);
  assert.is(comparison!.measures[0]!.name, "hazard ratio");
  // Placebo over drug: the inverse of exp(-1.57213).
  near(comparison!.measures[0]!.value, Math.exp(1.57213), 4);
  assert.is(finding.estimand.name, "difference of restricted means up to 35");
  // survival 3.5: print(survfit(...), rmean = 35) gives 23.287 and 8.667.
  near(finding.levels[0]!.mean, 23.287, 3);
  near(finding.levels[1]!.mean, 8.667, 3);
  near(comparison!.difference, 8.6667 - 23.2873, 3);
  const [drug, placebo] = analysis.metrics[0]!.cells;
  assert.equal([drug!.n, drug!.censored, drug!.median], [21, 12, 23]);
  assert.equal([placebo!.n, placebo!.censored, placebo!.median], [21, 0, 8]);
});

test("32 of 40 slow runs at the cap are evidence: they are not dropped, in any design", async () => {
  const draw = normals(8);
  const exponential = (mean: number) => {
    const u = (draw() ** 2 + draw() ** 2) / 2;
    return mean * u;
  };
  const capped = (mean: number) =>
    Array.from({ length: 40 }, () => {
      const value = exponential(mean);
      return value >= 10 ? -10 : value;
    });
  const times = { slow: capped(60), fast: capped(5) };
  for (const pairing of ["independent", "common-random-numbers"] as const) {
    const finding = first(await analysisOf(times, { pairing }));
    const [comparison] = finding.comparisons;
    assert.equal(
      finding.levels.map(({ n }) => n),
      [40, 40],
    );
    assert.is(comparison!.verdict, "different");
    assert.ok(comparison!.test!.p < 1e-6, String(comparison!.test!.p));
    assert.ok(comparison!.interval!.high < 0);
    assert.match(finding.sentences[0]!, /weeks up to 10 −/);
    assert.ok(
      finding.notes.some((note) => /trials were censored \(slow: \d+ of 40; fast: \d+ of 40\)/.test(note)),
    );
  }
});

test("p, interval, hazard ratio and verdict agree, whatever the times and the pairing", async () => {
  const time = fc.integer({ min: 1, max: 20 }).chain((value) => fc.constantFrom(value, value, -value));
  const arm = fc.array(time, { minLength: 8, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(arm, arm, arm, fc.boolean(), async (a, b, c, isPaired) => {
      const analysis = await analysisOf(
        { a, b, c },
        {
          pairing: isPaired ? "common-random-numbers" : "independent",
          analyses: [
            compareSpec("weeks", "arm"),
            effectSpec("weeks", "arm"),
            equivalentSpec("weeks", "arm", 3),
          ],
        },
      );
      for (const { test: own, pAdjusted, adjustedInterval, verdict, measures, effect } of first(analysis)
        .comparisons) {
        if (own === null || pAdjusted === null || adjustedInterval === null) continue;
        assert.is(verdict === "different", pAdjusted < 0.05);
        const { low, high } = adjustedInterval;
        assert.ok(pAdjusted < 0.05 ? low >= 0 || high <= 0 : low <= 0 && high >= 0);
        assert.is(effect, measures[0] ?? null);
      }
    }),
    { numRuns: 60 },
  );
});

test("the curves of a finding are R's: share and limits at 6 weeks, ticks where trials were cut, numbers at risk", async () => {
  const { survival } = first(await analysisOf(remission));
  const [drug, placebo] = survival;
  const six = drug!.points.find(({ time }) => time === 6)!;
  near(six.share, 0.8571, 4);
  near(six.low, 0.6197, 4);
  near(six.high, 0.9516, 4);
  assert.equal([drug!.n, drug!.censored, drug!.cuts[0]], [21, 12, { time: 6, share: six.share }]);
  assert.equal(placebo!.cuts, []);
  assert.equal(
    placebo!.atRisk.map(({ time, n }) => [time, n]),
    [0, 10, 20, 30].map((week) => [week, remission.placebo.filter((own) => own >= week).length]),
  );
});

test("hazards that cross have no hazard ratio, and the finding says why", async () => {
  const early = [1, 1, 1, 2, 2, 2, 3, 3, -30, -30, -30, -30, -30, -30, -30, -30];
  const late = [10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, -30];
  const finding = first(await analysisOf({ early, late }));
  assert.equal(finding.comparisons[0]!.measures, []);
  assert.match(finding.assumptions[0]!.verdict, /not proportional/);
});

test("other metrics of a censored trial count, and a metric without bounds is as before", async () => {
  const analysis = await analysisOf(remission, {
    metrics: { weeks: numberMetric(), other: numberMetric() },
    cap: ({ metric, replicate }) => (metric === "weeks" && replicate < 5 ? 3 : null),
  });
  assert.equal(
    analysis.metrics.map(({ censoring }) => censoring),
    [{ horizon: 35, trials: 6 }, undefined],
  );
  assert.equal(
    analysis.metrics[1]!.cells.map(({ n }) => n),
    [21, 21],
  );
});
test.run();
