// Heat map of means over two factors, each cell with its number written in it, so that no one has to read a colour.

import { extentOf } from "../analysis/estimates/extent.ts";
import type { InteractionFinding } from "../analysis/finding.ts";
import { decimalsFor, numberText } from "../analysis/words/number-text.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { layers, ordered } from "./encoding.ts";
import { plotWidth, themed } from "./theme.ts";

/** Null when fewer than two cells have a mean. */
export function heatMapChart(experiment: string, finding: InteractionFinding): Chart | null {
  const [first, second] = finding.factors;
  const held = finding.cells.filter((cell) => cell.mean !== null);
  const extent = extentOf(held.map((cell) => cell.mean!));
  if (held.length < 2 || extent === null) return null;
  const decimals = decimalsFor((extent.high - extent.low) / 10) ?? 3;
  const middle = (extent.low + extent.high) / 2;
  const cells = held.map((cell) => ({
    first: cell.first,
    second: cell.second,
    mean: cell.mean!,
    text: numberText(cell.mean, decimals),
    isDark: cell.mean! < middle,
  }));
  const rows = [...new Set(finding.cells.map((cell) => cell.first))];
  const columns = [...new Set(finding.cells.map((cell) => cell.second))];
  const y = {
    ...ordered("first", rows, { title: first, domain: false, ticks: false }),
    scale: { domain: rows, padding: 0 },
  };
  const x = {
    ...ordered("second", columns, { title: second, labelAngle: 0, domain: false, ticks: false }),
    scale: { domain: columns, padding: 0 },
  };
  return {
    id: chartIdOf(experiment, finding.id, "heat-map"),
    title: `Mean ${finding.metric} by ${first} and ${second}`,
    caption:
      "Each cell is the mean of its measured trials, averaged over the other factors with equal weights; intervals are in the tables.",
    alt: `Heat map. ${cells
      .slice(0, 40)
      .map((cell) => `${first} ${cell.first}, ${second} ${cell.second}: ${cell.text}`)
      .join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: { step: 30 },
      data: { values: cells },
      layer: layers(
        {
          name: "cells",
          mark: { type: "rect" },
          encoding: {
            x,
            y,
            color: {
              field: "mean",
              type: "quantitative",
              scale: { scheme: "viridis", zero: false, domain: [extent.low, extent.high] },
              legend: { title: finding.metric, gradientLength: plotWidth / 2 },
            },
          },
        },
        columns.length > 12
          ? null
          : {
              name: "numbers",
              mark: { type: "text", fontSize: 11 },
              encoding: {
                x,
                y,
                text: { field: "text", type: "nominal" },
                color: { condition: { test: "datum.isDark", value: "#ffffff" }, value: "#000000" },
              },
            },
      ),
    }),
  };
}
