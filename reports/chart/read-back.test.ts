// Every chart that is not read back beside its own module: what is drawn stands where the analysis has it. Lines are drawn to a
// thousandth of a pixel, so their tolerance is that of the axis.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { normalQuantile } from "../../lib/stats/distribution/normal.ts";
import { quantile } from "../../lib/stats/quantile.ts";
import { analyze } from "../analysis/analyze.ts";
import type {
  ComparisonFinding,
  CurveFinding,
  ProfileFinding,
  RelationFinding,
} from "../analysis/finding.ts";
import { svgOf } from "../export/svg.ts";
import { fullResults } from "../testing/full-results.ts";
import { axisScale, barsOf, pathsOf, rulesOf, sameNumbers, symbolsOf } from "../testing/read-svg.ts";
import { chartsOf } from "./charts.ts";
import { densityOf } from "./density.ts";

const analysis = await analyze(fullResults("independent"));
const experiment = analysis.experiments[0]!;
const leading = experiment.metrics[0]!;
const svgOfChart = (ending: string): Promise<string> => {
  const found = chartsOf(experiment).find(({ chart }) => chart.id.endsWith(ending));
  if (found === undefined) throw new Error(`there is no chart ${ending}`);
  return svgOf(found.chart);
};
const findingOf = <T>(kind: string): T =>
  // The fixture declares these kinds; the caller names the type.
  experiment.findings.find((finding) => finding.kind === kind) as T;
const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

test("box plots: quartiles, medians and whiskers", async () => {
  const svg = await svgOfChart("-profitgain-box");
  const x = axisScale(svg, "x");
  const boxes = rulesOf(svg, "boxes");
  const cells = leading.cells;
  sameNumbers(
    boxes.map((box) => x.valueAt(box.x)),
    cells.map(({ q1 }) => q1!),
    1e-6,
  );
  sameNumbers(
    boxes.map((box) => x.valueAt(box.x2)),
    cells.map(({ q3 }) => q3!),
    1e-6,
  );
  sameNumbers(
    barsOf(svg, "medians").map(({ x: left, width }) => x.valueAt(left + width / 2)),
    cells.map(({ median }) => median!),
    1e-6,
  );
  const whiskers = rulesOf(svg, "whiskers");
  cells.forEach(({ q1, q3, points }, i) => {
    const reach = 1.5 * (q3! - q1!);
    const inside = points.filter((value) => value >= q1! - reach && value <= q3! + reach);
    near(x.valueAt(whiskers[i]!.x), Math.min(...inside), 1e-6);
    near(x.valueAt(whiskers[i]!.x2), Math.max(...inside), 1e-6);
  });
});

test("violins: medians, quartiles, and a width in proportion to the density", async () => {
  const svg = await svgOfChart("-profitgain-violin");
  const x = axisScale(svg, "x");
  const cells = leading.cells;
  sameNumbers(
    symbolsOf(svg, "medians").map((mark) => x.valueAt(mark.x)),
    cells.map(({ median }) => median!),
    1e-6,
  );
  sameNumbers(
    rulesOf(svg, "quartiles").flatMap((bar) => [x.valueAt(bar.x), x.valueAt(bar.x2)]),
    cells.flatMap(({ q1, q3 }) => [q1!, q3!]),
    1e-6,
  );
  const shapes = pathsOf(svg, "violins");
  assert.is(shapes.length, cells.length);
  const densities = cells.map(({ points }) => densityOf(points)!);
  const densest = Math.max(...densities.flat().map(({ height }) => height));
  shapes.forEach((outline, row) => {
    // The outline goes along one side and back along the other.
    const side = outline.slice(0, outline.length / 2);
    const back = outline.slice(outline.length / 2).reverse();
    densities[row]!.forEach(({ value, height }, i) => {
      near(x.valueAt(side[i]!.x), value, 1e-4);
      near(Math.abs(back[i]!.y - side[i]!.y), (2 * 0.42 * 48 * height) / densest, 0.01);
    });
  });
});

test("the density is that of the kernel formula, and nearly all of it lies within the data", () => {
  const values = [1, 2, 2.5, 3, 7];
  const density = densityOf(values)!;
  const mean = 3.1;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4);
  const width = 0.9 * Math.min(sd, (quantile(values, 0.75) - quantile(values, 0.25)) / 1.34) * 5 ** -0.2;
  const at = density[20]!;
  near(at.value, 3);
  const kernel = (u: number) => Math.exp(-(u ** 2) / 2) / Math.sqrt(2 * Math.PI);
  const expected = values.reduce((sum, value) => sum + kernel((3 - value) / width), 0) / (5 * width);
  near(at.height, expected, 1e-12);
  assert.is(densityOf([2, 2, 2]), null);
});

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);

