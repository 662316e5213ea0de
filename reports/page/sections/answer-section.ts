// The answer, before any heading: the question, a word about the evidence, a sentence, the estimate large with its interval, the primary
// analysis as rows of marks, and its drawing beside them.
import type { Provenance } from "../../../runtime/record/trial-table.ts";
import type { MetricSummary } from "../../analysis/analysis.ts";
import type { Finding } from "../../analysis/finding.ts";
import { shareText } from "../../analysis/stopping.ts";
import { intervalText, numberText } from "../../analysis/words/number-text.ts";
import { whenRan } from "../../analysis/words/when-ran.ts";
import { figure } from "../figures.ts";
import { axisHead, glyphOf } from "../glyphs/glyph.ts";
import { type GlyphAxis, glyphAxisOf } from "../glyphs/glyph-axis.ts";
import { type Html, html } from "../html.ts";
import type { PagePart } from "../page-part.ts";
import { betweenText, type FindingRow, labelsOf, type RowGroup, rowsOf } from "../rows/finding-row.ts";
import { decidedCount, type Headline } from "../rows/headline.ts";
import { formatOf, valueText } from "../rows/row-text.ts";
import { againstHtml, labelHtml, type ShownLabels } from "../rows/shown-labels.ts";

export function answerSection(part: PagePart, provenance: Provenance): Html {
  const { experiment, headline, lead } = part;
  const { word, sentence } = headline;
  return html`<header id="${part.anchor("answer")}">
<p class="meta">${metaParts(part, provenance).map((each, i) => html`${i > 0 && " · "}${each}`)}</p>
<h1>${experiment.question ?? experiment.name}</h1>
${experiment.description !== null && html`<p class="lead">${experiment.description}</p>`}
<div class="answer${lead === null && " alone"}"><div>
<p class="verdict"><b>${word}</b> ${sentence}</p>
${headline.row !== null && headline.group !== null && estimate(headline, { group: headline.group, row: headline.row, metrics: experiment.metrics })}
${headline.group !== null && primaryRows(part, headline.group)}
</div>${lead !== null && figure(lead)}</div>
</header>`;
}

function metaParts({ experiment }: PagePart, provenance: Provenance): readonly string[] {
  const { registration } = experiment;
  const registered =
    registration === null
      ? []
      : [
          `registered ${dateText(registration.at)} as ${registration.hash.slice(0, 8)}${registration.isBeforeData ? "" : ", after the first data"}, ${departures(registration.deviations.length)}`,
        ];
  return [
    ...(experiment.question === null ? [] : [experiment.name]),
    `run ${provenance.runName === null ? provenance.run : `${provenance.runName} (${provenance.run})`}`,
    whenRan(provenance, dateText),
    ...registered,
  ];
}

function departures(count: number): string {
  return count === 0 ? "no departures" : count === 1 ? "1 departure" : `${count} departures`;
}

const months = "January February March April May June July August September October November December".split(
  " ",
);

/** "19 January 2026" of an ISO date. */
function dateText(iso: string): string {
  const [year, month, day] = iso.slice(0, 10).split("-");
  return `${Number(day)} ${months[Number(month) - 1]} ${year}`;
}

/** What the estimate is measured in. */
function unitOf(finding: Finding, metrics: readonly MetricSummary[]): string | null {
  if ("estimand" in finding) return finding.estimand.unit;
  return finding.kind === "interaction"
    ? (metrics.find(({ name }) => name === finding.metric)?.unit ?? null)
    : null;
}

function estimate(
  { isOpen, within }: Headline,
  {
    group,
    row,
    metrics,
  }: { readonly group: RowGroup; readonly row: FindingRow; readonly metrics: readonly MetricSummary[] },
): Html | null {
  if (row.estimate === null) return null;
  const format = formatOf(group);
  const { interval } = row;
  const first = group.findings[0];
  const unit = first === undefined ? null : unitOf(first, metrics);
  const level = shareText(interval?.level ?? 0.95);
  const whole =
    interval === null
      ? null
      : html`<b title="${level} interval">${intervalText(interval, format.decimals)}</b> `;
  return html`<p class="estimate${isOpen && " open"}"><span class="number">${valueText(row.estimate, format)}</span><span class="interval">${whole}${unit ?? ""}</span></p>
<p class="of">${wordsOf(group, row, within)}${row.interval !== null && html` <span class="soft">(${level} interval)</span>`}</p>`;
}

