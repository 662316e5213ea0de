// One finding on the page: its sentences, figures, the table behind them, why this test, and what others would have said.
import type { Finding } from "../analysis/finding.ts";
import { bodyOf } from "./bodies/bodies.ts";
import { type Html, html } from "./html.ts";

export function findingSection(finding: Finding, figures: Html | null): Html {
  return html`<section aria-label="${finding.title}"><h3 id="finding-${finding.id}">${finding.title}</h3>
${!finding.isConfirmatory && html`<p class="meta">Exploratory: added after the design was frozen.</p>`}
${finding.sentences.map((sentence) => html`<p>${sentence}</p>`)}
${finding.notes.map((note) => html`<p class="note">${note}</p>`)}
${figures}
${bodyOf(finding)}
${finding.reason !== "" && html`<p class="why">${finding.reason}</p>`}
</section>
`;
}
