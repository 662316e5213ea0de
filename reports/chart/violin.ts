// Violins with the points inside: the estimated density of each condition's values, mirrored, with quartiles and median.
// The density is cut at the smallest and largest value, so that no violin promises values that were not seen.
import type { ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { numberText } from "../analysis/words/number-text.ts";
import { armLabelsOf } from "./arms-by-factor.ts";
import { type Chart, type ChartSpec, chartIdOf } from "./chart.ts";
import { densityOf } from "./density.ts";
import { dotOpacity, layers, numeric } from "./encoding.ts";
import { hues, ink, paper, shadeOf } from "./ink.ts";
import { spreadOf } from "./spread.ts";
import { plotWidth, rowAxis, themed } from "./theme.ts";

const rowsMax = 12;
/** Below this a density says more about the kernel than about the values. */
const valuesMin = 10;
/** Half the height of the widest violin, in rows. */
const reach = 0.42;

/** Null when there are more conditions than fit, or any has too few different values for a density. */
export function violinChart(experiment: ExperimentAnalysis, metric: MetricSummary): Chart | null {
  const held = metric.cells.filter(({ n }) => n > 0);
  if (held.length === 0 || held.length > rowsMax || held.some(({ n }) => n < valuesMin)) return null;
  const densities = held.map(({ points }) => densityOf(points));
  if (densities.some((density) => density === null)) return null;
  const densest = Math.max(...densities.flatMap((density) => density!.map(({ height }) => height)));
  const names = armLabelsOf(experiment);
  const labels = held.map(({ condition }) => names[condition!]!);
  const shapes = densities.flatMap((density, row) =>
    density!.map(({ value, height }) => {
      const half = (reach * height) / densest;
      return { row, value, top: row - half, bottom: row + half };
    }),
  );
  const dots = held.flatMap(({ points }, row) => {
    const offsets = spreadOf(points);
    return points.map((value, i) => ({ value, place: row + 0.8 * reach * offsets[i]! }));
  });
  const boxes = held.map(({ q1, median, q3 }, row) => ({ row, q1, median, q3 }));
  const x = (field: string) => numeric(field, metric.title);
  const y = (field: string) => ({
    field,
    type: "quantitative",
    scale: { domain: [-0.5, labels.length - 0.5], reverse: true, nice: false, zero: false },
    axis: {
      ...rowAxis(experiment.design.factors.map(({ name }) => name).join(" · ")),
      values: labels.map((_, row) => row),
      labelExpr: `${JSON.stringify(labels)}[datum.value]`,
      grid: false,
    },
  });
  return {
    id: chartIdOf(experiment.name, metric.name, "violin"),
    title: `Density of ${metric.name}`,
    caption:
      "The width of a violin is the estimated density of the values (Gaussian kernel, Silverman's bandwidth, cut at the smallest and largest value; one scale for all rows); the dark bar holds the middle half, the white mark is the median, dots are measured trials.",
    alt: `Violin plots. ${held.map(({ q1, median, q3, n }, row) => `${labels[row]}: median ${numberText(median)}, quartiles ${numberText(q1)} and ${numberText(q3)}, n = ${n}`).join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: Math.max(70, 48 * labels.length),
      layer: violinLayers({ shapes, dots, boxes }, { x, y }),
    }),
  };
}

type Axis = (field: string) => ChartSpec;

function violinLayers(
  { shapes, dots, boxes }: Readonly<Record<"shapes" | "dots" | "boxes", readonly object[]>>,
  { x, y }: { readonly x: Axis; readonly y: Axis },
): readonly ChartSpec[] {
  return layers(
    {
      name: "violins",
      data: { values: shapes },
      mark: { type: "area", color: shadeOf(0.5), opacity: 0.45 },
      encoding: {
        x: x("value"),
        y: y("top"),
        y2: { field: "bottom" },
        detail: { field: "row", type: "nominal" },
      },
    },
    {
      name: "dots",
      data: { values: dots },
      mark: { type: "circle", size: 12, opacity: dotOpacity(dots.length), color: hues[0] },
      encoding: { x: x("value"), y: y("place") },
    },
    {
      name: "quartiles",
      data: { values: boxes },
      mark: { type: "rule", color: ink, strokeWidth: 5, opacity: 0.8 },
      encoding: { x: x("q1"), x2: { field: "q3" }, y: y("row") },
    },
    {
      name: "medians",
      data: { values: boxes },
      mark: {
        type: "point",
        filled: true,
        size: 34,
        color: paper,
        opacity: 1,
        stroke: ink,
        strokeWidth: 1,
      },
      encoding: { x: x("median"), y: y("row") },
    },
  );
}
