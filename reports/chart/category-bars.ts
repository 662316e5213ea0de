// A category by condition: bars of 100%, their parts the shares of trials with each value, in declared order from pale to dark.
import type { CategoryCounts, ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { armLabelsOf, pictureFactorsOf } from "./arms-by-factor.ts";
import { type Chart, type ChartSpec, chartIdOf } from "./chart.ts";
import { ink, paper, shadeOf } from "./ink.ts";
import { keyStrip } from "./panels.ts";
import { rowChannel, rowStep } from "./row-axis.ts";
import { rowsMax } from "./rows.ts";
import { textWidth } from "./text-width.ts";
import { plotWidth, themed } from "./theme.ts";

/** More values than this are one part, "other". */
const partsMax = 7;
const barHeight = 22;

/** Null when nothing was measured, or there are more conditions than rows fit. */
export function categoryBarsChart(experiment: ExperimentAnalysis, metric: MetricSummary): Chart | null {
  if (metric.counts.length > rowsMax || metric.counts.every(({ n }) => n === 0)) return null;
  const names = metric.counts[0]!.values.map(({ value }) => value);
  const parts = names.length <= partsMax ? names : [...names.slice(0, partsMax - 1), "other"];
  const labels = armLabelsOf(experiment);
  const key = parts.map((label, part) => ({
    label,
    look: { colour: toneOf(part, parts.length).shade, shape: "square", dash: [1, 0], isFilled: true },
  }));
  const counts = metric.counts.map(({ n }) => n);
  const rowTitle = pictureFactorsOf(experiment)
    .map(({ name }) => name)
    .join(" · ");
  return {
    id: chartIdOf(experiment.name, metric.name, "shares"),
    title: `${metric.name} by condition`,
    caption: `Each bar is one condition (${Math.min(...counts)} to ${Math.max(...counts)} measured trials), its parts the shares of trials with each value of ${metric.title}.`,
    alt: `Shares of ${metric.name}. ${metric.counts
      .slice(0, 24)
      .map(
        ({ values, n }, i) =>
          `${labels[i]}: ${values.map(({ value, count }) => `${value} ${count} of ${n}`).join(", ")}`,
      )
      .join("; ")}.`,
    spec: themed({
      spacing: 6,
      vconcat: [
        keyStrip(key, plotWidth, "area"),
        barsSpec(
          metric.counts.flatMap((counted, row) => barsOf(counted, row, parts)),
          labels,
          rowTitle,
        ),
      ],
    }),
  };
}

function toneOf(part: number, count: number): { readonly shade: string; readonly ink: string } {
  const tone = count === 1 ? 0.5 : part / (count - 1);
  return { shade: shadeOf(tone), ink: tone > 0.6 ? paper : ink };
}

interface Bar {
  readonly row: string;
  readonly from: number;
  readonly to: number;
  readonly middle: number;
  readonly text: string;
  readonly shade: string;
  readonly ink: string;
}

/** The parts of one bar; the last holds all values that have none of their own. */
function barsOf({ n, values }: CategoryCounts, row: number, parts: readonly string[]): readonly Bar[] {
  if (n === 0) return [];
  let from = 0;
  return parts.flatMap((_, part) => {
    const own = part === parts.length - 1 ? values.slice(part) : [values[part]!];
    const share = own.reduce((sum, { count }) => sum + count, 0) / n;
    from += share;
    if (share === 0) return [];
    const text = `${Math.round(100 * share)}%`;
    return [
      {
        row: String(row),
        from: from - share,
        to: from,
        middle: from - share / 2,
        text: textWidth(text, 10) + 4 <= share * plotWidth ? text : "",
        ...toneOf(part, parts.length),
      },
    ];
  });
}

function barsSpec(bars: readonly Bar[], labels: readonly string[], rowTitle: string): ChartSpec {
  const y = rowChannel(labels, rowTitle);
  const axis = { title: "share of measured trials", format: "%", tickCount: 5, grid: false };
  const x = { type: "quantitative", scale: { domain: [0, 1] }, axis };
  const own = (field: string) => ({ field, type: "nominal", scale: null, legend: null });
  return {
    width: plotWidth,
    height: { step: rowStep(labels, barHeight) },
    data: { values: bars },
    layer: [
      {
        name: "parts",
        mark: { type: "bar", stroke: paper, strokeWidth: 0.7, height: barHeight - 5 },
        encoding: { y, x: { field: "from", ...x }, x2: { field: "to" }, color: own("shade") },
      },
      {
        name: "numbers",
        mark: { type: "text", fontSize: 10 },
        encoding: {
          y,
          x: { field: "middle", ...x },
          text: { field: "text", type: "nominal" },
          color: own("ink"),
        },
      },
    ],
  };
}
