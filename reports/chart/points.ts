// The first chart of every report: each condition a row, its raw values as dots, below them the mean with its interval.
// Dots and interval lie side by side so that neither hides the other.
import type { ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { decimalsFor, intervalText, numberText } from "../analysis/words/number-text.ts";
import { type Chart, type ChartSpec, chartIdOf } from "./chart.ts";
import { type ChartRows, chartRowsOf } from "./rows.ts";
import { withShortLabels } from "./short-labels.ts";
import { spreadOf } from "./spread.ts";
import { ink, palette, plotWidth, rowAxis, themed } from "./theme.ts";

/** Raw points and 95% intervals of a numeric or boolean metric by condition; null when nothing was measured. */
export function pointsChart(experiment: ExperimentAnalysis, metric: MetricSummary): Chart | null {
  const rows = chartRowsOf(experiment, metric);
  if (rows.rows.every((row) => row.n === 0)) return null;
  const title = `${metric.name} by condition`;
  return {
    id: chartIdOf(experiment.name, metric.name, "points"),
    title,
    caption: captionOf(rows, metric),
    alt: altOf(rows, metric),
    spec: specOf(rows, metric),
  };
}

function specOf(chart: ChartRows, metric: MetricSummary): Chart["spec"] {
  const { rows } = chart;
  const dots = rows.flatMap((row) => {
    const offsets = spreadOf(row.points);
    return row.points.map((value, i) => ({
      row: row.label,
      colour: row.colour,
      value,
      offset: 0.34 * offsets[i]!,
    }));
  });
  const means = rows
    .filter((row) => row.mean !== null)
    .map(({ label, colour, mean, low, high }) => ({ row: label, colour, mean, low, high }));
  const step = rows.length > 24 ? 18 : rows.length > 8 ? 30 : 44;
  const y = {
    field: "row",
    type: "nominal",
    sort: rows.map((row) => row.label),
    scale: { domain: rows.map((row) => row.label), paddingInner: 0, paddingOuter: 0 },
    axis: withShortLabels(
      rowAxis(chart.title),
      rows.map((row) => row.label),
    ),
  };
  const offsetScale = { domain: [-1, 1] };
  const x = (field: string) => ({
    field,
    type: "quantitative",
    scale: { zero: false, nice: true, padding: 6 },
    axis: { title: metric.title, grid: true, tickCount: 5 },
  });
  const color = colourOf(chart);
  const withInterval = means.filter((row) => row.low !== null);
  const below = { datum: 0.68, type: "quantitative", scale: offsetScale };
  return themed({
    width: plotWidth,
    height: { step },
    data: { values: dots },
    layer: [
      {
        name: "dots",
        mark: { type: "circle", size: dots.length > 600 ? 9 : 16, opacity: dots.length > 600 ? 0.35 : 0.5 },
        encoding: {
          y,
          x: x("value"),
          yOffset: { field: "offset", type: "quantitative", scale: offsetScale },
          color,
        },
      },
      // A layer without data would have no extent for its scale.
      ...(withInterval.length === 0
        ? []
        : [
            {
              name: "intervals",
              data: { values: withInterval },
              mark: { type: "rule", strokeWidth: 3, strokeCap: "round" },
              encoding: { y, x: x("low"), x2: { field: "high" }, yOffset: below, color },
            },
          ]),
      {
        name: "means",
        data: { values: means },
        mark: { type: "point", filled: true, size: 46, opacity: 1, stroke: ink, strokeWidth: 1 },
        encoding: { y, x: x("mean"), yOffset: below, color },
      },
    ],
  });
}

/** The rows are labelled with the same levels, so a legend would only repeat them. */
function colourOf({ rows, colourFactor }: ChartRows): ChartSpec {
  if (colourFactor === null) return { value: palette[0] };
  const levels = [...new Set(rows.map((row) => row.colour))];
  return {
    field: "colour",
    type: "nominal",
    sort: levels,
    scale: { domain: levels, range: levels.map((_, i) => palette[i % palette.length]) },
    legend: null,
  };
}

function captionOf(chart: ChartRows, metric: MetricSummary): string {
  const dots = `Each dot is ${chart.dot}; they are spread upwards and downwards only so as not to hide each other.`;
  const thinned = chart.isThinned
    ? " Where there are too many, the dots shown lie at evenly spaced ranks of the values, with the smallest and the largest; means and intervals use all values."
    : "";
  const drawn = chart.rows.filter((row) => row.low !== null);
  const method =
    metric.cells.find((cell) => cell.interval !== null)?.interval ?? metric.across?.interval ?? null;
  const bars =
    drawn.length === 0 || method === null
      ? " The ringed mark is the mean; no interval is drawn because none could be computed."
      : ` The ringed mark is the mean, the bar its ${Math.round(method.level * 100)}% confidence interval (${method.method}; ${sizes(drawn.map((row) => row.n))} values a row).`;
  const missing =
    drawn.length > 0 && drawn.length < chart.rows.length
      ? " A row without a bar has too few values for one, or only equal ones."
      : "";
  return `${dots}${thinned}${bars}${missing}`;
}

function altOf(chart: ChartRows, metric: MetricSummary): string {
  const shown = chart.rows.slice(0, 20).map((row) => {
    if (row.mean === null) return `${row.label}: no value`;
    if (row.low === null || row.high === null)
      return `${row.label}: mean ${numberText(row.mean)}, n = ${row.n}`;
    const decimals = decimalsFor((row.high - row.low) / 2);
    const interval = intervalText({ low: row.low, high: row.high }, decimals);
    return `${row.label}: mean ${numberText(row.mean, decimals)} ${interval}, n = ${row.n}`;
  });
  const more =
    chart.rows.length > shown.length
      ? ` And ${chart.rows.length - shown.length} more rows, in the table.`
      : "";
  return `Dot plot of ${metric.title}${chart.title === "" ? "" : ` by ${chart.title}`}. ${shown.join("; ")}.${more}`;
}

function sizes(counts: readonly number[]): string {
  const low = Math.min(...counts);
  const high = Math.max(...counts);
  return low === high ? `${low}` : `${low} to ${high}`;
}
