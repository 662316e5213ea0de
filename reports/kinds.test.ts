// Every kind of analysis is whole: a door for authors, a finding, a picture where one can be drawn, a section of the page, rows in the
// file for machines and a sentence when there is no answer. A kind added in one place only fails here or does not compile.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AnalysisSpec } from "../lib/experiment/analysis-spec.ts";
import { analysisDoorOf } from "../lib/experiment/declare-analyses.ts";
import { analysisKinds } from "./analysis/kinds/kinds.ts";
import { findingCharts } from "./chart/finding-charts.ts";
import { findingRows, findingsCsvOf } from "./export/finding-rows.ts";
import { pageOf } from "./page/page.ts";
import { composeReport } from "./report.ts";
import { fullResults } from "./testing/full-results.ts";
import { chartSpec, customSpec } from "./testing/specs.ts";

const results = fullResults("independent");
const table = results.tables[0]!;
const analyses: readonly AnalysisSpec[] = [
  ...table.experiment.analyses,
  customSpec("mine"),
  chartSpec("picture"),
];
const report = await composeReport(
  { ...results, tables: [{ ...table, experiment: { ...table.experiment, analyses } }] },
  {
    customs: {
      patience: {
        mine: { estimate: 0.25, interval: [0.1, 0.4], tables: [{ rows: [{ tau: 1.5 }] }] },
        picture: {
          spec: {
            mark: "point",
            description: "Dots of scores.",
            data: { values: [{ a: 1 }] },
            encoding: { x: { field: "a", type: "quantitative" } },
          },
        },
      },
    },
  },
);
const experiment = report.analysis.experiments[0]!;
const page = pageOf(report.analysis, report.charts, report);

/** The function of the door, the kind of the finding and whether it has a picture, by the kind of the specification. */
const expected: Readonly<
  Record<AnalysisSpec["kind"], { readonly door: string; readonly finding: string; readonly isDrawn: boolean }>
> = {
  compare: { door: "compare", finding: "compare", isDrawn: true },
  mainEffect: { door: "mainEffect", finding: "effect", isDrawn: true },
  interaction: { door: "interaction", finding: "interaction", isDrawn: true },
  equivalent: { door: "equivalent", finding: "equivalent", isDrawn: true },
  curve: { door: "curve", finding: "curve", isDrawn: true },
  relation: { door: "relation", finding: "relation", isDrawn: true },
  profile: { door: "profile", finding: "profile", isDrawn: true },
  expect: { door: "expect", finding: "gate", isDrawn: false },
  custom: { door: "custom", finding: "custom", isDrawn: false },
  chart: { door: "chart", finding: "chart", isDrawn: true },
};

test("the fixture holds every kind, and no other is known", () => {
  const kinds = Object.keys(expected).sort();
  assert.equal([...new Set(analyses.map(({ kind }) => kind))].sort(), kinds);
  assert.equal(Object.keys(analysisKinds).sort(), kinds);
});

const known = { factors: [], metrics: {}, series: {}, primary: null } as unknown as Parameters<
  typeof analysisDoorOf
>[0];

for (const [kind, { door, finding: findingKind, isDrawn }] of Object.entries(expected)) {
  const finding = experiment.findings.find((one) => one.kind === findingKind)!;
  test(`${kind} has a door`, () => {
    assert.type(Reflect.get(analysisDoorOf(known), door), "function");
  });
  test(`${kind} has a finding whose sentences stand in its section of the page`, () => {
    assert.ok(finding.sentences.length > 0);
    const section = page.slice(page.indexOf(`id="finding-${finding.id}"`)).replaceAll(/<[^>]*>/g, "");
    assert.ok(page.includes(`id="finding-${finding.id}"`), finding.id);
    const first = finding.sentences[0]!.replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll("'", "&#39;");
    assert.ok(
      section.replaceAll("&gt;", ">").includes(first.replaceAll("&#39;", "'")) || section.includes(first),
    );
  });
  test(`${kind} has ${isDrawn ? "a picture" : "no picture, its words say all"}`, () => {
    // Of two analyses with the same picture the report draws it for the first.
    const drawn = findingCharts(experiment, finding).filter((chart) => chart !== null);
    assert.is(drawn.length > 0, isDrawn);
  });
  test(`${kind} has rows in the file for machines`, () => {
    assert.ok(findingRows(finding).length > 0);
    assert.ok(
      findingsCsvOf(report.analysis).includes(`patience,${finding.title}`) || finding.title.includes(","),
    );
  });
  test(`${kind} says why it has no answer`, () => {
    const spec = analyses.find((one) => one.kind === kind)!;
    const why = { why: "the moon is full", fault: null };
    const missing = (
      analysisKinds[spec.kind] as { unanswered(spec: AnalysisSpec, why: object): typeof finding }
    ).unanswered(spec, why);
    assert.match(missing.sentences.join(" "), /the moon is full/);
    assert.ok(findingRows(missing).length > 0);
  });
}

test.run();
