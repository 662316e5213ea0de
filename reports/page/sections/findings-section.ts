// All findings in one table: a group an analysis with an axis and a unit of its own, a row an estimate, nothing left out but what a table
// of thousands of rows would be.
import { shareText } from "../../analysis/stopping.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import { axisHead, glyphOf } from "../glyphs/glyph.ts";
import { type GlyphAxis, glyphAxisOf } from "../glyphs/glyph-axis.ts";
import { type Html, html } from "../html.ts";
import type { PagePart } from "../page-part.ts";
import { type FindingRow, labelsOf, type RowGroup, rowsOf } from "../rows/finding-row.ts";
import { decidedCount } from "../rows/headline.ts";
import { bareP, estimateText, formatOf, type NumberFormat } from "../rows/row-text.ts";
import { againstHtml, labelHtml, type ShownLabels } from "../rows/shown-labels.ts";
import { scrolling } from "../scrolling.ts";

/** Rows of one group in the table; nobody reads on at row 200. */
const rowsMax = 200;

export function findingsSection(part: PagePart): Html | null {
  const { groups } = part;
  if (groups.length === 0) return null;
  const counts = groups.map(decidedCount);
  const decided = counts.reduce((sum, each) => sum + each.decided, 0);
  const asked = counts.reduce((sum, each) => sum + each.asked, 0);
  const rows = groups.flatMap(rowsOf);
  const hasEffect = rows.some(({ effect }) => effect !== null);
  const hasTicks = rows.some(({ ticks }) => ticks.length > 0);
  const hasAdjusted = rows.some(({ adjusted }) => adjusted !== null);
  const level = levelOf(groups);
  return html`<section id="${part.anchor("findings")}" aria-label="All findings"><h2>All findings</h2>
<div class="controls">${asked > decided && html`<label><input type="checkbox" class="only-decided"> only decided (${numberText(decided)} of ${numberText(asked)})</label>`}${hasEffect && html`<label class="order" hidden>order <select><option value="declared">as declared</option><option value="effect">by size of effect</option></select></label>`}<span>● decided &nbsp; ○ inconclusive &nbsp; thick: ${level} interval${hasAdjusted && html` &nbsp; thin: holds together with its family`}${hasTicks && html` &nbsp; ticks: single conditions`}</span></div>
${scrolling(
  "All findings",
  html`<table class="data findings"><thead><tr><th scope="col">finding</th><th scope="col" class="glyph">interval</th><th scope="col" class="number">estimate [${level} interval]</th><th scope="col">verdict</th><th scope="col" class="number">p</th>${hasEffect && html`<th scope="col" class="number">effect size</th>`}<th scope="col" class="number">n</th></tr></thead>
${groups.map((group) => groupBody(part, group, hasEffect))}</table>`,
)}</section>`;
}

/** Of the intervals of the analyses, in percent; a stopping rule says its own. */
function levelOf(groups: readonly RowGroup[]): string {
  const rows = groups.filter(({ findings }) => findings.length > 0).flatMap(rowsOf);
  return shareText(rows.find(({ interval }) => interval?.level !== undefined)?.interval?.level ?? 0.95);
}

function groupBody(part: PagePart, group: RowGroup, hasEffect: boolean): Html {
  const rows = rowsOf(group);
  const first = group.findings[0];
  const isGate = first?.kind === "gate";
  const axis = isGate ? null : glyphAxisOf(rows, group.scale);
  const look: RowLook = {
    axis,
    format: formatOf(group),
    labels: labelsOf(group),
    effectName: commonEffect(rows),
    hasEffect,
    isGate,
  };
  const columns = hasEffect ? 5 : 4;
  const effect = look.effectName === null ? "" : `, effect: ${look.effectName}`;
  const isPrimary = group === part.headline.group;
  let left = rows.length > rowsMax ? rowsMax / 2 : rowsMax;
  const parts = group.parts.map(({ head, rows: own }) => {
    const shown = own.slice(0, left);
    left -= shown.length;
    const hasHead = head !== null && shown.length > 0;
    return html`${hasHead && html`<tr class="part"><th scope="rowgroup">${head}</th><td></td><td colspan="${columns}"></td></tr>\n`}${shown.map((row) => rowHtml(row, look))}`;
  });
  const more = rows.length > rowsMax ? rows.length - rowsMax / 2 : 0;
  return html`<tbody><tr class="group"><th scope="rowgroup"><a href="#${part.anchor(group.anchor)}">${group.title}</a>${isPrimary && html` <span class="tag">· primary</span>`}${first?.isConfirmatory === false && html` <span class="tag">· exploratory</span>`}</th><td class="glyph">${axisHead(axis)}</td><td colspan="${columns}" class="small soft">${group.note}${effect}${look.labels.shared !== null && html`<br>${look.labels.shared}`}</td></tr>
${parts}${more > 0 && html`<tr class="row decided"><th scope="row" class="soft">and ${numberText(more)} more rows</th><td></td><td colspan="${columns}" class="soft">all of them are in the CSV and JSON files beside this page</td></tr>`}</tbody>
`;
}

interface RowLook {
  readonly axis: GlyphAxis | null;
  readonly format: NumberFormat;
  readonly labels: ShownLabels;
  /** The effect size of all rows; null where they have several or none. */
  readonly effectName: string | null;
  readonly hasEffect: boolean;
  /** Gates have ranges of their own, drawn under Gates. */
  readonly isGate: boolean;
}

function commonEffect(rows: readonly FindingRow[]): string | null {
  const names = new Set(rows.flatMap(({ effect }) => (effect === null ? [] : [effect.name])));
  return names.size === 1 ? [...names][0]! : null;
}

function rowHtml(row: FindingRow, { axis, format, labels, effectName, hasEffect, isGate }: RowLook): Html {
  const kind = row.state === "described" ? "" : ` ${row.state}`;
  const words = row.state === "decided" ? html`<b>${row.verdict}</b>` : row.verdict;
  const label = html`<th scope="row">${labelHtml(row.label, labels)}${againstHtml(row, labels)}</th>`;
  if (row.estimate === null && row.p === null && row.n === "")
    return html`<tr class="row${kind}">${label}<td class="words" colspan="${hasEffect ? 6 : 5}">${words}</td></tr>\n`;
  const effect =
    row.effect === null
      ? ""
      : html`${effectName === null && html`<span class="soft">${row.effect.name}</span> `}${bareNumber(row.effect.value)}`;
  const own = isGate ? { decimals: null, isSigned: false } : format;
  return html`<tr class="row${kind}"${row.effect !== null && html` data-effect="${Math.abs(row.effect.value)}"`}>${label}<td class="glyph">${!isGate && glyphOf(row, axis)}</td><td class="number">${estimateText(row, own)}</td><td class="verdict-words">${words}</td><td class="number">${row.p === null ? "" : bareP(row.p)}</td>${hasEffect && html`<td class="number">${effect}</td>`}<td class="number">${row.n}</td></tr>\n`;
}

function bareNumber(value: number): string {
  return numberText(value, 2);
}
