// Bars with intervals and the single units as dots: the form that the journals of the field expect for a final comparison.
// Bars start at zero, because their length is read.
import type { ComparisonFinding } from "../analysis/finding.ts";
import { decimalsFor, intervalText, numberText } from "../analysis/words/number-text.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { dotOpacity, layers, numeric, ordered } from "./encoding.ts";
import { spreadOf } from "./spread.ts";
import { ink, palette, plotWidth, themed } from "./theme.ts";

/** Null when no level has a mean, or there are more than 24. */
export function levelBarsChart(experiment: string, finding: ComparisonFinding): Chart | null {
  const means = finding.levels.flatMap(({ level, mean, interval }) =>
    mean === null ? [] : [{ level, mean, low: interval?.low ?? null, high: interval?.high ?? null }],
  );
  if (means.length === 0 || means.length > 24) return null;
  const levels = finding.levels.map(({ level }) => level);
  const dots = finding.levels.flatMap(({ level, units }) => {
    const offsets = spreadOf(units);
    return units.map((value, i) => ({ level, value, offset: 0.45 * offsets[i]! }));
  });
  const x = ordered("level", levels, { title: finding.factor, labelAngle: levels.length > 6 ? -40 : 0 });
  const scale = { scale: { zero: true, nice: true } };
  const noun =
    finding.unit === "trial" ? "one measured trial" : `one ${finding.unit}, averaged over the other factors`;
  return {
    id: chartIdOf(experiment, finding.id, "bars"),
    title: `${finding.metric} by ${finding.factor}`,
    caption: `Bars are means, whiskers 95% confidence intervals (t interval), dots ${noun}${finding.levels.some(({ n, units }) => n > units.length) ? ", evenly sampled" : ""}.`,
    alt: `Bar chart of ${finding.metric}. ${finding.levels.map(({ level, mean, interval, n }) => `${level}: mean ${numberText(mean, interval === null ? null : decimalsFor((interval.high - interval.low) / 2))}${interval === null ? "" : ` ${intervalText(interval)}`}, n = ${n}`).join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: 220,
      layer: layers(
        {
          name: "bars",
          data: { values: means },
          mark: { type: "bar", color: palette[5], opacity: 0.55, size: (0.55 * plotWidth) / levels.length },
          encoding: { x, y: numeric("mean", finding.metric, scale) },
        },
        {
          name: "dots",
          data: { values: dots },
          mark: { type: "circle", size: 16, color: palette[0], opacity: dotOpacity(dots.length) },
          encoding: {
            x,
            y: numeric("value", finding.metric, scale),
            xOffset: { field: "offset", type: "quantitative", scale: { domain: [-1, 1] } },
          },
        },
        {
          name: "intervals",
          data: { values: means.filter(({ low }) => low !== null) },
          mark: { type: "rule", strokeWidth: 2, color: ink },
          encoding: { x, y: numeric("low", finding.metric, scale), y2: { field: "high" } },
        },
        {
          name: "means",
          data: { values: means },
          mark: { type: "tick", thickness: 2, width: 16, color: ink, opacity: 1 },
          encoding: { x, y: numeric("mean", finding.metric, scale) },
        },
      ),
    }),
  };
}
