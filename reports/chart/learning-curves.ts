// A series over its course: the summary line of each level with a pointwise band, single runs behind it as thin lines.
// Curves around an impulse are drawn by impulse-response.ts.
import type { CurveFinding } from "../analysis/finding.ts";
import { decimalsFor, intervalText, numberText } from "../analysis/words/number-text.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { colourBy, dashBy, layers, lineLegend, numeric } from "./encoding.ts";
import { palette, plotWidth, themed } from "./theme.ts";

/** Null when there is no line. */
export function learningCurvesChart(experiment: string, finding: CurveFinding): Chart | null {
  const levels = finding.lines.map(({ label }) => label);
  const lines = finding.lines.flatMap(({ label, points }) =>
    points.flatMap(({ x, mean }) => (mean === null ? [] : [{ label, x, mean }])),
  );
  if (lines.length === 0) return null;
  const band = finding.lines.flatMap(({ label, points }) =>
    points.flatMap(({ x, mean, sd, interval }) => {
      if (finding.band === "standard-deviation")
        return mean === null || sd === null ? [] : [{ label, x, low: mean - sd, high: mean + sd }];
      return interval === null ? [] : [{ label, x, low: interval.low, high: interval.high }];
    }),
  );
  const runs = finding.lines.flatMap(({ label, points, runs }) =>
    runs.flatMap(({ replicate, y }, i) =>
      y.flatMap((value, j) =>
        value === null ? [] : [{ label, run: `${label}/${replicate}/${i}`, x: points[j]!.x, value }],
      ),
    ),
  );
  const x = numeric("x", finding.x, { scale: { zero: false, nice: false } });
  const color = lineLegend(colourBy("label", levels, finding.factor));
  const strokeDash = lineLegend(dashBy("label", levels, finding.factor));
  const interval = finding.lines
    .flatMap(({ points }) => points)
    .find((point) => point.interval !== null)?.interval;
  const bandText =
    finding.band === "standard-deviation"
      ? ", bands one standard deviation of the runs at each side"
      : interval === undefined || interval === null
        ? ""
        : `, bands pointwise ${Math.round(100 * interval.level)}% intervals (${interval.method})`;
  const shown = finding.lines.reduce((sum, line) => sum + line.runs.length, 0);
  return {
    id: chartIdOf(experiment, finding.id, "curve"),
    title: `${finding.y} over ${finding.x}`,
    caption: `Thick lines are the ${finding.summary.replace("-", " ")} over ${finding.lines.map(({ n }) => n).join(", ")} runs${bandText}; thin lines are ${shown} single runs.`,
    alt: `Line chart of ${finding.y} over ${finding.x}. ${finding.lines.map((line) => endText(line)).join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: 210,
      layer: layers(
        {
          name: "runs",
          data: { values: runs },
          mark: { type: "line", strokeWidth: 0.7, opacity: 0.25 },
          encoding: { x, y: numeric("value", finding.y), detail: { field: "run", type: "nominal" }, color },
        },
        {
          name: "bands",
          data: { values: band },
          mark: { type: "area", opacity: 0.22 },
          encoding: { x, y: numeric("low", finding.y), y2: { field: "high" }, color },
        },
        {
          name: "lines",
          data: { values: lines },
          mark: { type: "line", strokeWidth: 2, ...(levels.length < 2 && { color: palette[0] }) },
          encoding: { x, y: numeric("mean", finding.y), color, ...(levels.length > 1 && { strokeDash }) },
        },
      ),
    }),
  };
}

function endText(line: CurveFinding["lines"][number]): string {
  const last = line.points.findLast(({ mean }) => mean !== null);
  if (last === undefined) return `${line.label}: no value`;
  const decimals = last.interval === null ? null : decimalsFor((last.interval.high - last.interval.low) / 2);
  return `${line.label} ends at ${numberText(last.mean, decimals)}${last.interval === null ? "" : ` ${intervalText(last.interval, decimals)}`}`;
}
