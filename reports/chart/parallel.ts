// Parallel coordinates: each condition a line through its means of all numeric metrics, each axis scaled from the smallest to
// the largest condition mean. For designs with several outcomes.

import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import { extentOf } from "../analysis/estimates/extent.ts";
import { numberText } from "../analysis/words/number-text.ts";
import { across } from "./across-axis.ts";
import { colourFactorOf } from "./arms-by-factor.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { colourBy, layers, numeric } from "./encoding.ts";
import { plotWidth, themed } from "./theme.ts";

const linesMax = 60;

/** Null with fewer than three numeric metrics or two conditions, or with more lines than can be told apart. */
export function parallelChart(experiment: ExperimentAnalysis): Chart | null {
  const metrics = experiment.metrics.filter(({ kind }) => kind !== "category");
  if (metrics.length < 3 || experiment.arms.length < 2 || experiment.arms.length > linesMax) return null;
  const factor = colourFactorOf(experiment);
  const levels = [...new Set(factor?.levels.map(({ level }) => level) ?? [])];
  const axes = metrics.map((metric) => {
    const extent = extentOf(metric.cells.flatMap(({ mean }) => (mean === null ? [] : [mean])));
    return { metric, extent, label: metric.name };
  });
  const values = axes.flatMap(({ metric, extent, label }) =>
    metric.cells.flatMap((cell, i) =>
      cell.mean === null || extent === null
        ? []
        : [
            {
              arm: experiment.arms[i]!.label,
              colour: factor === null ? null : (experiment.arms[i]!.coordinates[factor.name] ?? "–"),
              axis: label,
              position:
                extent.high > extent.low ? (cell.mean - extent.low) / (extent.high - extent.low) : 0.5,
            },
          ],
    ),
  );
  if (values.length === 0) return null;
  const color = colourBy("colour", levels, factor?.name ?? null);
  return {
    id: chartIdOf(experiment.name, "parallel"),
    title: "Condition means of all metrics",
    caption: `Each line is one condition; every axis runs from the smallest to the largest condition mean: ${axes.map(({ label, extent }) => `${label} ${extent === null ? "–" : `${numberText(extent.low)} to ${numberText(extent.high)}`}`).join(", ")}.`,
    alt: `Parallel coordinates of ${experiment.arms.length} conditions over ${metrics.length} metrics; the means are in the tables.`,
    spec: themed({
      width: plotWidth,
      height: 180,
      layer: layers({
        name: "lines",
        data: { values },
        mark: { type: "line", strokeWidth: 1.4, opacity: 0.8 },
        encoding: {
          x: across(
            "axis",
            axes.map(({ label }) => label),
            null,
          ),
          y: numeric("position", "smallest to largest mean", {
            scale: { domain: [0, 1] },
            axis: { title: "smallest to largest mean", labels: false, ticks: false, grid: true },
          }),
          detail: { field: "arm", type: "nominal" },
          color,
        },
      }),
    }),
  };
}
