// The marks of a row in a cell: interval, adjusted interval, estimate, beside the line where levels are alike. Hidden from screen readers,
// since the same numbers stand in the row. No text in it but the axis.

import { type Html, html } from "../html.ts";
import type { FindingRow } from "../rows/finding-row.ts";
import type { GlyphAxis } from "./glyph-axis.ts";

/** The row's marks on the axis; nothing where there is no estimate. */
export function glyphOf(
  row: Pick<FindingRow, "estimate" | "interval" | "adjusted" | "state"> & Partial<Pick<FindingRow, "ticks">>,
  axis: GlyphAxis | null,
  height = 22,
): Html | null {
  const { estimate, interval, adjusted, ticks = [] } = row;
  if (axis === null || estimate === null || !Number.isFinite(estimate)) return null;
  const y = height / 2;
  const isExact = interval !== null && interval.low === interval.high;
  const beyond = axis.beyond(estimate);
  return html`<svg class="marks${row.state === "open" && " open"}" width="100%" height="${height}" aria-hidden="true">${ground(axis, height)}${ticks.map((tick) => axis.beyond(tick) === 0 && html`<line class="tick" x1="${axis.at(tick)}%" x2="${axis.at(tick)}%" y1="${y - 4}" y2="${y + 4}"/>`)}${
    adjusted !== null && line("thin", axis, adjusted, y)
  }${interval !== null && !isExact && line("line", axis, interval, y)}${
    beyond !== 0
      ? html`<svg x="${beyond < 0 ? 0 : 100}%" y="${y}" overflow="visible"><path class="arrow" d="${beyond < 0 ? "M-1 0l8 -5v10z" : "M1 0l-8 -5v10z"}"/></svg>`
      : isExact
        ? html`<line class="exact" x1="${axis.at(estimate)}%" x2="${axis.at(estimate)}%" y1="3" y2="${height - 3}"/>`
        : html`<circle class="${row.state === "open" || interval === null ? "hollow" : "dot"}" cx="${axis.at(estimate)}%" cy="${y}" r="4"/>`
  }</svg>`;
}

/** What stands behind every row of a group: the band where a claim holds, and the line where levels are alike. */
function ground({ reference, band, at }: GlyphAxis, height: number): Html {
  const left = band === null ? 0 : at(band.low);
  return html`${band !== null && html`<rect class="band" x="${left}%" width="${Math.round(10 * (at(band.high) - left)) / 10}%" y="0" height="${height}"/>`}${
    reference !== null &&
    html`<line class="reference" x1="${at(reference)}%" x2="${at(reference)}%" y1="0" y2="${height}"/>`
  }`;
}

function line(
  kind: "line" | "thin",
  { at }: GlyphAxis,
  { low, high }: { readonly low: number; readonly high: number },
  y: number,
): Html {
  return html`<line class="${kind}" x1="${at(low)}%" x2="${at(high)}%" y1="${y}" y2="${y}"/>`;
}

/** The ticks of an axis, for the head of its column; on a phone only the ends and the reference. */
export function axisHead(axis: GlyphAxis | null): Html | null {
  if (axis === null) return null;
  return html`<svg class="axis" width="100%" height="16" aria-hidden="true">${axis.ticks.map(
    ({ percent, label, isMiddle }) =>
      html`<text${isMiddle && html` class="middle"`} x="${percent}%" y="11" text-anchor="${percent < 3 ? "start" : percent > 97 ? "end" : "middle"}">${label}</text>`,
  )}</svg>`;
}
