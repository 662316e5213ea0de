// Levels of a factor as rows: what is estimated of each with its interval, and the single conditions behind it as ticks, since an average
// over conditions that differ must show that they do. Single units are dots only where a level is one condition.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import type { ComparisonFinding } from "../analysis/finding.ts";
import { decimalsFor, intervalText, numberText } from "../analysis/words/number-text.ts";
import { colourFactorOf, levelNameOf, lookOf, pictureFactorsOf } from "./arms-by-factor.ts";
import { axisOf, channelOf } from "./axis.ts";
import { type Chart, type ChartSpec, chartIdOf } from "./chart.ts";
import { dotOpacity, layers } from "./encoding.ts";
import { armsWithin } from "./finding-arms.ts";
import { hues, paper } from "./ink.ts";
import { rowChannel, rowStep } from "./row-axis.ts";
import { spreadOf } from "./spread.ts";
import { plotWidth, themed } from "./theme.ts";

const rowsMax = 60;

/** Null when no level has an estimate, or there are more than fit. */
export function levelRowsChart(experiment: ExperimentAnalysis, finding: ComparisonFinding): Chart | null {
  const { levels, metric, factor, estimand } = finding;
  if (levels.length > rowsMax || levels.every(({ mean }) => mean === null)) return null;
  // A level that is one condition is a row of the conditions.
  if (pictureFactorsOf(experiment).length < 2) return null;
  const summary = experiment.metrics.find(({ name }) => name === metric);
  const isShare = summary?.kind === "boolean";
  const arms = armsWithin(experiment, finding.within);
  const own = pictureFactorsOf(experiment).find(({ name }) => name === factor);
  const isColoured = own !== undefined && own === colourFactorOf(experiment);
  const rows = levels.map((level, row) => {
    const cells = arms.flatMap((arm) =>
      experiment.arms[arm]!.coordinates[factor] === level.level ? [summary?.cells[arm]?.mean ?? null] : [],
    );
    return {
      ...level,
      row: String(row),
      colour: isColoured
        ? lookOf({ index: own.levels.find((one) => one.level === level.level)?.index ?? row, branch: 0 })
            .colour
        : hues[0],
      cells: cells.length > 1 ? cells.filter((mean) => mean !== null) : [],
      dots: cells.length > 1 || isShare ? [] : level.units,
    };
  });
  const x = axisOf(
    rows.flatMap(({ mean, interval, cells, dots }) => [
      ...(mean === null ? [] : [mean]),
      ...(interval === null ? [] : [interval.low, interval.high]),
      ...cells,
      ...dots,
    ]),
    {
      title: `${estimand.levelName} of ${summary?.title ?? metric}`,
      range: isShare ? { min: 0, max: 1 } : (summary?.range ?? null),
      isShare,
      ticksMax: 5,
    },
  );
  const labels = levels.map(({ level }) => level).map(levelNameOf(experiment, factor));
  const y = rowChannel(labels, factor);
  const hasCells = rows.some(({ cells }) => cells.length > 0);
  const hasDots = rows.some(({ dots }) => dots.length > 0);
  return {
    id: chartIdOf(experiment.name, finding.id, "levels"),
    // Repeats for the levels of `by` are rows of one table.
    isForFiles: finding.within !== null,
    title: `${metric} by ${factor}`,
    caption: captionOf(finding, { hasCells, hasDots }),
    alt: `Rows of ${metric}. ${levels.map(({ level, mean, interval, n }) => `${level}: ${estimand.levelName} ${numberText(mean, interval === null ? null : decimalsFor((interval.high - interval.low) / 2))}${interval === null ? "" : ` ${intervalText(interval)}`}, n = ${n}`).join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: { step: rowStep(labels, hasDots ? 40 : 26) },
      layer: rowLayers(rows, { x: (field) => channelOf(field, x), y, hasDots }),
    }),
  };
}

interface Row {
  readonly row: string;
  readonly colour: string;
  readonly mean: number | null;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly cells: readonly number[];
  readonly dots: readonly number[];
}

function rowLayers(
  rows: readonly Row[],
  { x, y, hasDots }: { x: (field: string) => ChartSpec; y: ChartSpec; hasDots: boolean },
): readonly ChartSpec[] {
  const offset = { domain: [-1, 1] };
  const color = { field: "colour", type: "nominal", scale: null, legend: null };
  const below = hasDots ? { yOffset: { datum: 0.6, type: "quantitative", scale: offset } } : {};
  const dots = rows.flatMap(({ row, colour, dots: values }) => {
    const offsets = spreadOf(values);
    return values.map((value, i) => ({ row, colour, value, offset: 0.4 * offsets[i]! - 0.2 }));
  });
  return layers(
    {
      name: "dots",
      data: { values: dots },
      mark: { type: "circle", size: 12, opacity: dotOpacity(dots.length) },
      encoding: {
        y,
        x: x("value"),
        yOffset: { field: "offset", type: "quantitative", scale: offset },
        color,
      },
    },
    {
      name: "cells",
      data: {
        values: rows.flatMap(({ row, colour, cells }) => cells.map((mean) => ({ row, colour, mean }))),
      },
      mark: { type: "tick", orient: "vertical", thickness: 1.2, size: 11, opacity: 0.55 },
      encoding: { y, x: x("mean"), color },
    },
    {
      name: "intervals",
      data: {
        values: rows.flatMap(({ row, colour, interval }) =>
          interval === null ? [] : [{ row, colour, low: interval.low, high: interval.high }],
        ),
      },
      mark: { type: "rule", strokeWidth: 2.5 },
      encoding: { y, x: x("low"), x2: { field: "high" }, color, ...below },
    },
    {
      name: "means",
      data: {
        values: rows.flatMap(({ row, colour, mean }) => (mean === null ? [] : [{ row, colour, mean }])),
      },
      mark: {
        type: "point",
        shape: "circle",
        filled: true,
        size: 52,
        opacity: 1,
        stroke: paper,
        strokeWidth: 1,
      },
      encoding: { y, x: x("mean"), color, ...below },
    },
  );
}

function captionOf(
  { levels, unit, estimand }: ComparisonFinding,
  { hasCells, hasDots }: { hasCells: boolean; hasDots: boolean },
): string {
  const interval = levels.find((level) => level.interval !== null)?.interval ?? null;
  const bars =
    interval === null
      ? `Each mark is the ${estimand.levelName} of a level; no interval could be computed.`
      : `Each mark is the ${estimand.levelName} of a level, the bar its ${Math.round(100 * interval.level)}% interval (${interval.method}).`;
  const ticks = hasCells ? " Ticks are the single conditions that it averages." : "";
  const dots = hasDots ? ` Dots are the single ${unit === "trial" ? "trials" : `values of a ${unit}`}.` : "";
  return `${bars}${ticks}${dots}`;
}
