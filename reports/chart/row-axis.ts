// The axis of a chart whose rows have labels at the left: long labels wrap, and none is cut so that two look the same. Rows go by
// number, so that two may bear the same name.
import type { ChartSpec } from "./chart.ts";
import { shortLabels } from "./short-labels.ts";
import { linesOf } from "./text-width.ts";
import { rowAxis } from "./theme.ts";

/** Pixels that labels take at the left, and letters of a label before its middle is left out. */
const labelWidth = 210;
const lettersMax = 96;
const fontSize = 11;

/** The field "row" holds the number of the row as text: "0", "1" ... */
export function rowChannel(labels: readonly string[], title: string): ChartSpec {
  const domain = labels.map((_, i) => String(i));
  return {
    field: "row",
    type: "nominal",
    sort: domain,
    scale: { domain, paddingInner: 0, paddingOuter: 0 },
    axis: {
      ...rowAxis(title),
      labelExpr: `${JSON.stringify(wrapped(labels))}[toNumber(datum.value)]`,
      labelLimit: 0,
      labelLineHeight: 12,
      labelFontSize: fontSize,
    },
  };
}

function wrapped(labels: readonly string[]): readonly (readonly string[])[] {
  const short = shortLabels(labels, lettersMax);
  return labels.map((label) => linesOf(short.get(label) ?? label, labelWidth, fontSize));
}

/** Height of a row that holds every label, in pixels; at least `least`. */
export function rowStep(labels: readonly string[], least: number): number {
  const most = Math.max(1, ...wrapped(labels).map(({ length }) => length));
  return Math.max(least, most * 12 + 6);
}
