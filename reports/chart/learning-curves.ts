// A series over its course: the summary line of each level with a pointwise band. A line ends with a ring where fewer than half of its
// trials go on; below stands how many do. More levels than there are hues have a panel each, or, where they are numbers, one scale of shades.
// Curves around an impulse are drawn by impulse-response.ts.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import { extentOf } from "../analysis/estimates/extent.ts";
import type { CurveFinding } from "../analysis/finding.ts";
import { decimalsFor, intervalText, numberText } from "../analysis/words/number-text.ts";
import { huesMax, type Look, levelNameOf, lookOf, pictureFactorsOf } from "./arms-by-factor.ts";
import { type Axis, axisOf, channelOf } from "./axis.ts";
import { type Chart, type ChartSpec, chartIdOf } from "./chart.ts";
import { layers } from "./encoding.ts";
import { faint, hues, paper, rampOf } from "./ink.ts";
import { type LineEnd, type Panel, type PanelAxes, panelSize, panelSpec } from "./panels.ts";
import { themed } from "./theme.ts";

type Line = CurveFinding["lines"][number];

interface DrawnLine {
  readonly label: string;
  readonly look: Look;
  readonly line: Line;
  /** Points while at least half of the trials go on. */
  readonly points: readonly { readonly x: number; readonly mean: number }[];
  readonly band: readonly { readonly x: number; readonly low: number; readonly high: number }[];
  /** True where trials ended before the others did, so that the line stops early. */
  readonly isCut: boolean;
}

const panelsMax = 24;

/** Null when there is no line. */
export function learningCurvesChart(experiment: ExperimentAnalysis, finding: CurveFinding): Chart | null {
  const factor = pictureFactorsOf(experiment).find(({ name }) => name === finding.factor) ?? null;
  const count = finding.lines.length;
  const isRamp = count > huesMax && factor !== null && factor.isNumeric;
  const labels =
    finding.factor === null
      ? finding.lines.map(({ label }) => label)
      : finding.lines.map(({ label }) => label).map(levelNameOf(experiment, finding.factor));
  const indexOf = (label: string, i: number) =>
    factor?.levels.find(({ level }) => level === label)?.index ?? i;
  const lines = finding.lines
    .map((line, i) => {
      const look = lookOf({ index: count > huesMax ? 0 : indexOf(line.label, i), branch: 0 });
      return drawnLine(finding, line, {
        label: labels[i]!,
        look: isRamp ? { ...look, colour: rampOf(i / (count - 1)) } : look,
      });
    })
    .filter(({ points }) => points.length > 0);
  if (lines.length === 0) return null;
  const axes = { x: xAxisOf(finding, lines), y: yAxisOf(finding, lines) };
  const isMany = lines.length > huesMax && !isRamp;
  return {
    id: chartIdOf(experiment.name, finding.id, "curve"),
    title: `${finding.y} over ${finding.x}`,
    caption: captionOf(finding, lines, { isMany, isRamp }),
    alt: `Line chart of ${finding.y} over ${finding.x}. ${finding.lines.slice(0, 24).map(endText).join("; ")}.`,
    spec: isMany ? panelEach(lines, axes) : together(lines, axes, { isRamp, series: finding }),
  };
}

function drawnLine(
  finding: CurveFinding,
  line: Line,
  { label, look }: { readonly label: string; readonly look: Look },
): DrawnLine {
  const lasting = line.points.filter(({ n }) => 2 * n >= line.n);
  return {
    label,
    look,
    line,
    points: lasting.flatMap(({ x, mean }) => (mean === null ? [] : [{ x, mean }])),
    band: lasting.flatMap(({ x, mean, sd, interval }) => {
      if (finding.band === "standard-deviation")
        return mean === null || sd === null ? [] : [{ x, low: mean - sd, high: mean + sd }];
      return interval === null ? [] : [{ x, low: interval.low, high: interval.high }];
    }),
    isCut: lasting.length < line.points.length,
  };
}

/** The axis follows the lines; a band may widen it by half of their span and is cut beyond. */
function yAxisOf(finding: CurveFinding, lines: readonly DrawnLine[]): Axis {
  const means = extentOf(lines.flatMap(({ points }) => points.map(({ mean }) => mean)))!;
  const reach = (means.high - means.low || Math.abs(means.low) || 1) / 2;
  const bands = lines.flatMap(({ band }) => band.flatMap(({ low, high }) => [low, high]));
  const kept = bands.map((value) => Math.min(means.high + reach, Math.max(means.low - reach, value)));
  return axisOf([means.low, means.high, ...kept], { title: finding.y });
}

