// What a metric is in every condition: mean with interval, single trials as faint dots of the same condition. The factor that is compared
// has the colours, another runs along the axis, the others have a panel a level: no dot and no mean mixes conditions.
import type { CellSummary, ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { decimalsFor, intervalText, numberText } from "../analysis/words/number-text.ts";
import { type Layout, type Look, layoutOf, lookOf } from "./arms-by-factor.ts";
import { axisOf, type LevelAxis, levelAxis } from "./axis.ts";
import { type Chart, type ChartSpec, chartIdOf } from "./chart.ts";
import { dotOpacity } from "./encoding.ts";
import { hues } from "./ink.ts";
import { type Panel, type PanelAxes, panelSize, panelSpec, pointMark } from "./panels.ts";
import { spreadOf } from "./spread.ts";

export interface CellPanelsOptions {
  /** Last part of the chart's id, and what makes it another chart than that of the whole design. */
  readonly id: string;
  /** The factor in sight; along the axis unless it has the colours. */
  readonly focus?: string | null;
  /** Only these conditions; all unless told. */
  readonly arms?: readonly number[];
}

/** More dots than this in one cell are a smear, and the interval says more. */
const dotsMax = 60;

/** Null where the conditions do not fit into panels, or nothing was measured. */
export function cellPanelsChart(
  experiment: ExperimentAnalysis,
  metric: MetricSummary,
  options: CellPanelsOptions,
): Chart | null {
  const layout = layoutOf(experiment, options);
  if (layout === null || metric.kind === "category") return null;
  const held = layout.panels.flatMap(({ arms }) => arms.map((arm) => metric.cells[arm]!));
  if (held.every(({ n }) => n === 0) || metric.across !== null) return null;
  const isShare = metric.kind === "boolean";
  const hasDots = !isShare && held.every(({ points }) => points.length <= 400);
  const values = held.flatMap(({ mean, interval, points }) => [
    ...(mean === null ? [] : [mean]),
    ...(interval === null ? [] : [interval.low, interval.high]),
    ...(hasDots ? points : []),
  ]);
  const y = axisOf(values, {
    title: isShare ? `share of ${metric.title}` : metric.title,
    range: isShare ? { min: 0, max: 1 } : metric.range,
    isShare,
  });
  const x = levelAxis(
    layout.along.levels.map(({ label }) => label.replace("\n", ", ")),
    {
      isNumeric: layout.along.isNumeric,
      title: layout.along.name,
      width: panelSize(layout.panels.length).width,
    },
  );
  const lines = layout.lines?.levels ?? [];
  return {
    id: chartIdOf(experiment.name, options.id),
    title: titleOf(layout, metric),
    caption: captionOf(metric, held, hasDots),
    alt: altOf(experiment, metric, layout),
    spec: panelSpec({
      panels: layout.panels.map(({ title, arms }) => panelOf({ title, arms, layout, metric, x, hasDots })),
      x,
      y,
      key: lines.map((level) => ({ label: level.label, look: lookOf(level) })),
    }),
  };
}

interface Cell {
  readonly place: number;
  readonly line: number;
  readonly mean: number | null;
  readonly cell: CellSummary;
}

function panelOf(input: {
  readonly title: string | null;
  readonly arms: readonly number[];
  readonly layout: Layout;
  readonly metric: MetricSummary;
  readonly x: LevelAxis;
  readonly hasDots: boolean;
}): Panel {
  const { title, arms, layout, metric, x, hasDots } = input;
  const { lines, along } = layout;
  const count = Math.max(1, lines?.levels.length ?? 1);
  const step = Math.min(0.16, 0.7 / count);
  const cells = arms.map((arm): Cell => {
    const line = lines === null ? 0 : lines.levelOf[arm]!;
    const place = x.places[along.levelOf[arm]!]! + (line - (count - 1) / 2) * step;
    return { place, line, mean: metric.cells[arm]!.mean, cell: metric.cells[arm]! };
  });
  const looks = lines === null ? [plain] : lines.levels.map(lookOf);
  const byLine = looks.map((look, i) => ({ look, cells: cells.filter(({ line }) => line === i) }));
  return {
    title,
    layers: (axes) => [
      ...(hasDots ? byLine.map(({ look, cells: own }) => dotLayer(own, look, step, axes)) : []),
      ...byLine.map(({ look, cells: own }) => lineLayer(own, look, axes)),
      ...byLine.map(({ look, cells: own }) => intervalLayer(own, look, axes)),
      ...byLine.map(({ look, cells: own }) => meanLayer(own, look, axes)),
    ],
    ends: byLine.flatMap(({ look, cells: own }, i) => {
      const last = own.filter(({ mean }) => mean !== null).sort((a, b) => b.place - a.place)[0];
      return last === undefined || lines === null
        ? []
        : [{ label: lines.levels[i]!.label, look, y: last.mean! }];
    }),
  };
}

const plain: Look = { colour: hues[0], shape: "circle", dash: [1, 0], isFilled: true };

function dotLayer(cells: readonly Cell[], look: Look, step: number, { x, y }: PanelAxes): ChartSpec {
  const values = cells.flatMap(({ place, cell }) => {
    const shown = cell.points.length > dotsMax ? everySoMany(cell.points, dotsMax) : cell.points;
    const offsets = spreadOf(shown);
    return shown.map((value, i) => ({ place: place + 0.3 * step * offsets[i]!, value }));
  });
  return {
    name: "dots",
    data: { values },
    mark: { type: "circle", size: 9, color: look.colour, opacity: 0.6 * dotOpacity(values.length) },
    encoding: { x: x("place"), y: y("value") },
  };
}

function everySoMany(values: readonly number[], count: number): readonly number[] {
  const sorted = [...values].sort((a, b) => a - b);
  return Array.from(
    { length: count },
    (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (count - 1))]!,
  );
}

