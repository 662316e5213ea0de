// Means over two factors as a matrix: each cell with its number written in it on one hue from pale to dark, so that no one has to read a
// colour; labels with the fewest digits that tell the levels apart.
import { extentOf } from "../analysis/estimates/extent.ts";
import { decimalsFor, numberText } from "../analysis/words/number-text.ts";
import { distinctNumbers } from "./axis.ts";
import type { Chart, ChartSpec } from "./chart.ts";
import { layers } from "./encoding.ts";
import { ink, paper, shadeOf } from "./ink.ts";
import { figureWidth } from "./panels.ts";
import { rowChannel, rowStep } from "./row-axis.ts";
import { shortLabels } from "./short-labels.ts";
import { linesOf, textWidth } from "./text-width.ts";
import { themed } from "./theme.ts";

export interface MatrixInput {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly rows: MatrixSide;
  readonly columns: MatrixSide;
  /** By index of row and column; a cell without a value is left out. */
  readonly cells: readonly { readonly row: number; readonly column: number; readonly value: number }[];
  readonly isShare: boolean;
}

export interface MatrixSide {
  readonly name: string;
  readonly levels: readonly string[];
  readonly isNumeric: boolean;
}

const fontSize = 10.5;
const cellsMax = 600;
const columnsMax = 30;

/** Null when fewer than two cells have a value, or more than can be told apart. */
export function matrixChart(input: MatrixInput): Chart | null {
  const { rows, columns, cells, isShare } = input;
  const extent = extentOf(cells.map(({ value }) => value));
  if (cells.length < 2 || extent === null) return null;
  if (rows.levels.length * columns.levels.length > cellsMax || columns.levels.length > columnsMax)
    return null;
  const decimals = decimalsFor((extent.high - extent.low) / 10) ?? 2;
  const textOf = (value: number) =>
    isShare ? `${numberText(100 * value, Math.max(0, decimals - 2))}%` : numberText(value, decimals);
  const names = labelsOf(columns);
  const rowNames = labelsOf(rows);
  const width = Math.min(64, Math.max(30, Math.floor((figureWidth - 110) / columns.levels.length)));
  const values = cells.map(({ row, column, value }) => {
    const share = extent.high > extent.low ? (value - extent.low) / (extent.high - extent.low) : 0.5;
    return {
      row: String(row),
      column: String(column),
      value,
      text: textOf(value),
      shade: shadeOf(Math.round(20 * share) / 20),
      ink: share > 0.6 ? paper : ink,
    };
  });
  const isWritten = values.every(({ text }) => textWidth(text, fontSize) <= width - 4);
  return {
    id: input.id,
    title: input.title,
    caption: `${input.caption}${isWritten ? "" : ` Cells run from ${textOf(extent.low)}, palest, to ${textOf(extent.high)}, darkest.`}`,
    alt: `Matrix of ${rows.name} by ${columns.name}. ${cells
      .slice(0, 40)
      .map(
        ({ row, column, value }) =>
          `${rows.name} ${rowNames[row]}, ${columns.name} ${names[column]}: ${textOf(value)}`,
      )
      .join("; ")}.`,
    spec: matrixSpec(values, { names, rowNames, width, input, isWritten }),
  };
}

function matrixSpec(
  values: readonly object[],
  drawn: {
    readonly names: readonly string[];
    readonly rowNames: readonly string[];
    readonly width: number;
    readonly input: MatrixInput;
    readonly isWritten: boolean;
  },
): ChartSpec {
  const { names, rowNames, width, input, isWritten } = drawn;
  const domain = names.map((_, i) => String(i));
  const isFlat = names.every((name) => textWidth(name, 11) <= width - 4);
  const x = {
    field: "column",
    type: "nominal",
    sort: domain,
    scale: { domain, paddingInner: 0, paddingOuter: 0 },
    axis: {
      orient: "top",
      title: input.columns.name,
      titleAnchor: "start",
      domain: false,
      ticks: false,
      labelPadding: 4,
      labelLimit: 0,
      labelOverlap: false,
      labelAngle: isFlat ? 0 : -40,
      labelExpr: `${JSON.stringify(isFlat ? names : names.map((name) => linesOf(name, 120, 11)))}[toNumber(datum.value)]`,
    },
  };
  const y = rowChannel(rowNames, input.rows.name);
  return themed({
    width: { step: width },
    height: { step: rowStep(rowNames, 20) },
    data: { values },
    layer: layers(
      {
        name: "cells",
        mark: { type: "rect", stroke: paper, strokeWidth: 1 },
        encoding: { x, y, color: { field: "shade", type: "nominal", scale: null, legend: null } },
      },
      isWritten
        ? {
            name: "numbers",
            mark: { type: "text", fontSize },
            encoding: {
              x,
              y,
              text: { field: "text", type: "nominal" },
              color: { field: "ink", type: "nominal", scale: null, legend: null },
            },
          }
        : null,
    ),
  });
}

function labelsOf({ levels, isNumeric }: MatrixSide): readonly string[] {
  if (isNumeric) return distinctNumbers(levels);
  const short = shortLabels(levels, 28);
  return levels.map((level) => (short.get(level) ?? level).replace("\n", ", "));
}