test("panels: every mean, interval and dot is that of one condition", async () => {
  const svg = await svgOfChart("compare-profitgain-across-discount-panels");
  const y = axisScale(svg, "y");
  const { cells } = leading;
  sameNumbers(
    sorted(symbolsOf(svg, "means").map((mark) => y.valueAt(mark.y))),
    sorted(cells.map(({ mean }) => mean!)),
    1e-6,
  );
  sameNumbers(
    sorted(rulesOf(svg, "intervals").flatMap((rule) => [y.valueAt(rule.y), y.valueAt(rule.y2)])),
    sorted(cells.flatMap(({ interval }) => [interval!.low, interval!.high])),
    1e-6,
  );
  sameNumbers(
    sorted(symbolsOf(svg, "dots").map((mark) => y.valueAt(mark.y))),
    sorted(cells.flatMap(({ points }) => points)),
    1e-6,
  );
});

test("levels: means, intervals and a tick for each condition", async () => {
  const svg = await svgOfChart("compare-profitgain-across-discount-levels");
  const x = axisScale(svg, "x");
  const { levels } = findingOf<ComparisonFinding>("compare");
  sameNumbers(
    symbolsOf(svg, "means").map((mark) => x.valueAt(mark.x)),
    levels.map(({ mean }) => mean!),
    1e-6,
  );
  sameNumbers(
    rulesOf(svg, "intervals").flatMap((rule) => [x.valueAt(rule.x), x.valueAt(rule.x2)]),
    levels.flatMap(({ interval }) => [interval!.low, interval!.high]),
    1e-6,
  );
  assert.is(barsOf(svg, "cells").length, leading.cells.length);
  sameNumbers(
    sorted(barsOf(svg, "cells").map((tick) => x.valueAt(tick.x + tick.width / 2))),
    sorted(leading.cells.map(({ mean }) => mean!)),
    1e-6,
  );
});

test("relation: the line and its band", async () => {
  const svg = await svgOfChart("-relation");
  const [x, y] = [axisScale(svg, "x"), axisScale(svg, "y")];
  const { fit, points } = findingOf<RelationFinding>("relation");
  const [line] = pathsOf(svg, "line");
  sameNumbers(
    line!.flatMap((point) => [x.valueAt(point.x), y.valueAt(point.y)]),
    fit.flatMap((point) => [point.x, point.y]),
    1e-4,
  );
  const [band] = pathsOf(svg, "band");
  sameNumbers(
    band!.slice(0, fit.length).map((point) => y.valueAt(point.y)),
    fit.map(({ low }) => low),
    1e-4,
  );
  sameNumbers(
    band!
      .slice(fit.length)
      .reverse()
      .map((point) => y.valueAt(point.y)),
    fit.map(({ high }) => high),
    1e-4,
  );
  assert.is(symbolsOf(svg, "dots").length, points.length);
});

test("performance profiles: the share above each score, and the band", async () => {
  const svg = await svgOfChart("-profile");
  const y = axisScale(svg, "y");
  const { groups } = findingOf<ProfileFinding>("profile");
  const lines = pathsOf(svg, "lines");
  const bands = pathsOf(svg, "bands");
  groups.forEach(({ profile }, i) => {
    sameNumbers(
      lines[i]!.map((point) => y.valueAt(point.y)),
      profile.map(({ share }) => share),
      1e-4,
    );
    sameNumbers(
      bands[i]!.map((point) => y.valueAt(point.y)),
      [...profile.map(({ low }) => low), ...profile.map(({ high }) => high).reverse()],
      1e-4,
    );
  });
});

test("cumulative distributions rise by one share a value", async () => {
  const svg = await svgOfChart("-ecdf");
  const [x, y] = [axisScale(svg, "x"), axisScale(svg, "y")];
  const lines = pathsOf(svg, "steps");
  leading.cells.forEach(({ points }, i) => {
    const sorted = [...points].sort((a, b) => a - b);
    // Each step is a way to the right and a way up: the ends of the ways up are the values.
    const tops = lines[i]!.filter((_, at) => at % 2 === 0);
    sameNumbers(
      tops.map((point) => x.valueAt(point.x)),
      sorted,
      1e-4,
    );
    sameNumbers(
      tops.map((point) => y.valueAt(point.y)),
      sorted.map((_, rank) => (rank + 1) / sorted.length),
      1e-4,
    );
  });
});

