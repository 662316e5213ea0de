// What a report does with more than a reader can take in: it ranks, samples and draws the first, and says what it left out.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { analyze } from "./analysis/analyze.ts";
import type { ComparisonFinding } from "./analysis/finding.ts";
import { pageOf } from "./page/page.ts";
import { composeReport } from "./report.ts";
import { compareSpec, effectSpec, profileSpec } from "./testing/specs.ts";
import {
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "./testing/synthetic-results.ts";

const levels = (n: number) => Array.from({ length: n }, (_, i) => i);

const tableOf = (options: Partial<SyntheticOptions>) =>
  syntheticTable({
    name: "e",
    factors: { a: levels(2) },
    replicates: 3,
    metrics: { y: numberMetric() },
    value: ({ condition, noise }) => Number(condition.a) + 0.1 * noise,
    ...options,
  });

test("all pairs of 45 levels are compared, those of 46 are ranked, and a baseline has its comparisons whatever the number", async () => {
  for (const [n, pairs, leftOut] of [
    [45, 990, 0],
    [46, 0, 1035],
  ] as const) {
    const table = tableOf({ factors: { a: levels(n) }, replicates: 2, analyses: [compareSpec("y", "a")] });
    const { analysis } = await composeReport(syntheticResults([table]));
    const finding = analysis.experiments[0]!.findings[0] as ComparisonFinding;
    assert.equal([finding.comparisons.length, finding.pairsLeftOut], [pairs, leftOut]);
  }
  const table = tableOf({
    factors: { a: levels(120) },
    analyses: [
      compareSpec("y", "a"),
      compareSpec("y", "a", { name: "based", baseline: { level: 7 } }),
      effectSpec("y", "a"),
    ],
  });
  const { analysis, faults } = await composeReport(syntheticResults([table]));
  assert.equal(faults, []);
  const [ranked, based] = analysis.experiments[0]!.findings as [ComparisonFinding, ComparisonFinding];
  assert.match(
    ranked.sentences[0]!,
    /^y across a: highest for 11\d \(.*\), .*; lowest for [0-3] \(.*\)\. Over all levels at once: /,
  );
  assert.match(
    ranked.sentences[1]!,
    /^The 7140 pairs of 120 levels are not compared one by one, .*name a `baseline`/,
  );
  assert.is(based.comparisons.length, 119);
});

test("a profile of more levels than it can show says so in its place", async () => {
  const table = tableOf({
    factors: { a: levels(201) },
    replicates: 2,
    analyses: [profileSpec("y", "a", [])],
  });
  const { analysis } = await composeReport(syntheticResults([table]));
  assert.match(
    analysis.experiments[0]!.findings[0]!.sentences[0]!,
    /a profile of 201 levels of a is not made, at most 200/,
  );
});

test("samples that are too large to resample have their t interval, and the page says what is left out", async () => {
  const table = tableOf({
    replicates: 20_001,
    analyses: [compareSpec("y", "a"), compareSpec("y", "a", { name: "c", tests: "classical" })],
  });
  const { analysis, charts } = await composeReport(syntheticResults([table]));
  const [finding] = analysis.experiments[0]!.findings as [ComparisonFinding];
  const methods = finding.comparisons[0]!.robustness.map(({ method }) => method);
  assert.ok(methods.length > 1 && !methods.some((method) => /bootstrap|Mann/.test(method)), methods.join());
  assert.match(
    pageOf(analysis, charts),
    /Samples of more than 20,000 values are neither resampled nor ranked/,
  );
});

test("a page of many parts, each with many comparisons, stays small and says what it leaves out", async () => {
  const table = tableOf({
    factors: { a: levels(70), b: levels(15) },
    replicates: 2,
    analyses: [compareSpec("y", "a", { by: ["b"], baseline: { level: 0 } })],
  });
  const { experiments, provenance } = await analyze(syntheticResults([table]));
  const page = pageOf({ version: 1, experiments, provenance }, []);
  assert.ok(page.length < 1_500_000, `${page.length} letters`);
  assert.match(page, /and 935 more rows.*all of them are in the CSV and JSON files/s);
  assert.match(page, /The tables of 3 further parts are in the CSV and JSON files/);
});

test("of many experiments each has its first pictures, and each says how many are not drawn", async () => {
  const tables = Array.from({ length: 5 }, (_, i) =>
    tableOf({ name: `e${i}`, replicates: 2, analyses: [compareSpec("y", "a")] }),
  );
  const report = await composeReport(syntheticResults(tables), { chartsMax: 12 });
  assert.is(report.charts.length, 12);
  const counts = tables.map(
    ({ experiment }) => report.charts.filter((chart) => chart.experiment === experiment.name).length,
  );
  assert.ok(counts.every((count) => count === 2 || count === 3));
  assert.ok(report.charts.some(({ about, experiment }) => experiment === "e4" && about.kind === "finding"));
  const page = pageOf(report.analysis, report.charts, report);
  assert.is([...page.matchAll(/charts of this experiment are not drawn/g)].length, 5);
});

test.run();
