// Sizes and the Vega-Lite configuration that every chart shares; its colours are in ink.ts.
import type { ChartSpec } from "./chart.ts";
import { hues, ink, soft } from "./ink.ts";

/** Width of a plot in pixels at 96 dpi, chosen so that with its labels it fills a journal column of 3.5 inches or a bit more. */
export const plotWidth = 300;

/** Of the titles of axes. */
export const axisTitleSize = 11.5;

const font = "Helvetica, Arial, Liberation Sans, sans-serif";

/** Shared configuration. `aria` is off because the page gives each drawing one text with the numbers instead of a label a dot. */
export const config: ChartSpec = {
  aria: false,
  background: "transparent",
  font,
  padding: 4,
  view: { stroke: null },
  axis: {
    domainColor: ink,
    domainOpacity: 0.6,
    grid: false,
    gridColor: ink,
    gridOpacity: 0.12,
    labelColor: soft,
    labelFontSize: 11,
    labelLimit: 190,
    tickColor: ink,
    tickOpacity: 0.6,
    tickRound: false,
    tickSize: 4,
    titleColor: soft,
    titleFontSize: axisTitleSize,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  legend: {
    labelColor: ink,
    labelFontSize: 11,
    labelLimit: 200,
    orient: "top",
    symbolOpacity: 1,
    titleColor: ink,
    titleFontSize: 11,
    titleFontWeight: "bold",
  },
  header: { labelColor: ink, labelFontSize: 11, labelFontWeight: "bold", titleColor: ink, titleFontSize: 11 },
  title: { color: ink, fontSize: 12 },
  range: { category: [...hues] },
  text: { fill: ink, fontSize: 10.5 },
};

/** A specification with the schema's address and the shared configuration. */
export function themed(spec: ChartSpec): ChartSpec {
  return { $schema: "https://vega.github.io/schema/vega-lite/v6.json", config, ...spec };
}

/** Axis of a chart whose rows are labelled at the left: the title stands flat above the labels, where it is read first. */
export function rowAxis(title: string): ChartSpec {
  return {
    title: title === "" ? null : title,
    titleAngle: 0,
    titleAlign: "right",
    titleBaseline: "bottom",
    titleX: -6,
    titleY: -4,
    domain: false,
    ticks: false,
    labelPadding: 6,
  };
}