test("residuals stand against the quantiles of a normal distribution", async () => {
  const svg = await svgOfChart("-quantiles");
  const [x, y] = [axisScale(svg, "x"), axisScale(svg, "y")];
  const residuals = leading.cells
    .flatMap(({ mean, sd, points }) => points.map((value) => (value - mean!) / sd!))
    .sort((a, b) => a - b);
  const dots = symbolsOf(svg, "dots");
  sameNumbers(
    dots.map((dot) => y.valueAt(dot.y)),
    residuals,
    1e-6,
  );
  sameNumbers(
    dots.map((dot) => x.valueAt(dot.x)),
    residuals.map((_, i) => normalQuantile((i + 0.625) / (residuals.length + 0.25))),
    1e-6,
  );
});

test("attrition bars are the shares of planned trials", async () => {
  const svg = await svgOfChart("-attrition");
  const bars = barsOf(svg, "parts");
  const full = 300;
  const lossy = experiment.attrition.arms.filter(({ measured, planned }) => measured < planned);
  assert.ok(lossy.length > 0 && lossy.length < experiment.arms.length);
  const worstFirst = [...lossy].sort(
    (a, b) => a.measured / a.planned - b.measured / b.planned || a.condition - b.condition,
  );
  sameNumbers(
    bars.map(({ width }) => width / full),
    worstFirst.flatMap(({ measured, failed, planned }) => [measured / planned, failed / planned]),
    1e-9,
  );
});

test("power curves pass through the powers of the plan", async () => {
  const svg = await svgOfChart("-power");
  const y = axisScale(svg, "y");
  const lines = pathsOf(svg, "lines");
  experiment.power!.curves.forEach(({ points }, i) => {
    sameNumbers(
      lines[i]!.map((point) => y.valueAt(point.y)),
      points.map(({ power }) => power),
      1e-4,
    );
  });
});

test("parallel coordinates: each condition's means between the smallest and the largest", async () => {
  const svg = await svgOfChart("-parallel");
  const height = 180;
  const numeric = experiment.metrics.filter(({ kind }) => kind !== "category");
  const scaled = experiment.arms.map((_, arm) =>
    numeric.map(({ cells }) => {
      const means = cells.map(({ mean }) => mean!);
      const [low, high] = [Math.min(...means), Math.max(...means)];
      return (means[arm]! - low) / (high - low);
    }),
  );
  const byHeights = (a: readonly number[], b: readonly number[]) => a[0]! - b[0]! || a[1]! - b[1]!;
  const drawn = pathsOf(svg, "lines").map((line) => line.map((point) => 1 - point.y / height));
  sameNumbers([...drawn].sort(byHeights).flat(), [...scaled].sort(byHeights).flat(), 1e-4);
});

test("an impulse response draws the means, the level before and the moment of the impulse", async () => {
  const results = fullResults("independent");
  const [table] = results.tables;
  const specs = table!.experiment.analyses.flatMap((spec) =>
    spec.kind === "curve" ? [{ ...spec, across: null, impulseAt: 1000 }] : [],
  );
  const impulses = await analyze({
    ...results,
    tables: [{ ...table!, experiment: { ...table!.experiment, analyses: specs } }],
  });
  // The one analysis is a curve.
  const finding = impulses.experiments[0]!.findings[0] as CurveFinding;
  const found = chartsOf(impulses.experiments[0]!).find(({ chart }) => chart.id.endsWith("-impulse"))!;
  const svg = await svgOf(found.chart);
  const [x, y] = [axisScale(svg, "x"), axisScale(svg, "y")];
  const [line] = finding.lines;
  sameNumbers(
    pathsOf(svg, "lines")[0]!.flatMap((point) => [x.valueAt(point.x), y.valueAt(point.y)]),
    line!.points.flatMap((point) => [point.x, point.mean!]),
    2e-2,
  );
  near(x.valueAt(rulesOf(svg, "impulse")[0]!.x), 1000, 1e-6);
  near(y.valueAt(rulesOf(svg, "before")[0]!.y), line!.impulse!.before, 1e-6);
  // The line averages conditions, the changes trials: they differ by as much as conditions have lost unlike numbers of trials.
  const firstAfter = line!.points.find(({ x: at }) => at >= 1000)!;
  near(line!.impulse!.changes[0]!.change, firstAfter.mean! - line!.impulse!.before, 1e-3);
  assert.match(finding.sentences[0]!, /^After the impulse at period 1,?000, price is furthest/);
});

test.run();
