// Impulse responses: every column of a series that was watched around the same impulse in one picture, each with its band and
// the level that it had before. A reader sees who moved, how far, and whether it came back.
import type { CurveFinding } from "../analysis/finding.ts";
import { decimalsFor, intervalText, numberText, signedText } from "../analysis/words/number-text.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { colourBy, dashBy, layers, lineLegend, numeric } from "./encoding.ts";
import { hues, ink } from "./ink.ts";
import { plotWidth, themed } from "./theme.ts";

/** Points beyond this many would make a line a string of beads. */
const beadsMax = 40;

interface Line {
  readonly label: string;
  readonly line: CurveFinding["lines"][number];
}

/**
 * One chart of curves that share series, x and impulse; null when none has values before and after it.
 * The first finding gives the chart its id.
 */
export function impulseResponseChart(experiment: string, findings: readonly CurveFinding[]): Chart | null {
  const [first] = findings;
  if (first === undefined || first.impulseAt === null) return null;
  const { impulseAt } = first;
  const lines = findings.flatMap(({ y, factor, lines: own }) =>
    own.flatMap((line): Line[] =>
      line.impulse === null ? [] : [{ label: factor === null ? y : `${y}, ${line.label}`, line }],
    ),
  );
  if (lines.length === 0) return null;
  const labels = lines.map(({ label }) => label);
  const yTitle = [...new Set(findings.map(({ y }) => y))].join(" · ");
  const points = lines.flatMap(({ label, line }) =>
    line.points.flatMap(({ x, mean, interval }) =>
      mean === null ? [] : [{ label, x, mean, low: interval?.low ?? mean, high: interval?.high ?? mean }],
    ),
  );
  const before = lines.map(({ label, line }) => ({ label, before: line.impulse!.before }));
  const bandLevel = lines[0]!.line.points.find(({ interval }) => interval !== null)?.interval ?? null;
  const x = numeric("x", first.x, { scale: { zero: false, nice: false } });
  const y = (field: string) => numeric(field, yTitle);
  const color = lineLegend(colourBy("label", labels, null));
  const strokeDash = lineLegend(dashBy("label", labels, null));
  return {
    id: chartIdOf(experiment, first.id, "impulse"),
    title: `Response to the impulse at ${first.x} ${numberText(impulseAt)}`,
    caption: `Lines are the ${first.summary.replace("-", " ")} over ${[...new Set(lines.map(({ line }) => line.n))].join(", ")} runs${bandLevel === null ? "" : `, bands pointwise ${Math.round(100 * bandLevel.level)}% intervals (${bandLevel.method})`}. The vertical dashed line marks the impulse; the thin horizontal lines are the means before it.`,
    alt: `Impulse response over ${first.x}. ${lines.map(altOf).join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: 210,
      layer: layers(
        {
          name: "before",
          data: { values: before },
          mark: { type: "rule", strokeWidth: 1, opacity: 0.75 },
          encoding: { y: y("before"), color },
        },
        {
          name: "impulse",
          data: { values: [{ value: impulseAt }] },
          mark: { type: "rule", strokeDash: [4, 3], color: ink },
          encoding: { x: { field: "value", type: "quantitative" } },
        },
        {
          name: "bands",
          data: { values: points },
          mark: { type: "area", opacity: 0.22 },
          encoding: { x, y: y("low"), y2: { field: "high" }, color },
        },
        {
          name: "lines",
          data: { values: points },
          mark: { type: "line", strokeWidth: 2, ...(labels.length < 2 && { color: hues[0] }) },
          encoding: { x, y: y("mean"), color, ...(labels.length > 1 && { strokeDash }) },
        },
        first.lines.every(({ points: own }) => own.length <= beadsMax)
          ? {
              name: "means",
              data: { values: points },
              mark: { type: "point", filled: true, size: 26, opacity: 1 },
              encoding: { x, y: y("mean"), color },
            }
          : null,
      ),
    }),
  };
}

function altOf({ label, line }: Line): string {
  const { before, changes } = line.impulse!;
  const shown = changes.slice(0, 4).map(({ x, change, interval }) => {
    const decimals = interval === null ? null : decimalsFor((interval.high - interval.low) / 2);
    return `${signedText(change, decimals)}${interval === null ? "" : ` ${intervalText(interval, decimals)}`} at ${numberText(x)}`;
  });
  return `${label}: ${numberText(before)} before, then changed by ${shown.join(", ")}`;
}
