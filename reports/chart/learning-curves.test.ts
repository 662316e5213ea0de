// The bands of learning curves, against numbers worked by hand.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CurveFinding } from "../analysis/finding.ts";
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

const layerOf = (chart: Chart | null, name: string) =>
  (chart!.spec.layer as { name: string; data: { values: { low: number; high: number }[] } }[]).find(
    (layer) => layer.name === name,
  )!.data.values;

test("a band shows the interval, or one standard deviation when asked, and nothing where there is none", () => {
  const interval = learningCurvesChart("study", finding);
  assert.equal(
    layerOf(interval, "bands").map(({ low, high }) => [low, high]),
    [
      [0.25, 0.75],
      [0.25, 0.75],
    ],
  );
  assert.match(interval!.caption, /bands pointwise 95% intervals \(t interval\)/);
  const spread = learningCurvesChart("study", { ...finding, band: "standard-deviation" });
  assert.equal(
    layerOf(spread, "bands").map(({ low, high }) => [low, high]),
    [
      [0.4, 0.6],
      [0.4, 0.6],
    ],
  );
  assert.match(spread!.caption, /bands one standard deviation of the runs at each side/);
});

test.run();
