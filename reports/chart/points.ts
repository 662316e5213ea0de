// A metric by condition as rows: the raw values of each condition as dots, below them the mean with its interval, so that neither hides
// the other. A boolean has its share and no dots, which could only lie at both ends.
import type { ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { decimalsFor, intervalText, numberText } from "../analysis/words/number-text.ts";
import { axisOf, channelOf } from "./axis.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { layers } from "./encoding.ts";
import { paper } from "./ink.ts";
import { rowChannel, rowStep } from "./row-axis.ts";
import { type ChartRows, chartRowsOf } from "./rows.ts";
import { spreadOf } from "./spread.ts";
import { plotWidth, themed } from "./theme.ts";

/** Raw points and intervals of a metric that has a mean, by condition; null when nothing was measured or the rows do not fit. */
export function pointsChart(experiment: ExperimentAnalysis, metric: MetricSummary): Chart | null {
  const rows = chartRowsOf(experiment, metric);
  if (rows === null || rows.rows.every((row) => row.n === 0)) return null;
  return {
    id: chartIdOf(experiment.name, metric.name, "points"),
    title: `${metric.name} by condition`,
    caption: captionOf(rows, metric),
    alt: altOf(rows, metric),
    spec: specOf(rows, metric),
  };
}

function specOf(chart: ChartRows, metric: MetricSummary): Chart["spec"] {
  const rows = chart.rows.map((row, i) => ({ ...row, row: String(i), colour: row.look.colour }));
  const isShare = metric.kind === "boolean";
  const dots = rows.flatMap(({ row, colour, points }) => {
    const offsets = spreadOf(points);
    return points.map((value, i) => ({ row, colour, value, offset: 0.34 * offsets[i]! - 0.15 }));
  });
  const means = rows.flatMap(({ row, colour, mean, low, high }) =>
    mean === null ? [] : [{ row, colour, mean, low, high }],
  );
  const labels = rows.map(({ label }) => label);
  const hasDots = dots.length > 0;
  const axis = axisOf(
    [
      ...dots.map(({ value }) => value),
      ...means.flatMap(({ mean, low, high }) => [
        mean,
        ...(low === null ? [] : [low]),
        ...(high === null ? [] : [high]),
      ]),
    ],
    {
      title: isShare ? `share of ${metric.title}` : metric.title,
      range: isShare ? { min: 0, max: 1 } : metric.range,
      isShare,
      ticksMax: 5,
    },
  );
  const y = rowChannel(labels, chart.title);
  const offset = { domain: [-1, 1] };
  const below = hasDots ? { yOffset: { datum: 0.62, type: "quantitative", scale: offset } } : {};
  const color = { field: "colour", type: "nominal", scale: null, legend: null };
  const isDense = dots.length > 600;
  return themed({
    width: plotWidth,
    height: { step: rowStep(labels, !hasDots ? 24 : rows.length > 24 ? 20 : rows.length > 8 ? 30 : 44) },
    layer: layers(
      {
        name: "dots",
        data: { values: dots },
        mark: { type: "circle", size: isDense ? 9 : 16, opacity: isDense ? 0.35 : 0.5 },
        encoding: {
          y,
          x: channelOf("value", axis),
          yOffset: { field: "offset", type: "quantitative", scale: offset },
          color,
        },
      },
      {
        name: "intervals",
        data: { values: means.filter(({ low }) => low !== null) },
        mark: { type: "rule", strokeWidth: 2.5 },
        encoding: { y, x: channelOf("low", axis), x2: { field: "high" }, color, ...below },
      },
      {
        name: "means",
        data: { values: means },
        mark: {
          type: "point",
          shape: "circle",
          filled: true,
          size: 50,
          opacity: 1,
          stroke: paper,
          strokeWidth: 1,
        },
        encoding: { y, x: channelOf("mean", axis), color, ...below },
      },
    ),
  });
}

function captionOf(chart: ChartRows, metric: MetricSummary): string {
  const isShare = metric.kind === "boolean";
  const dots = isShare
    ? ""
    : "Each dot is one measured trial; dots are spread upwards and downwards only so as not to hide each other. ";
  const thinned = chart.isThinned
    ? "Where there are too many, the dots shown lie at evenly spaced ranks of the values, with the smallest and the largest; means and intervals use all values. "
    : "";
  const drawn = chart.rows.filter((row) => row.low !== null);
  const method = metric.cells.find((cell) => cell.interval !== null)?.interval ?? null;
  const what = isShare ? "share" : "mean";
  const bars =
    drawn.length === 0 || method === null
      ? `The large mark is the ${what}; no interval is drawn because none could be computed.`
      : `The large mark is the ${what}, the bar its ${Math.round(method.level * 100)}% confidence interval (${method.method}; ${sizes(drawn.map((row) => row.n))} values a row).`;
  const missing =
    drawn.length > 0 && drawn.length < chart.rows.length
      ? " A row without a bar has too few values for one, or only equal ones."
      : "";
  return `${dots}${thinned}${bars}${missing}${chart.isSorted ? ` Rows stand in the order of their ${what}s.` : ""}`;
}

function altOf(chart: ChartRows, metric: MetricSummary): string {
  const what = metric.kind === "boolean" ? "share" : "mean";
  const shown = chart.rows.slice(0, 20).map((row) => {
    if (row.mean === null) return `${row.label}: no value`;
    if (row.low === null || row.high === null)
      return `${row.label}: ${what} ${numberText(row.mean)}, n = ${row.n}`;
    const decimals = decimalsFor((row.high - row.low) / 2);
    const interval = intervalText({ low: row.low, high: row.high }, decimals);
    return `${row.label}: ${what} ${numberText(row.mean, decimals)} ${interval}, n = ${row.n}`;
  });
  const more =
    chart.rows.length > shown.length
      ? ` And ${chart.rows.length - shown.length} more rows, in the table.`
      : "";
  return `Rows of ${metric.title}${chart.title === "" ? "" : ` by ${chart.title}`}. ${shown.join("; ")}.${more}`;
}

function sizes(counts: readonly number[]): string {
  const low = Math.min(...counts);
  const high = Math.max(...counts);
  return low === high ? `${low}` : `${low} to ${high}`;
}
