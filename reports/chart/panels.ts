// Small multiples: panels with the same axes side by side, labels at the ends of lines or a key above, each panel with marks of its own.
// Vega-Lite's facets would hand every layer the same data, so the panels are concatenated and their axes worked out beforehand.
import type { Look } from "./arms-by-factor.ts";
import { type Axis, channelOf } from "./axis.ts";
import type { ChartSpec } from "./chart.ts";
import { layers } from "./encoding.ts";
import { faint, ink, paper } from "./ink.ts";
import { shortLabels } from "./short-labels.ts";
import { linesOf, textWidth } from "./text-width.ts";
import { themed } from "./theme.ts";

/** Channels of a field along the axes of a panel. */
export interface PanelAxes {
  readonly x: (field: string) => ChartSpec;
  readonly y: (field: string) => ChartSpec;
}

export interface Panel {
  readonly title: string | null;
  /** Drawn in this order; a layer without data is left out. */
  readonly layers: (axes: PanelAxes) => readonly (ChartSpec | null)[];
  /** Where lines end, to be labelled there in the last panel. */
  readonly ends?: readonly LineEnd[];
}

export interface LineEnd {
  readonly label: string;
  readonly look: Look;
  /** In the units of the y axis. */
  readonly y: number;
}

export interface KeyEntry {
  readonly label: string;
  readonly look: Look;
}

export interface PanelGrid {
  readonly panels: readonly Panel[];
  readonly x: Axis;
  readonly y: Axis;
  /** Every line of the picture, for a key where labels at the ends do not fit; empty for none. */
  readonly key: readonly KeyEntry[];
  /** Height of a panel; by their number unless told. */
  readonly height?: number;
  /** Whether levels are named at the ends of their lines rather than in a key: up to four in one row of panels unless told. */
  readonly isLabelledAtEnds?: boolean;
  /** False where lines have no marks, so that the key has none. */
  readonly hasMarks?: boolean;
}

/** Width of a figure across both columns of a journal, in pixels: 7 inches. */
export const figureWidth = 640;
const labelSize = 11;
const gap = 20;
const labelledMax = 4;
/** A label further than this from the end of its line, in pixels, is not read with it. */
const leaderMax = 20;
/** Room for labels at the ends of lines, in pixels and lines; longer ones stand in a key. */
const endWidth = 120;
const endLinesMax = 3;

/** How panels are cut: so many beside each other, each so wide and high. */
export function panelSize(count: number): {
  readonly columns: number;
  readonly width: number;
  readonly height: number;
} {
  const columns = count <= 4 ? count : count <= 6 ? 3 : 4;
  const width = count === 1 ? 420 : Math.floor((figureWidth - 150 - gap * (columns - 1)) / columns);
  return { columns, width, height: count === 1 ? 250 : columns <= 2 ? 220 : count <= 4 ? 190 : 140 };
}

/** The specification of the whole picture. */
export function panelSpec(grid: PanelGrid): ChartSpec {
  const { panels, key, x, y } = grid;
  const size = panelSize(panels.length);
  const height = grid.height ?? size.height;
  const isOneRow = panels.length <= size.columns;
  const placed = placedEnds(panels.at(-1)?.ends ?? [], y, height);
  const isClear = placed.every(
    ({ from, to, lines }) => Math.abs(from - to) <= leaderMax && lines.length <= endLinesMax,
  );
  const isLabelled =
    key.length > 1 && isOneRow && (grid.isLabelledAtEnds ?? (key.length <= labelledMax && isClear));
  const specs = panels.map((panel, i) => {
    const isFirst = i % size.columns === 0;
    const isBottom = i + size.columns >= panels.length;
    const axes: PanelAxes = {
      x: (field) => channelOf(field, x, isBottom),
      y: (field) => channelOf(field, { ...y, titleMax: height }, isFirst),
    };
    const ends = isLabelled && i === panels.length - 1 ? endLayers(placed, size.width) : [];
    return {
      ...(panel.title === null ? {} : { title: panelTitle(panel.title, size.width) }),
      width: size.width,
      height,
      // Names are unique in the whole picture.
      layer: layers(...panel.layers(axes), ...ends).map((layer) =>
        i === 0 ? layer : { ...layer, name: `${String(layer.name)}_p${i}` },
      ),
    };
  });
  const strip =
    !isLabelled && key.length > 1
      ? [keyStrip(key, size.columns * (size.width + gap), grid.hasMarks === false ? "bare-line" : "line")]
      : [];
  const [only] = specs;
  if (specs.length === 1 && strip.length === 0) return themed(only!);
  const rows =
    specs.length === 1 ? only! : { concat: specs, columns: size.columns, spacing: { column: gap, row: 14 } };
  return themed(strip.length === 0 ? rows : { vconcat: [...strip, rows], spacing: 6 });
}

function panelTitle(text: string, width: number): ChartSpec {
  return {
    text: linesOf(text, width, labelSize),
    anchor: "start",
    frame: "group",
    fontSize: labelSize,
    fontWeight: "bold",
    offset: 5,
  };
}

