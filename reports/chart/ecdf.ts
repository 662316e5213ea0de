// Empirical distribution functions: the share of values at or below each value, one step line a condition (at most six).
import type { ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { numberText } from "../analysis/words/number-text.ts";
import { armLabelsOf } from "./arms-by-factor.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { colourBy, dashBy, layers, numeric } from "./encoding.ts";
import { hues } from "./ink.ts";
import { plotWidth, themed } from "./theme.ts";

const linesMax = 6;

/** Null when there are more than six conditions, or no condition has two values. */
export function ecdfChart(experiment: ExperimentAnalysis, metric: MetricSummary): Chart | null {
  const held = metric.cells.filter(({ n }) => n >= 2);
  if (held.length === 0 || metric.cells.length > linesMax) return null;
  const names = armLabelsOf(experiment);
  const labelOf = (condition: number | null) => names[condition!]!;
  // Thinned points lie at evenly spaced ranks, so their own ranks give the same curve.
  const steps = held.flatMap((cell) =>
    [...cell.points]
      .sort((a, b) => a - b)
      .map((value, i, all) => ({ line: labelOf(cell.condition), value, share: (i + 1) / all.length })),
  );
  const lines = held.map((cell) => labelOf(cell.condition));
  const title = experiment.design.factors.map(({ name }) => name).join(" · ") || null;
  const color = colourBy("line", lines, title);
  return {
    id: chartIdOf(experiment.name, metric.name, "ecdf"),
    title: `Cumulative distribution of ${metric.name}`,
    caption: "Each line is the share of measured trials with a value at or below the one on the axis.",
    alt: `Cumulative distributions. ${held.map((cell) => `${labelOf(cell.condition)}: half of ${cell.n} values at or below ${numberText(cell.median)}`).join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: 200,
      layer: layers({
        name: "steps",
        data: { values: steps },
        mark: {
          type: "line",
          interpolate: "step-after",
          strokeWidth: 1.6,
          ...(lines.length < 2 && { color: hues[0] }),
        },
        encoding: {
          x: numeric("value", metric.title),
          y: numeric("share", "share at or below", { scale: { domain: [0, 1] } }),
          color,
          ...(lines.length > 1 && { strokeDash: dashBy("line", lines, title) }),
        },
      }),
    }),
  };
}