function lineLayer(cells: readonly Cell[], look: Look, { x, y }: PanelAxes): ChartSpec | null {
  const values = cells.flatMap(({ place, mean }) => (mean === null ? [] : [{ place, mean }]));
  return values.length < 2
    ? null
    : {
        name: "lines",
        data: { values },
        mark: { type: "line", color: look.colour, strokeWidth: 1.4, strokeDash: look.dash, opacity: 0.8 },
        encoding: { x: x("place"), y: y("mean") },
      };
}

function intervalLayer(cells: readonly Cell[], look: Look, { x, y }: PanelAxes): ChartSpec {
  return {
    name: "intervals",
    data: {
      values: cells.flatMap(({ place, cell: { interval } }) =>
        interval === null ? [] : [{ place, low: interval.low, high: interval.high }],
      ),
    },
    mark: { type: "rule", color: look.colour, strokeWidth: 2 },
    encoding: { x: x("place"), y: y("low"), y2: { field: "high" } },
  };
}

function meanLayer(cells: readonly Cell[], look: Look, { x, y }: PanelAxes): ChartSpec {
  return {
    name: "means",
    data: { values: cells.flatMap(({ place, mean }) => (mean === null ? [] : [{ place, mean }])) },
    mark: pointMark(look, 34),
    encoding: { x: x("place"), y: y("mean") },
  };
}

function titleOf({ lines, along }: Layout, metric: MetricSummary): string {
  return `${metric.name} by ${lines === null ? "" : `${lines.name} and `}${along.name}`;
}

function captionOf(metric: MetricSummary, cells: readonly CellSummary[], hasDots: boolean): string {
  const interval = cells.find((cell) => cell.interval !== null)?.interval ?? null;
  const counts = cells.map(({ n }) => n).filter((n) => n > 0);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const sizes = `${least === most ? least : `${least} to ${most}`} trials a condition`;
  const what = metric.kind === "boolean" ? "the share" : "the mean";
  const bars =
    interval === null
      ? `Each mark is ${what} of one condition (${sizes}); no interval could be computed.`
      : `Each mark is ${what} of one condition with its ${Math.round(100 * interval.level)}% interval (${interval.method}; ${sizes}).`;
  const thinned = cells.some(({ n }) => n > dotsMax)
    ? `, ${dotsMax} at evenly spaced ranks where there are more`
    : "";
  return `${bars}${hasDots ? ` Faint dots are its single trials${thinned}, spread sideways only so as not to hide each other.` : ""}`;
}

function altOf(experiment: ExperimentAnalysis, metric: MetricSummary, { panels }: Layout): string {
  const arms = panels.flatMap(({ arms: own }) => own);
  const shown = arms.slice(0, 24).map((arm) => {
    const { mean, interval, n } = metric.cells[arm]!;
    const decimals = interval === null ? null : decimalsFor((interval.high - interval.low) / 2);
    return `${experiment.arms[arm]!.label}: ${mean === null ? "no value" : `${numberText(mean, decimals)}${interval === null ? "" : ` ${intervalText(interval, decimals)}`}, n = ${n}`}`;
  });
  const more = arms.length > shown.length ? ` And ${arms.length - shown.length} more, in the table.` : "";
  return `Panels of ${metric.title}. ${shown.join("; ")}.${more}`;
}
