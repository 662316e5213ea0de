// The Kaplan-Meier curves of a comparison: the share of trials still without the event, limits around it, a tick where trials were cut, and
// under the axis how many were at risk.
import type { ComparisonFinding, SurvivalCourse } from "../analysis/finding.ts";
import { numberText } from "../analysis/words/number-text.ts";
import { type Look, lookOf } from "./arms-by-factor.ts";
import { type Axis, axisOf, channelOf } from "./axis.ts";
import { type Chart, type ChartSpec, chartIdOf } from "./chart.ts";
import { layers } from "./encoding.ts";
import { ink } from "./ink.ts";
import { type PanelAxes, panelSize, panelSpec } from "./panels.ts";
import { themed } from "./theme.ts";

interface Drawn {
  readonly course: SurvivalCourse;
  readonly look: Look;
}

const rowHeight = 16;

/** Null where nothing was censored. */
export function survivalChart(experiment: string, finding: ComparisonFinding): Chart | null {
  const { survival, metric, factor, estimand } = finding;
  const [first] = survival;
  if (first === undefined) return null;
  const drawn = survival.map((course, index): Drawn => ({ course, look: lookOf({ index, branch: 0 }) }));
  const last = Math.max(...survival.map(lastOf));
  const least = Math.min(0, ...survival.map(({ points }) => points[0]?.time ?? 0));
  const times = first.atRisk.map(({ time }) => time);
  const x: Axis = {
    ...axisOf([least, last], { title: metric, range: { min: least, max: null } }),
    ticks: times,
    labels: times.map((time) => numberText(time)),
    hasGrid: false,
  };
  const y = axisOf([0, 1], { title: `share above ${metric}`, range: { min: 0, max: 1 } });
  const main = panelSpec({
    panels: [
      {
        title: null,
        layers: (axes) => [
          ...drawn.map((one) => bandLayer(one, axes)),
          ...drawn.map((one) => stepLayer(one, axes)),
          ...drawn.map((one) => cutLayer(one, axes)),
        ],
      },
    ],
    x,
    y,
    key: drawn.map(({ course, look }) => ({ label: course.level, look: { ...look, shape: "circle" } })),
    isLabelledAtEnds: false,
    hasMarks: false,
  });
  const counts = survival.map(({ level, n, censored }) => `${level}: ${n} trials, ${censored} censored`);
  const until = estimand.upTo === undefined ? "" : ` Means are restricted to ${numberText(estimand.upTo)}.`;
  return {
    id: chartIdOf(experiment, finding.id, "survival"),
    title: `How long ${metric} lasts, by ${factor}`,
    caption: `Kaplan-Meier curves: the share of trials whose ${metric} is above each value, with pointwise intervals (Greenwood, log-log). Ticks are censored trials; below, the trials still at risk.${until}`,
    alt: `Kaplan-Meier curves of ${metric} by ${factor}. ${counts.join("; ")}.`,
    spec: withRisks(main, drawn, x),
  };
}

/** The curve from 1 at the start to its last time, at risk or not. */
function stepsOf({ points, atRisk }: SurvivalCourse) {
  const start = { time: atRisk[0]!.time, share: 1, low: 1, high: 1 };
  const steps = points.map(({ time, share, low, high }) => ({
    time,
    share,
    low: low ?? share,
    high: high ?? share,
  }));
  return [start, ...steps];
}

function lastOf({ points, cuts }: SurvivalCourse): number {
  return Math.max(points.at(-1)?.time ?? 0, cuts.at(-1)?.time ?? 0);
}

function withEnd<T extends { readonly time: number }>(steps: readonly T[], last: number): readonly T[] {
  return last > steps.at(-1)!.time ? [...steps, { ...steps.at(-1)!, time: last }] : steps;
}

function stepLayer({ course, look }: Drawn, { x, y }: PanelAxes): ChartSpec {
  return {
    name: "curves",
    data: { values: withEnd(stepsOf(course), lastOf(course)) },
    mark: {
      type: "line",
      interpolate: "step-after",
      strokeWidth: 2,
      color: look.colour,
      strokeDash: look.dash,
    },
    encoding: { x: x("time"), y: y("share") },
  };
}

function bandLayer({ course, look }: Drawn, { x, y }: PanelAxes): ChartSpec {
  return {
    name: "bands",
    data: { values: withEnd(stepsOf(course), lastOf(course)) },
    mark: { type: "area", interpolate: "step-after", opacity: 0.18, color: look.colour, clip: true },
    encoding: { x: x("time"), y: y("low"), y2: { field: "high" } },
  };
}

function cutLayer({ course, look }: Drawn, { x, y }: PanelAxes): ChartSpec | null {
  if (course.cuts.length === 0) return null;
  return {
    name: "cuts",
    data: { values: course.cuts },
    mark: { type: "tick", orient: "vertical", size: 10, thickness: 1.4, color: look.colour },
    encoding: { x: x("time"), y: y("share") },
  };
}

/** Numbers need no axis; the first one stands where it would be, and the label beside it makes room. */
function bare(channel: ChartSpec): ChartSpec {
  return { ...channel, axis: { ...Object(channel.axis), labelPadding: 18, domain: false, ticks: false } };
}

/** A row of numbers a level, under the same axis. */
function withRisks(main: ChartSpec, drawn: readonly Drawn[], x: Axis): ChartSpec {
  const { $schema: _schema, config: _config, ...rest } = main;
  const count = drawn.length;
  const rows: Axis = {
    domain: [-0.5, count - 0.5],
    ticks: drawn.map((_, i) => count - 1 - i),
    labels: drawn.map(({ course }) => course.level),
    title: "at risk",
    hasGrid: false,
  };
  const strip: ChartSpec = {
    width: panelSize(1).width,
    height: rowHeight * count + 8,
    layer: layers(
      ...drawn.map(({ course }, i) => ({
        name: "risks",
        data: { values: course.atRisk.map(({ time, n }) => ({ time, row: count - 1 - i, n })) },
        mark: { type: "text", fontSize: 11, color: ink },
        encoding: {
          x: bare(channelOf("time", { ...x, title: null }, false)),
          y: bare(channelOf("row", rows)),
          text: { field: "n", type: "quantitative" },
        },
      })),
    ),
  };
  const parts = Array.isArray(rest.vconcat) ? (rest.vconcat as readonly ChartSpec[]) : [rest];
  return themed({ vconcat: [...parts, strip], spacing: 44, bounds: "flush" });
}
