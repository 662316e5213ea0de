// Nothing takes a report down: what cannot be computed or drawn is a sentence in its place, and the rest stands.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AnalysisSpec } from "../lib/experiment/analysis-spec.ts";
import type { CustomOutcome } from "../lib/experiment/custom-analysis.ts";
import { checksOf, junitOf } from "./export/junit.ts";
import { pageOf } from "./page/page.ts";
import { composeReport, type Report } from "./report.ts";
import {
  compareSpec,
  curveSpec,
  customSpec,
  effectSpec,
  equivalentSpec,
  gateSpec,
  interactionSpec,
  profileSpec,
  relationSpec,
} from "./testing/specs.ts";
import {
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "./testing/synthetic-results.ts";

const everything: readonly AnalysisSpec[] = [
  compareSpec("y", "a"),
  compareSpec("y", "a", { name: "classical", tests: "classical", baseline: { level: 0 } }),
  effectSpec("y", "a"),
  effectSpec("y", "a", { name: "classical effect", tests: "classical" }),
  interactionSpec("y", ["a", "b"]),
  equivalentSpec("y", "b", 0.5),
  relationSpec("y", "a"),
  profileSpec("y", "a", ["b"]),
  gateSpec("y", { kind: "above", bound: 0 }),
  gateSpec("y", { kind: "differ", across: "a", baseline: null }, { name: "differs" }),
];

async function reportOf(
  options: Partial<SyntheticOptions>,
  customs: Readonly<Record<string, CustomOutcome>> = {},
): Promise<Report> {
  const table = syntheticTable({
    name: "e",
    factors: { a: [0, 1], b: [0, 1] },
    replicates: 5,
    metrics: { y: numberMetric() },
    primary: "y",
    value: ({ noise }) => noise,
    analyses: everything,
    ...options,
  });
  return composeReport(syntheticResults([table]), { customs: { e: customs } });
}

/** Whole: each analysis has its finding, no fault, and the page and the files can be made. */
function assertWhole(report: Report): void {
  assert.equal(report.faults, []);
  assert.is(report.analysis.experiments[0]!.findings.length, everything.length);
  assert.ok(pageOf(report.analysis, report.charts).length > 1000);
  assert.not.match(JSON.stringify(report.analysis), /NaN|Infinity/);
}

test("the effect of a factor without effect never ends a report, whatever the noise", async () => {
  for (let seed = 1; seed <= 25; seed += 1) {
    const report = await reportOf({
      factors: { a: [0, 1, 2, 3, 4, 5, 6, 7] },
      replicates: 3,
      seed,
      analyses: [effectSpec("y", "a"), effectSpec("y", "a", { name: "classical", tests: "classical" })],
    });
    assert.equal(report.faults, []);
    for (const finding of report.analysis.experiments[0]!.findings)
      assert.ok(finding.kind === "effect" && finding.overallEffect !== null);
  }
});

for (const pairing of ["independent", "common-random-numbers"] as const)
  for (const [name, scale] of [
    ["1e200", 1e200],
    ["1e-200", 1e-200],
    ["the largest doubles", 1.5e307],
  ] as const)
    test(`metrics near ${name} are analysed or refused in words, ${pairing}`, async () => {
      const value = ({ condition, noise }: { condition: Readonly<Record<string, unknown>>; noise: number }) =>
        scale * (1 + Number(condition.a) + 0.1 * noise);
      assertWhole(await reportOf({ pairing, value }));
    });

test("two nearly constant arms are compared, and the report ends", async () => {
  for (const spread of [1e-3, 1e-6, 1e-9, 1e-12, 1e-15]) {
    const report = await reportOf({
      replicates: 10,
      value: ({ condition, noise }) => 1 + Number(condition.a) + spread * noise,
    });
    assertWhole(report);
  }
});

test("whatever doubles a metric holds, the report is whole", async () => {
  const size = fc.integer({ min: -300, max: 300 }).map((exponent) => 10 ** exponent);
  await fc.assert(
    fc.asyncProperty(size, size, fc.integer(), async (offset, spread, seed) => {
      const report = await reportOf({
        replicates: 3,
        seed,
        value: ({ condition, noise }) => offset * Number(condition.a) + spread * noise,
      });
      assertWhole(report);
    }),
    { numRuns: 12, seed: 3, examples: [[100, 1e-152, 21]] },
  );
});

test("a fault of labwright's own is a sentence in the place of its finding, undecided, and told apart", async () => {
  // A table with a value that is no JSON cannot be put into words: whatever throws there must not cost the rest.
  const broken = { tables: [{ rows: [{ count: 10n }] }] } as unknown as CustomOutcome;
  const report = await reportOf({ analyses: [customSpec("mine"), compareSpec("y", "a")] }, { mine: broken });
  const [mine, other] = report.analysis.experiments[0]!.findings;
  assert.is(mine!.kind, "unanswered");
  assert.match(
    mine!.sentences[0]!,
    /^mine: not answered, because labwright failed to compute it \(TypeError: /,
  );
  assert.is(other!.kind, "compare");
  assert.equal(
    report.faults.map(({ kind, about }) => [kind, about]),
    [["finding", "mine"]],
  );
  assert.equal(
    checksOf(report.analysis).map(({ verdict }) => verdict),
    ["undecided"],
  );
  assert.match(junitOf(report.analysis), /<failure type="undecided" message="mine: not answered/);
});

test("a custom analysis that failed is named in its place", async () => {
  const report = await reportOf(
    { analyses: [customSpec("mine"), compareSpec("y", "a")] },
    { mine: { failure: "it ended its process with code 7" } },
  );
  const page = pageOf(report.analysis, report.charts);
  assert.match(page, /mine: not answered, because its function failed: it ended its process with code 7\./);
  assert.is(report.analysis.experiments[0]!.findings[1]!.kind, "compare");
});

test("a series that cannot be read costs its curve alone", async () => {
  const report = await reportOf({
    analyses: [curveSpec("rounds", "t", "y"), compareSpec("y", "a")],
    series: ["rounds"],
  });
  assert.match(
    report.analysis.experiments[0]!.findings[0]!.sentences[0]!,
    /not answered, because the series rounds cannot be read: /,
  );
  assert.equal(report.faults, []);
});

test("a relation on a logarithm names the levels that have none", async () => {
  const report = await reportOf({
    factors: { rate: [-1, 0, 0.1, 1] },
    analyses: [relationSpec("y", [{ name: "rate", scale: "log" }])],
  });
  assert.match(
    report.analysis.experiments[0]!.findings[0]!.sentences[0]!,
    /not answered, because rate has the levels -1 and 0, which have no logarithm/,
  );
});

test("findings whose names differ only in letters that an id cannot hold have ids and charts of their own", async () => {
  const report = await reportOf({
    analyses: [
      compareSpec("y", "a", { name: "比較" }),
      compareSpec("y", "b", { name: "比 較" }),
      compareSpec("y", "a", { name: "x".repeat(300) }),
      compareSpec("y", "b", { name: `${"x".repeat(300)}y` }),
    ],
  });
  const ids = report.analysis.experiments[0]!.findings.map(({ id }) => id);
  assert.is(new Set(ids).size, 4);
  const charts = report.charts.map(({ chart }) => chart.id);
  assert.is(new Set(charts).size, charts.length);
  assert.ok([...ids, ...charts].every((id) => id.length <= 125 && /^[a-z0-9-]+$/.test(id)));
});

test.run();
