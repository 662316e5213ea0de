// Paired slopes: one thin line a block (replicate), the level means with their intervals on top. It shows what pairing bought.
import type { ComparisonFinding } from "../analysis/finding.ts";
import { decimalsFor, intervalText, numberText } from "../analysis/words/number-text.ts";
import { across } from "./across-axis.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { intervalMark, layers, meanMark, numeric } from "./encoding.ts";
import { hues, ink } from "./ink.ts";
import { plotWidth, themed } from "./theme.ts";

/** Null unless the comparisons are paired over two to eight levels. */
export function slopesChart(experiment: string, finding: ComparisonFinding): Chart | null {
  const isPaired = finding.comparisons.some((comparison) => comparison.isPaired);
  if (!isPaired || finding.levels.length < 2 || finding.levels.length > 8) return null;
  const levels = finding.levels.map(({ level }) => level);
  const lines = finding.levels.flatMap(({ level, units, unitIds }) =>
    units.map((value, i) => ({ level, value, unit: unitIds[i]! })),
  );
  const means = finding.levels.flatMap(({ level, mean, interval }) =>
    mean === null ? [] : [{ level, mean, low: interval?.low ?? null, high: interval?.high ?? null }],
  );
  if (lines.length === 0) return null;
  const x = across("level", levels, finding.factor);
  return {
    id: chartIdOf(experiment, finding.id, "slopes"),
    title: `${finding.metric} by ${finding.factor}, within each ${finding.unit}`,
    caption: `Each thin line is one ${finding.unit}, averaged over the other factors; marks are means with 95% confidence intervals (t interval).`,
    alt: `Paired slopes. ${finding.levels.map(({ level, mean, interval, n }) => `${level}: mean ${numberText(mean, interval === null ? null : decimalsFor((interval.high - interval.low) / 2))}${interval === null ? "" : ` ${intervalText(interval)}`}, n = ${n}`).join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: 220,
      layer: layers(
        {
          name: "units",
          data: { values: lines },
          mark: { type: "line", color: ink, opacity: 0.22, strokeWidth: 1 },
          encoding: { x, y: numeric("value", finding.metric), detail: { field: "unit", type: "nominal" } },
        },
        {
          name: "intervals",
          data: { values: means.filter(({ low }) => low !== null) },
          mark: { ...intervalMark, color: hues[0] },
          encoding: { x, y: numeric("low", finding.metric), y2: { field: "high" } },
        },
        {
          name: "means",
          data: { values: means },
          mark: { ...meanMark, color: hues[0], size: 60 },
          encoding: { x, y: numeric("mean", finding.metric) },
        },
      ),
    }),
  };
}
