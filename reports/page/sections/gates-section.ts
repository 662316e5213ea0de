// Gates: each claim with its state, the condition that decides it and where the claim holds, shaded. Those that do not pass stand first.
import type { GateClaim } from "../../../lib/experiment/analysis-spec.ts";
import type { ExperimentAnalysis } from "../../analysis/analysis.ts";
import type { GateFinding } from "../../analysis/finding.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import { dataTable } from "../data-table.ts";
import { axisHead, glyphOf } from "../glyphs/glyph.ts";
import { glyphAxisOf } from "../glyphs/glyph-axis.ts";
import { type Html, html } from "../html.ts";
import type { PagePart } from "../page-part.ts";
import type { Ends } from "../rows/finding-row.ts";
import { gateRows } from "../rows/other-rows.ts";
import { decimalsOf, estimateText } from "../rows/row-text.ts";
import { scrolling } from "../scrolling.ts";

const order: readonly GateFinding["verdict"][] = ["failed", "undecided", "passed"];

const states: Readonly<Record<GateFinding["verdict"], Html>> = {
  failed: html`<b class="whole alarm">▲ Fails</b>`,
  undecided: html`<b class="whole">○ Undecided</b>`,
  passed: html`<b class="whole">● Passes</b>`,
};

/** Absent where there are none. */
export function gatesSection(part: PagePart): Html | null {
  const gates = part.experiment.findings.filter((finding) => finding.kind === "gate");
  if (gates.length === 0) return null;
  const sorted = gates.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  return html`<section id="${part.anchor("gates")}" aria-label="Gates"><h2>Gates</h2>
${scrolling(
  "Gates",
  html`<table class="data"><thead><tr><th scope="col">claim</th><th scope="col">state</th><th scope="col" class="glyph">the condition that decides; shaded where the claim holds</th><th scope="col" class="number">estimate [interval]</th><th scope="col">where</th></tr></thead>
<tbody>${sorted.map((gate) => gateRow(gate, part))}</tbody></table>`,
)}
<div class="columns">${[...new Set(sorted.map(({ reason }) => reason))].map((reason) => html`<p class="small soft">${reason}</p>`)}</div>
${sorted.filter(({ checks }) => checks.length > 1).map(checkTable)}</section>`;
}

function gateRow(gate: GateFinding, part: PagePart): Html {
  const [row] = gateRows(gate);
  const claim = heldBy(gate.claim);
  const axis =
    row === undefined
      ? null
      : glyphAxisOf([row], {
          reference: null,
          margin: null,
          isLog: false,
          range: rangeOf(gate, part.experiment),
          ...(claim === null ? {} : { claim }),
        });
  return html`<tr id="${part.anchor(`finding-${gate.id}`)}"><th scope="row">${gate.expectation}</th><td>${states[gate.verdict]}</td><td class="glyph${gate.verdict === "failed" && " bad"}">${row !== undefined && glyphOf(row, axis, 26)}${axisHead(axis)}</td><td class="number">${row !== undefined && estimateText(row, { decimals: decimalsOf([row]), isSigned: false })}</td><td class="words">${gate.sentences.map((sentence) => html`${whereText(sentence, gate)} `)}${gate.notes.map((note) => html`<br>${note}`)}</td></tr>`;
}

function checkTable(gate: GateFinding): Html {
  const decimals = decimalsOf(gate.checks);
  return html`<details><summary>${gate.expectation}: ${numberText(gate.checks.length)} checks</summary>${dataTable<
    GateFinding["checks"][number]
  >({
    caption: html`<b>${gate.expectation}</b>: all of these must pass.`,
    name: `Checks of ${gate.expectation}`,
    rows: gate.checks,
    columns: [
      { head: "where", show: (check) => check.label },
      { head: "state", show: (check) => states[check.verdict] },
      {
        head: "estimate [interval]",
        isNumber: true,
        show: (check) => estimateText(check, { decimals, isSigned: false }),
        key: (check) => check.estimate,
      },
      { head: "evidence", show: (check) => check.words },
    ],
  })}</details>`;
}

/** Where the claim holds; null for one about a difference. */
function heldBy(claim: GateClaim): Ends | null {
  switch (claim.kind) {
    case "above":
      return { low: claim.bound, high: Number.POSITIVE_INFINITY };
    case "below":
      return { low: Number.NEGATIVE_INFINITY, high: claim.bound };
    case "within":
      return { low: claim.low, high: claim.high };
    case "differ":
      return null;
  }
}

function rangeOf({ metric }: GateFinding, { metrics }: ExperimentAnalysis) {
  const own = metrics.find(({ name }) => name === metric);
  return own?.kind === "boolean" ? { min: 0, max: 1 } : (own?.range ?? null);
}

/** The sentence without what stands in the row already; the whole sentence is in its name for who cannot see the row. */
function whereText(sentence: string, { expectation, verdict }: GateFinding): Html {
  const start = `Gate ${verdict}: ${expectation}; `;
  return sentence.startsWith(start)
    ? html`<span class="hidden">${start}</span>${sentence.slice(start.length)}`
    : html`${sentence}`;
}