function xAxisOf(finding: CurveFinding, lines: readonly DrawnLine[]): Axis {
  const { low, high } = extentOf(lines.flatMap(({ line }) => line.points.map(({ x }) => x)))!;
  return { ...axisOf([low, high], { title: finding.x, range: { min: low, max: high } }), hasGrid: false };
}

interface Axes {
  readonly x: Axis;
  readonly y: Axis;
}

function together(
  lines: readonly DrawnLine[],
  { x, y }: Axes,
  { isRamp, series }: { readonly isRamp: boolean; readonly series: CurveFinding },
): ChartSpec {
  const every = Math.max(1, Math.ceil(lines.length / 5));
  const labelled = isRamp ? lines.filter((_, i) => i % every === 0 || i === lines.length - 1) : lines;
  const wide = lines.some(({ isCut, line }) => isCut || line.points.some(({ n }) => n < line.n));
  const panel: Panel = {
    title: null,
    layers: (axes) => [
      ...(isRamp ? [] : lines.map((line) => runLayer(line, axes))),
      ...(isRamp ? [] : lines.map((line) => bandLayer(line, axes))),
      ...lines.map((line) => lineLayer(line, axes, line.look.colour, isRamp ? 1.6 : 2)),
      ...lines.map((line) => ringLayer(line, axes)),
    ],
    ends: labelled.map(({ label, look, points }): LineEnd => ({ label, look, y: points.at(-1)!.mean })),
  };
  const main = panelSpec({
    panels: [panel],
    x: wide ? { ...x, title: null } : x,
    y,
    key: labelled.map(({ label, look }) => ({ label, look: { ...look, shape: "circle" } })),
    ...(isRamp ? { isLabelledAtEnds: true } : wide ? { isLabelledAtEnds: false } : {}),
    hasMarks: false,
  });
  return wide ? withStrip(main, lines, x, series) : main;
}

/** Below the lines, how many trials go on. */
function withStrip(main: ChartSpec, lines: readonly DrawnLine[], x: Axis, series: CurveFinding): ChartSpec {
  const { $schema: _schema, config: _config, ...rest } = main;
  const most = Math.max(...lines.map(({ line }) => line.n));
  const y: Axis = {
    domain: [0, most],
    ticks: [0, most],
    labels: ["0", String(most)],
    title: "trials",
    hasGrid: false,
  };
  const strip: ChartSpec = {
    width: panelSize(1).width,
    height: 44,
    layer: layers(
      ...lines.map(({ line, look }) => ({
        name: "remaining",
        data: { values: line.points.map((point) => ({ x: point.x, n: point.n })) },
        mark: {
          type: "line",
          interpolate: "step-after",
          strokeWidth: 1.2,
          color: look.colour,
          strokeDash: look.dash,
        },
        encoding: { x: channelOf("x", { ...x, title: series.x }), y: channelOf("n", y) },
      })),
    ),
  };
  const parts = Array.isArray(rest.vconcat) ? (rest.vconcat as readonly ChartSpec[]) : [rest];
  // Plots stand under each other, whatever their labels take; the room between is for the labels of the axis above.
  return themed({ vconcat: [...parts, strip], spacing: 30, bounds: "flush" });
}

/** A panel a level, the others grey behind it, highest at its end first. */
function panelEach(lines: readonly DrawnLine[], { x, y }: Axes): ChartSpec {
  const sorted = lines.toSorted((a, b) => b.points.at(-1)!.mean - a.points.at(-1)!.mean).slice(0, panelsMax);
  const decimals = decimalsFor((y.domain[1] - y.domain[0]) / 10);
  return panelSpec({
    panels: sorted.map((own) => ({
      title: `${own.label}  ${numberText(own.points.at(-1)!.mean, decimals)}`,
      layers: (axes: PanelAxes) => [
        othersLayer(
          lines.filter((other) => other !== own),
          axes,
        ),
        bandLayer({ ...own, look: { ...own.look, colour: hues[0] } }, axes),
        lineLayer(own, axes, hues[0], 2),
        ringLayer({ ...own, look: { ...own.look, colour: hues[0] } }, axes),
      ],
    })),
    x,
    y,
    key: [],
    height: 84,
  });
}