/** "peak, difference of means: b − a, where c = 1". */
function wordsOf(group: RowGroup, { label, against }: FindingRow, within: string | null): string {
  const [first] = group.findings;
  const { text } = labelsOf(group);
  const shown = (level: string) => text.get(level) ?? level;
  const between = betweenText({
    label: shown(label),
    against: against === null ? null : { ...against, level: shown(against.level) },
  });
  const where = within === null ? "" : `, where ${within}`;
  if (first === undefined) return between;
  if (first.kind === "interaction")
    return `effect of ${within ?? first.factors.at(-1)} on ${first.metric}: ${between}`;
  return "estimand" in first
    ? `${first.metric}, ${first.estimand.name}: ${between}${where}`
    : `${between}${where}`;
}

/** Rows of the primary analysis that stand beside its drawing; all of them stand in the table of findings. */
const rowsMax = 8;

function primaryRows(part: PagePart, group: RowGroup): Html | null {
  const all = rowsOf(group);
  const axis = glyphAxisOf(all, { ...group.scale, range: null });
  const format = formatOf(group);
  const labels = labelsOf(group);
  const hasMarks = all.some(({ estimate }) => estimate !== null);
  const { decided, asked } = decidedCount(group);
  const isShort = all.every((row) => betweenText(row).length <= 14);
  const led = part.headline.row;
  // The row that leads is among them wherever it stands.
  const shown = new Set(all.slice(0, rowsMax));
  if (led !== null && !shown.has(led)) shown.delete(all[rowsMax - 1]!) && shown.add(led);
  const parts = group.parts.flatMap(({ head, rows }) => {
    const own = rows.filter((row) => shown.has(row));
    return own.length === 0 ? [] : [{ head, own }];
  });
  const more = all.length - rowsMax;
  return html`<table class="rows${isShort && " short"}"><caption class="hidden">${group.title}: ${group.note}</caption>
${hasMarks && html`<thead><tr><th scope="col" class="label">${headOf(group)}${labels.shared !== null && html` <span class="why">${labels.shared}</span>`}</th><th scope="col" class="glyph">${axisHead(axis)}<span class="hidden">interval</span></th><th scope="col" class="value-cell"><span class="hidden">estimate</span></th><th scope="col"><span class="hidden">verdict</span></th></tr></thead>`}
<tbody>${parts.map(({ head, own }) => html`${head !== null && group.parts.length > 1 && html`<tr><th scope="rowgroup" colspan="4" class="soft">${head}</th></tr>`}${own.map((row) => primaryRow(row, { axis, format, labels, hasMarks }))}`)}</tbody></table>
<p class="small soft">${asked > 0 && `${numberText(decided)} of ${numberText(asked)} ${asked === 1 ? "row is" : "rows are"} decided. `}${groupWords(group)} ${more > 0 && html`<a href="#${part.anchor("findings")}">${numberText(more)} more ${more === 1 ? "row" : "rows"} in all findings</a>. `}<a href="#${part.anchor(group.anchor)}">How it was computed</a></p>`;
}

function headOf({ findings: [first] }: RowGroup): string {
  return first !== undefined && "factor" in first && first.factor !== null ? first.factor : "";
}

function groupWords({ note }: RowGroup): string {
  return note === "" ? "" : `${note[0]!.toUpperCase()}${note.slice(1)}.`;
}

interface RowLook {
  readonly axis: GlyphAxis | null;
  readonly format: ReturnType<typeof formatOf>;
  readonly labels: ShownLabels;
  readonly hasMarks: boolean;
}

function primaryRow(row: FindingRow, { axis, format, labels, hasMarks }: RowLook): Html {
  const label = html`${labelHtml(row.label, labels)}${againstHtml(row, labels)}`;
  const words = row.state === "decided" ? html`<b>${row.verdict}</b>` : row.verdict;
  const open = row.state === "open" && html` class="open"`;
  if (!hasMarks)
    return html`<tr${open}><th scope="row">${label}</th><td class="verdict-words" colspan="3">${words}</td></tr>`;
  return html`<tr${open}><th scope="row">${label}</th><td class="glyph">${glyphOf(row, axis)}</td><td class="whole"><span class="value">${row.estimate === null ? "" : valueText(row.estimate, format)}</span></td><td class="verdict-words">${words}</td></tr>`;
}