interface PlacedEnd extends LineEnd {
  /** Pixels from the top: of the line's end, and of the middle of its label. */
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

const lineHeight = 13;

/** Labels at the height where their lines end, moved apart where they would lie on each other. */
function placedEnds(ends: readonly LineEnd[], y: Axis, height: number): readonly PlacedEnd[] {
  const [low, high] = y.domain;
  const sorted = ends
    .map((end) => ({
      ...end,
      from: (height * (high - end.y)) / (high - low),
      lines: linesOf(end.label, endWidth, labelSize),
    }))
    .sort((a, b) => a.from - b.from);
  const places = apart(
    sorted.map(({ from, lines }) => ({ at: from, size: lineHeight * lines.length + 2 })),
    height,
  );
  return sorted.map((end, i) => ({ ...end, to: places[i]! }));
}

function endLayers(ends: readonly PlacedEnd[], width: number): readonly ChartSpec[] {
  const fixed = (field: string) => ({ field, type: "quantitative", scale: null, axis: null });
  return [
    {
      name: "leaders",
      data: {
        values: ends.flatMap(({ from, to }) => (Math.abs(from - to) > 3 ? [{ from, to }] : [])),
      },
      mark: { type: "rule", color: faint, strokeWidth: 0.8, opacity: 0.8 },
      encoding: {
        x: { value: width + 2 },
        x2: { value: width + 9 },
        y: fixed("from"),
        y2: { field: "to" },
      },
    },
    ...ends.map(({ lines, look, to }, i) => ({
      name: `label${i}`,
      data: { values: [{}] },
      mark: {
        type: "text",
        align: "left",
        baseline: "middle",
        fontSize: labelSize,
        lineHeight,
        fontWeight: "bold",
        color: look.colour,
        text: lines,
        clip: false,
      },
      encoding: {
        x: { value: width + 12 },
        y: { value: to - ((lines.length - 1) * lineHeight) / 2 },
      },
    })),
  ];
}

/** Middles of boxes moved as little as it takes that none lies on another, within 0 and `height` where they fit. */
export function apart(
  boxes: readonly { readonly at: number; readonly size: number }[],
  height: number,
): readonly number[] {
  const total = boxes.reduce((sum, { size }) => sum + size, 0);
  const tops: number[] = [];
  let free = Math.min(0, (height - total) / 2);
  for (const { at, size } of boxes) {
    const top = Math.max(free, at - size / 2);
    tops.push(top);
    free = top + size;
  }
  let end = Math.max(height, (height + total) / 2);
  for (let i = boxes.length - 1; i >= 0; i -= 1) {
    const { size } = boxes[i]!;
    tops[i] = Math.min(tops[i]!, end - size);
    end = tops[i]!;
  }
  return tops.map((top, i) => top + boxes[i]!.size / 2);
}

const keyLettersMax = 80;

/** A key in rows above a picture: a piece of line with its mark or a piece of area, then the level. */
export function keyStrip(
  key: readonly KeyEntry[],
  width: number,
  kind: "line" | "bare-line" | "area" = "line",
): ChartSpec {
  const rowHeight = 18;
  const symbolWidth = kind === "area" ? 12 : 26;
  let row = 0;
  let left = 0;
  const names = key.map(({ label }) => label.replace("\n", ", "));
  const short = shortLabels(names, keyLettersMax);
  const placed = key.map(({ look }, i) => {
    const text = short.get(names[i]!) ?? names[i]!;
    const own = symbolWidth + 6 + textWidth(text, labelSize) + 14;
    if (left > 0 && left + own > width) {
      row += 1;
      left = 0;
    }
    const place = { text, look, x: left, y: row * rowHeight + rowHeight / 2 };
    left += own;
    return place;
  });
  const data = { values: [{}] };
  return {
    width,
    height: (row + 1) * rowHeight,
    view: { stroke: null },
    layer: placed.flatMap(({ text, look, x, y }, i) => [
      ...(kind === "area"
        ? []
        : [
            {
              name: `keyline${i}`,
              data,
              mark: { type: "rule", color: look.colour, strokeWidth: 2, strokeDash: look.dash },
              encoding: { x: { value: x }, x2: { value: x + symbolWidth }, y: { value: y } },
            },
          ]),
      ...(kind === "bare-line"
        ? []
        : [
            {
              name: `keymark${i}`,
              data,
              mark: pointMark(look, kind === "area" ? 110 : 40),
              encoding: { x: { value: x + symbolWidth / 2 }, y: { value: y } },
            },
          ]),
      {
        name: `keytext${i}`,
        data,
        mark: { type: "text", align: "left", baseline: "middle", fontSize: labelSize, color: ink, text },
        encoding: { x: { value: x + symbolWidth + 6 }, y: { value: y } },
      },
    ]),
  };
}

/** The mark of an estimate: filled with its colour, or with paper where its level is drawn hollow. */
export function pointMark(look: Look, size: number): ChartSpec {
  return {
    type: "point",
    shape: look.shape,
    size,
    fill: look.isFilled ? look.colour : paper,
    stroke: look.colour,
    strokeWidth: 1.4,
    opacity: 1,
  };
}