/** One layer for all of them: a layer a line would take Vega-Lite seconds. */
function othersLayer(lines: readonly DrawnLine[], { x, y }: PanelAxes): ChartSpec {
  return {
    name: "others",
    data: {
      values: lines.flatMap(({ label, points }) => points.map((point) => ({ line: label, ...point }))),
    },
    mark: { type: "line", strokeWidth: 0.6, color: faint, opacity: 0.35 },
    encoding: { x: x("x"), y: y("mean"), detail: { field: "line", type: "nominal" } },
  };
}

function runLayer({ line, look }: DrawnLine, { x, y }: PanelAxes): ChartSpec {
  return {
    name: "runs",
    data: {
      values: line.runs.flatMap(({ replicate, y: values }, i) =>
        values.flatMap((value, j) =>
          value === null ? [] : [{ run: `${replicate}/${i}`, x: line.points[j]!.x, value }],
        ),
      ),
    },
    mark: { type: "line", strokeWidth: 0.7, opacity: 0.22, color: look.colour, clip: true },
    encoding: { x: x("x"), y: y("value"), detail: { field: "run", type: "nominal" } },
  };
}

function bandLayer({ band, look }: DrawnLine, { x, y }: PanelAxes): ChartSpec {
  return {
    name: "bands",
    data: { values: band },
    mark: { type: "area", opacity: 0.18, color: look.colour, clip: true },
    encoding: { x: x("x"), y: y("low"), y2: { field: "high" } },
  };
}

function lineLayer({ points, look }: DrawnLine, { x, y }: PanelAxes, color: string, strokeWidth: number) {
  return {
    name: "lines",
    data: { values: points },
    mark: { type: "line", strokeWidth, color, strokeDash: look.dash },
    encoding: { x: x("x"), y: y("mean") },
  };
}

function ringLayer({ points, look, isCut }: DrawnLine, { x, y }: PanelAxes): ChartSpec | null {
  return isCut
    ? {
        name: "rings",
        data: { values: [points.at(-1)!] },
        mark: {
          type: "point",
          shape: "circle",
          size: 42,
          fill: paper,
          stroke: look.colour,
          strokeWidth: 1.8,
          opacity: 1,
        },
        encoding: { x: x("x"), y: y("mean") },
      }
    : null;
}

function captionOf(
  finding: CurveFinding,
  lines: readonly DrawnLine[],
  { isMany, isRamp }: { readonly isMany: boolean; readonly isRamp: boolean },
): string {
  const interval = finding.lines
    .flatMap(({ points }) => points)
    .find((point) => point.interval !== null)?.interval;
  const bands =
    finding.band === "standard-deviation"
      ? "bands one standard deviation of the trials at each side"
      : interval === undefined || interval === null
        ? null
        : `bands pointwise ${Math.round(100 * interval.level)}% intervals (${interval.method})`;
  const counts = finding.lines.map(({ n }) => n);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const shown = finding.lines.reduce((sum, line) => sum + line.runs.length, 0);
  const parts = [
    `Lines are the ${finding.summary.replace("-", " ")} over ${least === most ? least : `${least} to ${most}`} trials${bands === null || isRamp ? "" : `, ${bands}`}${shown === 0 || isMany || isRamp ? "" : `; thin lines are ${shown} single trials`}.`,
    finding.isBinned
      ? ` ${finding.x} is divided into ${finding.lines[0]!.points.length} even bins: a trial counts with its mean in each.`
      : "",
    lines.some(({ isCut }) => isCut)
      ? " Trials end at different times: a line is the mean of those that go on, and stops at the ring, where fewer than half do."
      : "",
    isMany
      ? ` A panel a level, the others grey behind it, in the order of the value at the end, which stands beside the name${lines.length > panelsMax ? `; the first ${panelsMax} of ${lines.length}` : ""}.`
      : "",
    isRamp ? " Shades go from the first level, palest, to the last, darkest." : "",
  ];
  return parts.join("");
}

function endText(line: Line): string {
  const last = line.points.findLast(({ mean, n }) => mean !== null && 2 * n >= line.n);
  if (last === undefined) return `${line.label}: no value`;
  const decimals = last.interval === null ? null : decimalsFor((last.interval.high - last.interval.low) / 2);
  return `${line.label} ends at ${numberText(last.mean, decimals)}${last.interval === null ? "" : ` ${intervalText(last.interval, decimals)}`}`;
}
