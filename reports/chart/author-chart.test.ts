// A chart of the author's: drawn in the theme and by its rows, the same every time, and never anything that loads or runs.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { chartSpecProblem, type VegaLiteSpec } from "../../lib/experiment/vega-lite-spec.ts";
import { composeReport } from "../report.ts";
import { axisScale, sameNumbers, symbolsOf } from "../testing/read-svg.ts";
import { chartSpec } from "../testing/specs.ts";
import { numberMetric, syntheticResults, syntheticTable } from "../testing/synthetic-results.ts";

const table = syntheticTable({
  name: "patience",
  factors: { a: [1, 2] },
  replicates: 2,
  metrics: { m: numberMetric() },
  value: ({ noise }) => noise,
  analyses: [chartSpec("mine")],
});
const reportOf = (spec: object) =>
  composeReport(syntheticResults([table]), {
    // As it could stand in a stored file.
    customs: { patience: { mine: { spec: spec as VegaLiteSpec } } },
  });
const dots: VegaLiteSpec = {
  title: "Scores of mine",
  description: "Each dot is one trial.",
  data: { values: [3, 1, 4, 1.5].map((score, i) => ({ i, score })) },
  mark: "point",
  encoding: {
    x: { field: "i", type: "quantitative" },
    y: { field: "score", type: "quantitative", scale: { zero: false } },
    color: { field: "i", type: "nominal" },
  },
};

test("its marks stand at its numbers, in the inks of the report, with its own words around it", async () => {
  const { charts, faults } = await reportOf(dots);
  assert.equal(faults, []);
  const { chart, svg, about } = charts.find(({ chart: { id } }) => id === "patience-mine-chart")!;
  assert.equal(about, { kind: "finding", name: "mine" });
  assert.is(chart.title, "Scores of mine");
  assert.is(chart.caption, "Each dot is one trial.");
  const y = axisScale(svg, "y");
  const marks = [...svg.matchAll(/mark-symbol role-mark marks"[^>]*>(.*?)<\/g>/gs)][0]![1]!;
  sameNumbers(
    [...marks.matchAll(/translate\([^,]+,([^)]+)\)/g)].map(([, at]) => y.valueAt(Number(at))),
    [3, 1, 4, 1.5],
    1e-6,
  );
  assert.match(svg, /var\(--c1\)/);
  assert.ok(symbolsOf(svg, "nothing").length === 0);
});

test("error bars that are bootstrapped are the same every time", async () => {
  const bars = {
    ...dots,
    mark: { type: "errorbar", extent: "ci" },
    encoding: { y: { field: "score", type: "quantitative" } },
  };
  const draw = async () =>
    (await reportOf(bars)).charts.find(({ chart: { id } }) => id.endsWith("mine-chart"))!.svg;
  assert.is(await draw(), await draw());
});

test("what Vega-Lite refuses is a fault of the chart; the rest of the report stands", async () => {
  const { faults, charts } = await reportOf({
    ...dots,
    encoding: { x: { field: "i", type: "ordinall", scale: { type: "nought" } } },
  });
  assert.ok(charts.length > 1);
  assert.ok(faults.length <= 1);
});

const refusals: Readonly<Record<string, readonly [spec: object, words: RegExp]>> = {
  "rows from elsewhere": [
    { ...dots, data: { url: "https://example.org/x.csv" } },
    /its data\.url: a chart loads nothing/,
  ],
  "a picture": [
    { ...dots, mark: { type: "image", url: "x.png" } },
    /its mark is "image"; expected one of arc/,
  ],
  "a link": [{ ...dots, encoding: { href: { field: "i" } } }, /its encoding\.href: a chart links to nothing/],
  "an expression": [
    { ...dots, transform: [{ calculate: "datum.i * 2", as: "j" }] },
    /its transform\[0\]\.calculate: a chart holds no expressions/,
  ],
  "a filter in words": [
    { ...dots, transform: [{ filter: "datum.i > 2" }] },
    /its transform\[0\]\.filter: .*use a predicate/,
  ],
  "a filter in words within others": [
    { ...dots, transform: [{ filter: { or: ["true", { field: "i", gt: 1 }] } }] },
    /filter\.or/,
  ],
  "a signal": [{ ...dots, width: { signal: "1e9" } }, /its width\.signal/],
  "a fill that is fetched": [
    { ...dots, mark: { type: "bar", color: "url(https://example.org/x.svg#a)" } },
    /its mark\.color: a chart loads nothing/,
  ],
  "a size for no page": [{ ...dots, width: 1e7 }, /its width is 10000000; expected pixels up to 4000/],
  "nothing to draw": [{ data: { values: [] } }, /draws nothing/],
  "a part that is none": [{ ...dots, encodings: {} }, /its encodings: no part of a specification/],
  "no object": [[1], /it returned \[1\]/],
};

for (const [name, [spec, words]] of Object.entries(refusals))
  test(`${name} is refused in words, also from a stored file`, async () => {
    assert.match(chartSpecProblem(spec) ?? "", words);
    const { analysis, faults } = await reportOf(spec);
    assert.equal(faults, []);
    const [finding] = analysis.experiments[0]!.findings;
    assert.is(finding!.kind, "unanswered");
    assert.match(finding!.sentences[0]!, words);
  });

test("texts in rows are drawn as texts, whatever they say", async () => {
  const text = fc.constantFrom(
    "https://example.org",
    "url(x)",
    "javascript:alert(1)",
    "<script>alert(1)</script>",
    `"/><image href="x"/>`,
    "datum.i",
  );
  await fc.assert(
    fc.asyncProperty(text, async (label) => {
      const { charts, faults } = await reportOf({
        data: { values: [{ label }] },
        mark: { type: "text" },
        encoding: { text: { field: "label" } },
      });
      assert.equal(faults, []);
      const { svg } = charts.find(({ chart: { id } }) => id.endsWith("mine-chart"))!;
      assert.not.match(svg, /<script|<image/);
    }),
    { numRuns: 6 },
  );
});

test("a colour from the rows that would be fetched stops the drawing", async () => {
  const { faults } = await reportOf({
    data: { values: [{ a: 1, colour: "url(https://example.org/x.svg#a)" }] },
    mark: "bar",
    encoding: { x: { field: "a", type: "quantitative" }, color: { field: "colour", scale: null } },
  });
  assert.match(faults[0]!.message, /would load or run something/);
});

test.run();
