// Encodings that several charts share: colours by level, a numeric axis, a rule for an interval, a ringed mark for a mean.
import type { ChartSpec } from "./chart.ts";
import { hues, ink, rampOf } from "./ink.ts";
import { withShortLabels } from "./short-labels.ts";

/** Dashes that tell few lines apart where colours are not seen. */
const dashes = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 2, 2, 2],
  [4, 1],
  [1, 3],
] as const;

/** A hue of its own for each of few levels, a shade of its own for each of many: no colour stands for two. */
function colourOf(index: number, count: number): string {
  return count > hues.length ? rampOf(index / (count - 1)) : hues[index]!;
}

/** Colour by a nominal field, with a legend titled after the factor; one level gives one colour and no legend. */
export function colourBy(field: string, levels: readonly string[], title: string | null): ChartSpec {
  if (levels.length < 2) return { value: hues[0] };
  return {
    field,
    type: "nominal",
    sort: levels,
    scale: { domain: levels, range: levels.map((_, i) => colourOf(i, levels.length)) },
    legend: { title, columns: legendColumns(levels) },
  };
}

/** Dashes by the same field as the colour, merged into the same legend. */
export function dashBy(field: string, levels: readonly string[], title: string | null): ChartSpec {
  if (levels.length < 2) return { value: [1, 0] };
  return {
    field,
    type: "nominal",
    sort: levels,
    scale: {
      domain: levels,
      range: levels.map((_, i) => (levels.length > dashes.length ? dashes[0] : dashes[i])),
    },
    legend: { title, columns: legendColumns(levels) },
  };
}

/** A legend that shows lines as lines: areas and dots of the same colour would make them discs. */
export function lineLegend(encoding: ChartSpec): ChartSpec {
  const { legend } = encoding;
  return legend === undefined
    ? encoding
    : {
        ...encoding,
        legend: { ...(legend as ChartSpec), symbolType: "stroke", symbolSize: 260, symbolStrokeWidth: 2 },
      };
}

/** How strongly a dot is drawn: fully where there are few, faintly where many lie on each other. */
export function dotOpacity(dots: number): number {
  return dots <= 60 ? 0.85 : dots <= 400 ? 0.5 : 0.3;
}

/** A numeric axis that need not start at zero. */
export function numeric(field: string, title: string, options: ChartSpec = {}): ChartSpec {
  return {
    field,
    type: "quantitative",
    scale: { zero: false, nice: true, padding: 6 },
    axis: { title, grid: true, tickCount: 5 },
    ...options,
  };
}

/** Categories in the given order along an axis. */
export function ordered(field: string, levels: readonly string[], axis: ChartSpec): ChartSpec {
  return {
    field,
    type: "nominal",
    sort: levels,
    scale: { domain: levels, padding: 0.3 },
    axis: withShortLabels(axis, levels),
  };
}

export const intervalMark: ChartSpec = { type: "rule", strokeWidth: 3, strokeCap: "round" };
export const meanMark: ChartSpec = {
  type: "point",
  filled: true,
  size: 46,
  opacity: 1,
  stroke: ink,
  strokeWidth: 1,
};

/** A thin dashed line at a value of reference. */
export function referenceLine(axis: "x" | "y", value: number): ChartSpec {
  return {
    name: "reference",
    data: { values: [{ value }] },
    mark: { type: "rule", color: ink, strokeDash: [4, 3], opacity: 0.7 },
    encoding: { [axis]: { field: "value", type: "quantitative" } },
  };
}

/** Leaves out a layer whose data are empty, which would have no extent for its scale, and numbers those that share a name. */
export function layers(...parts: readonly (ChartSpec | null)[]): readonly ChartSpec[] {
  const counts = new Map<unknown, number>();
  return parts.flatMap((part) => {
    if (part === null) return [];
    const { data, name } = part as {
      readonly data?: { readonly values?: readonly unknown[] };
      readonly name?: string;
    };
    if (data?.values !== undefined && data.values.length === 0) return [];
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return [count === 1 || name === undefined ? part : { ...part, name: `${name}_${count}` }];
  });
}

/** Vega estimates text generously, so long labels get fewer columns to stay within the width of the plot. */
function legendColumns(levels: readonly string[]): number {
  const longest = levels.reduce((most, level) => Math.max(most, level.length), 1);
  return Math.max(1, Math.min(5, Math.floor(42 / (longest + 4))));
}
