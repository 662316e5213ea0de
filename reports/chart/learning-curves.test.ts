// The bands of learning curves, against numbers worked by hand.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { analyze } from "../analysis/analyze.ts";
import type { CurveFinding } from "../analysis/finding.ts";
import { svgOf } from "../export/svg.ts";
import { axisScale, pathsOf, sameNumbers, symbolsOf } from "../testing/read-svg.ts";
import { patienceTable, syntheticResults } from "../testing/synthetic-results.ts";
import type { Chart } from "./chart.ts";
import { learningCurvesChart } from "./learning-curves.ts";

const finding: CurveFinding = {
  kind: "curve",
  id: "curve",
  title: "winRate over round",
  sentences: [],
  reason: "",
  notes: [],
  isConfirmatory: true,
  series: "training",
  x: "round",
  y: "winRate",
  factor: "network",
  summary: "mean",
  band: "interval",
  isBinned: false,
  impulseAt: null,
  lines: ["a", "b"].map((label) => ({
    label,
    n: 3,
    impulse: null,
    points: [
      {
        x: 1,
        n: 3,
        mean: 0.5,
        sd: 0.1,
        interval: { low: 0.25, high: 0.75, level: 0.95, method: "t interval" },
      },
      { x: 2, n: 1, mean: 0.6, sd: null, interval: null },
    ],
    runs: [],
  })),
};

const experiment = (await analyze(syntheticResults([patienceTable({ replicates: 2 })]))).experiments[0]!;

interface Layer {
  readonly name: string;
  readonly data: { readonly values: readonly Readonly<Record<string, number>>[] };
}

/** The values of every layer of a name, whichever panel it is in. */
const layersOf = (chart: Chart | null, name: string): readonly Layer["data"]["values"][] => {
  const found: Layer["data"]["values"][] = [];
  JSON.stringify(chart!.spec, (_key, value) => {
    const layer = value as Partial<Layer> | null;
    if (typeof layer?.name === "string" && layer.name.replace(/_.*/, "") === name)
      found.push(layer.data!.values);
    return value;
  });
  return found;
};

test("a band shows the interval, or one standard deviation when asked, and nothing where there is none", () => {
  const interval = learningCurvesChart(experiment, finding);
  assert.equal(
    layersOf(interval, "bands").map(([first, ...more]) => [first!.low, first!.high, more.length]),
    [
      [0.25, 0.75, 0],
      [0.25, 0.75, 0],
    ],
  );
  assert.match(interval!.caption, /bands pointwise 95% intervals \(t interval\)/);
  const spread = learningCurvesChart(experiment, { ...finding, band: "standard-deviation" });
  assert.equal(
    layersOf(spread, "bands").map(([first, ...more]) => [first!.low, first!.high, more.length]),
    [
      [0.4, 0.6, 0],
      [0.4, 0.6, 0],
    ],
  );
  assert.match(spread!.caption, /bands one standard deviation of the trials at each side/);
});

const courseOf = (count: number): CurveFinding => ({
  ...finding,
  lines: Array.from({ length: count }, (_, level) => ({
    label: `level ${level}`,
    n: 10,
    impulse: null,
    points: [10, 10, 6, 5, 4, 1].map((n, x) => ({ x, n, mean: level + x, sd: null, interval: null })),
    runs: [],
  })),
});

test("a line stops at a ring where fewer than half of its trials go on, and the strip counts them to the end", async () => {
  const chart = learningCurvesChart(experiment, courseOf(2))!;
  assert.match(chart.caption, /stops at the ring, where fewer than half do/);
  const svg = await svgOf(chart);
  const y = axisScale(svg, "y");
  sameNumbers(
    pathsOf(svg, "lines").flatMap((line) => line.map((point) => y.valueAt(point.y))),
    [0, 1, 2, 3, 1, 2, 3, 4],
    1e-4,
  );
  sameNumbers(
    symbolsOf(svg, "rings").map((ring) => y.valueAt(ring.y)),
    [3, 4],
    1e-4,
  );
  assert.equal(
    layersOf(chart, "remaining").map((line) => line.map(({ n }) => n)),
    [
      [10, 10, 6, 5, 4, 1],
      [10, 10, 6, 5, 4, 1],
    ],
  );
});

test("no colour and no dash stands for two levels: more levels than hues have a panel each", async () => {
  const looks = (count: number) => {
    const found: string[] = [];
    JSON.stringify(learningCurvesChart(experiment, courseOf(count))!.spec, (_key, value) => {
      const layer = value as { name?: unknown; mark?: unknown } | null;
      if (typeof layer?.name === "string" && /^lines/.test(layer.name))
        found.push(JSON.stringify(layer.mark));
      return value;
    });
    return found;
  };
  assert.is(new Set(looks(6)).size, 6);
  const svg = await svgOf(learningCurvesChart(experiment, courseOf(20))!);
  assert.is(pathsOf(svg, "lines").length, 20);
  assert.is(pathsOf(svg, "others").length, 20 * 19);
  for (let level = 0; level < 20; level += 1)
    assert.match(svg, new RegExp(`level ${level}<|level ${level}  `));
});

test.run();
