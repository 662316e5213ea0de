// Drawings with their captions, all at one scale so that their letters have one size.
import type { Chart } from "../chart/chart.ts";
import { type Html, html, trusted } from "./html.ts";

interface Drawn {
  readonly chart: Chart;
  readonly svg: string;
}

/** Null without drawings. */
export function figures(charts: readonly Drawn[]): Html | null {
  return charts.length === 0 ? null : html`<div class="figures">${charts.map(figure)}</div>`;
}

/** Wider than this a drawing on a phone scrolls in its place, since its letters could not be read. */
const wideWidth = 560;

export function figure({ chart, svg }: Drawn): Html {
  const width = widthOf(svg);
  const isWide = width > wideWidth;
  const picture = isWide
    ? html`<div class="picture wide" tabindex="0" role="region" aria-label="${chart.title}: drawing, scrolls sideways">${trusted(svg)}</div>`
    : html`<div class="picture">${trusted(svg)}</div>`;
  return html`<figure id="${chart.id}" style="--width:${width}px">${picture}<figcaption><b>${chart.title}.</b> ${chart.caption}</figcaption></figure>`;
}

const drawingScale = 1.15;

function widthOf(svg: string): number {
  const width = Number(/<svg[^>]* width="([0-9.]+)"/.exec(svg)?.[1]);
  return Math.round(drawingScale * (Number.isFinite(width) ? width : 400));
}
