// The drawing itself is read back: marks must stand where the analysis says, to a hundred-thousandth of the axis.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { analyze } from "../analysis/analyze.ts";
import { svgOf } from "../export/svg.ts";
import { axisScale, rulesOf, sameNumbers, symbolsOf } from "../testing/read-svg.ts";
import {
  numberMetric,
  patienceTable,
  syntheticResults,
  syntheticTable,
} from "../testing/synthetic-results.ts";
import { conditionCharts } from "./condition-charts.ts";
import { pointsChart } from "./points.ts";

test("means, intervals and raw points stand in the drawing where the analysis has them", async () => {
  const [experiment] = (await analyze(syntheticResults([patienceTable()]))).experiments;
  const metric = experiment!.metrics[0]!;
  const svg = await svgOf(pointsChart(experiment!, metric)!);
  const x = axisScale(svg, "x");
  const tolerance = 1e-5;
  sameNumbers(
    symbolsOf(svg, "means").map((mark) => x.valueAt(mark.x)),
    metric.cells.map((cell) => cell.mean!),
    tolerance,
  );
  const rules = rulesOf(svg, "intervals");
  sameNumbers(
    rules.map((rule) => x.valueAt(rule.x)),
    metric.cells.map((cell) => cell.interval!.low),
    tolerance,
  );
  sameNumbers(
    rules.map((rule) => x.valueAt(rule.x2)),
    metric.cells.map((cell) => cell.interval!.high),
    tolerance,
  );
  sameNumbers(
    symbolsOf(svg, "dots").map((mark) => x.valueAt(mark.x)),
    metric.cells.flatMap((cell) => cell.points),
    tolerance,
  );
});

test("the text beside the drawing has the same numbers", async () => {
  const [experiment] = (await analyze(syntheticResults([patienceTable()]))).experiments;
  const chart = pointsChart(experiment!, experiment!.metrics[0]!)!;
  assert.match(chart.alt, /2 · 0: mean 0\.088 \[0\.060, 0\.115\], n = 50/);
  assert.match(chart.caption, /95% confidence interval \(t interval; 50 values a row\)/);
});

test("ten thousand conditions stand in the order of their means, at most 400 of them", async () => {
  const table = syntheticTable({
    factors: { a: Array.from({ length: 10 }, (_, i) => i), b: Array.from({ length: 1000 }, (_, i) => i) },
    replicates: 2,
    metrics: { m: numberMetric() },
    value: ({ noise }) => noise,
  });
  const [experiment] = (await analyze(syntheticResults([table]))).experiments;
  const [chart] = conditionCharts(experiment!, experiment!.metrics[0]!);
  assert.match(chart!.caption, /400 of 10000 conditions, at evenly spaced ranks/);
  const svg = await svgOf(chart!);
  const y = axisScale(svg, "y");
  const means = symbolsOf(svg, "means").map((mark) => y.valueAt(mark.y));
  assert.is(means.length, 400);
  const all = experiment!.metrics[0]!.cells.map(({ mean }) => mean!);
  assert.ok(
    Math.abs(means[0]! - Math.max(...all)) < 1e-4 && Math.abs(means.at(-1)! - Math.min(...all)) < 1e-4,
  );
  assert.ok(means.every((mean, i) => i === 0 || mean <= means[i - 1]! + 1e-9));
  assert.ok(svg.length < 1_000_000, `${svg.length} characters`);
});

test("drawn twice, a chart is the same text, and no two drawings share an id", async () => {
  const [experiment] = (await analyze(syntheticResults([patienceTable({ replicates: 5 })]))).experiments;
  const [first, second] = experiment!.metrics.map((metric) => pointsChart(experiment!, metric)!);
  const svg = await svgOf(first!);
  const other = await svgOf(second!);
  assert.is(await svgOf(first!), svg);
  const idsOf = (text: string) => [...text.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
  assert.ok(idsOf(svg).length > 0);
  assert.equal(
    idsOf(svg).filter((id) => idsOf(other).includes(id)),
    [],
  );
});

test.run();
