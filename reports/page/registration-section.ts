// What was registered before the data: date and hash, which analyses are confirmatory, and every departure.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import { type Html, html } from "./html.ts";

export function registrationSection({ registration }: ExperimentAnalysis): Html | null {
  if (registration === null) return null;
  const { sentences, deviations, confirmatory, exploratory } = registration;
  return html`<section aria-label="Registration"><h3>Registration</h3>
${sentences.map((sentence) => html`<p>${sentence}</p>`)}
${deviations.length > 0 && html`<ul class="deviations">${deviations.map((each) => html`<li class="note">${each}</li>`)}</ul>`}
<dl>
<dt>Confirmatory</dt><dd>${confirmatory.join("; ") || "none"}</dd>
<dt>Exploratory</dt><dd>${exploratory.join("; ") || "none"}</dd>
</dl>
</section>
`;
}
