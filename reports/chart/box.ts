// Box plots with the points behind: quartiles (type 7), whiskers to the furthest value within 1.5 interquartile ranges.
import type { ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { numberText } from "../analysis/words/number-text.ts";
import { armLabelsOf, pictureFactorsOf } from "./arms-by-factor.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { dotOpacity, layers, numeric } from "./encoding.ts";
import { hues, ink, shadeOf } from "./ink.ts";
import { rowChannel, rowStep } from "./row-axis.ts";
import { spreadOf } from "./spread.ts";
import { plotWidth, themed } from "./theme.ts";

const rowsMax = 40;

/** Null when there are more conditions than fit, or none has four values. */
export function boxChart(experiment: ExperimentAnalysis, metric: MetricSummary): Chart | null {
  const held = metric.cells.filter(({ n }) => n >= 4);
  if (held.length === 0 || held.length > rowsMax) return null;
  const names = armLabelsOf(experiment);
  const labelOf = (condition: number | null) => names[condition!]!;
  const boxes = held.map((cell, i) => {
    const reach = 1.5 * (cell.q3! - cell.q1!);
    const inside = cell.points.filter((value) => value >= cell.q1! - reach && value <= cell.q3! + reach);
    const low = inside.reduce((least, value) => Math.min(least, value), cell.q1!);
    const high = inside.reduce((most, value) => Math.max(most, value), cell.q3!);
    return {
      row: String(i),
      label: labelOf(cell.condition),
      q1: cell.q1!,
      median: cell.median!,
      q3: cell.q3!,
      low,
      high,
    };
  });
  const dots = held.flatMap((cell, row) => {
    const offsets = spreadOf(cell.points);
    return cell.points.map((value, i) => ({
      row: String(row),
      value,
      offset: 0.6 * offsets[i]!,
    }));
  });
  const labels = boxes.map(({ label }) => label);
  const title = pictureFactorsOf(experiment).map(({ name }) => name);
  const y = rowChannel(labels, title.join(" · "));
  const x = (field: string) => numeric(field, metric.title);
  return {
    id: chartIdOf(experiment.name, metric.name, "box"),
    title: `Distribution of ${metric.name}`,
    caption: `Boxes hold the middle half of the values, the line is the median, whiskers reach the furthest value within 1.5 interquartile ranges; dots are measured trials.`,
    alt: `Box plots. ${boxes
      .slice(0, 20)
      .map(
        ({ label, q1, median, q3 }) =>
          `${label}: median ${numberText(median)}, quartiles ${numberText(q1)} and ${numberText(q3)}`,
      )
      .join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: { step: rowStep(labels, labels.length > 12 ? 24 : 34) },
      layer: layers(
        {
          name: "whiskers",
          data: { values: boxes },
          mark: { type: "rule", color: ink },
          encoding: { y, x: x("low"), x2: { field: "high" } },
        },
        {
          name: "boxes",
          data: { values: boxes },
          mark: {
            type: "rule",
            color: shadeOf(0.5),
            opacity: 0.65,
            strokeWidth: labels.length > 12 ? 9 : 14,
          },
          encoding: { y, x: x("q1"), x2: { field: "q3" } },
        },
        {
          name: "medians",
          data: { values: boxes },
          mark: { type: "tick", thickness: 2.5, height: 14, color: ink, opacity: 1 },
          encoding: { y, x: x("median") },
        },
        {
          name: "dots",
          data: { values: dots },
          mark: { type: "circle", size: 14, opacity: dotOpacity(dots.length), color: hues[0] },
          encoding: {
            y,
            x: x("value"),
            yOffset: { field: "offset", type: "quantitative", scale: { domain: [-1, 1] } },
          },
        },
      ),
    }),
  };
}
