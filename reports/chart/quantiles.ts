// Normal quantile plot of the residuals (value minus the mean of its condition, in standard deviations): how far from normal the
// values are, for the reader's eye. Points on the line are normal.

import { normalQuantile } from "../../lib/stats/distribution/normal.ts";
import type { ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { layers, numeric } from "./encoding.ts";
import { hues, ink } from "./ink.ts";
import { evenly } from "./rows.ts";
import { plotWidth, themed } from "./theme.ts";

const dotsMax = 400;

/** Null when fewer than eight values vary. */
export function quantileChart(experiment: ExperimentAnalysis, metric: MetricSummary): Chart | null {
  const residuals = metric.cells.flatMap(({ mean, sd, points }) =>
    mean === null || sd === null || sd === 0 ? [] : points.map((value) => (value - mean) / sd),
  );
  if (residuals.length < 8) return null;
  const sorted = [...evenly(residuals, dotsMax)].sort((a, b) => a - b);
  // Blom's plotting positions (1958).
  const dots = sorted.map((value, i) => ({
    value,
    expected: normalQuantile((i + 1 - 0.375) / (sorted.length + 0.25)),
  }));
  const ends = [dots[0]!.expected, dots.at(-1)!.expected].map((at) => ({ expected: at, value: at }));
  return {
    id: chartIdOf(experiment.name, metric.name, "quantiles"),
    title: `Residuals of ${metric.name} against a normal distribution`,
    caption:
      "Each dot is a value minus the mean of its condition, in standard deviations of that condition, against the quantile a normal distribution would give (Blom's positions); the line is exact agreement.",
    alt: `Normal quantile plot of ${residuals.length} residuals; the smallest is ${sorted[0]!.toFixed(2)}, the largest ${sorted.at(-1)!.toFixed(2)} standard deviations.`,
    spec: themed({
      width: plotWidth,
      height: 200,
      layer: layers(
        {
          name: "agreement",
          data: { values: ends },
          mark: { type: "line", color: ink, strokeDash: [4, 3] },
          encoding: { x: numeric("expected", "normal quantile"), y: numeric("value", "residual (sd)") },
        },
        {
          name: "dots",
          data: { values: dots },
          mark: { type: "circle", size: 14, color: hues[0], opacity: 0.6 },
          encoding: { x: numeric("expected", "normal quantile"), y: numeric("value", "residual (sd)") },
        },
      ),
    }),
  };
}
