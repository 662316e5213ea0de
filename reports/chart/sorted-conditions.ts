// Every condition in the order of its mean, with its interval: how far the conditions spread, and how many share the top. For designs
// with more conditions than rows can show, and for those that met each condition once.
import type { ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { decimalsFor, intervalText, numberText } from "../analysis/words/number-text.ts";
import { axisOf, channelOf } from "./axis.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { layers } from "./encoding.ts";
import { hues, soft } from "./ink.ts";
import { themed } from "./theme.ts";

const drawnMax = 400;
const width = 520;

/** Null when fewer than two conditions have a mean. */
export function sortedConditionsChart(experiment: ExperimentAnalysis, metric: MetricSummary): Chart | null {
  const sorted = metric.cells
    .flatMap((cell, arm) => (cell.mean === null ? [] : [{ arm, mean: cell.mean, interval: cell.interval }]))
    .sort((a, b) => b.mean - a.mean || a.arm - b.arm);
  if (sorted.length < 2) return null;
  const count = Math.min(drawnMax, sorted.length);
  const shown = Array.from({ length: count }, (_, i) => {
    const rank = count === 1 ? 0 : Math.round((i * (sorted.length - 1)) / (count - 1));
    const { arm, mean, interval } = sorted[rank]!;
    return { arm, rank: rank + 1, mean, low: interval?.low ?? null, high: interval?.high ?? null };
  });
  const isShare = metric.kind === "boolean";
  const y = axisOf(
    shown.flatMap(({ mean, low, high }) => [
      mean,
      ...(low === null ? [] : [low]),
      ...(high === null ? [] : [high]),
    ]),
    {
      title: isShare ? `share of ${metric.title}` : metric.title,
      range: isShare ? { min: 0, max: 1 } : metric.range,
      isShare,
    },
  );
  const x = {
    ...axisOf([1, sorted.length], {
      title: "conditions, highest first",
      range: { min: 1, max: sorted.length },
    }),
    hasGrid: false,
  };
  const intervals = shown.filter(({ low }) => low !== null);
  const [first, last] = [shown[0]!, shown.at(-1)!];
  const labelOf = ({ arm }: typeof first) => experiment.arms[arm]!.label;
  const meanText = ({ mean, low, high }: typeof first) => {
    if (low === null || high === null) return numberText(mean);
    const decimals = decimalsFor((high - low) / 2);
    return `${numberText(mean, decimals)} ${intervalText({ low, high }, decimals)}`;
  };
  const method = metric.cells.find(({ interval }) => interval !== null)?.interval ?? null;
  return {
    id: chartIdOf(experiment.name, metric.name, "sorted"),
    title: `${metric.name}, ${sorted.length} conditions in order`,
    caption: `Each mark is the ${isShare ? "share" : "mean"} of one condition, highest first${intervals.length === 0 || method === null ? "" : `, the bar its ${Math.round(100 * method.level)}% interval (${method.method})`}${sorted.length > count ? `; ${count} of ${sorted.length} conditions, at evenly spaced ranks, are drawn` : ""}. Highest: ${labelOf(first)}, ${meanText(first)}. Lowest: ${labelOf(last)}, ${meanText(last)}. The best of many is partly best by luck.`,
    alt: `${sorted.length} conditions from ${labelOf(first)}, ${meanText(first)}, to ${labelOf(last)}, ${meanText(last)}.`,
    spec: themed({
      width,
      height: 220,
      layer: layers(
        {
          name: "intervals",
          data: { values: intervals },
          mark: { type: "rule", color: soft, strokeWidth: count > 150 ? 0.8 : 1.4, opacity: 0.7 },
          encoding: { x: channelOf("rank", x), y: channelOf("low", y), y2: { field: "high" } },
        },
        {
          name: "means",
          data: { values: shown },
          mark: { type: "circle", size: count > 150 ? 9 : 18, color: hues[0], opacity: 1 },
          encoding: { x: channelOf("rank", x), y: channelOf("mean", y) },
        },
      ),
    }),
  };
}
