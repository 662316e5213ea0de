// What was registered before the data: date and hash, which analyses are confirmatory, and every departure.
import type { ExperimentAnalysis } from "../../analysis/analysis.ts";
import { type Html, html } from "../html.ts";

export function registrationText({ registration }: ExperimentAnalysis): Html | null {
  if (registration === null) return null;
  const { sentences, deviations, confirmatory, exploratory } = registration;
  return html`<h3>Registration</h3>
${sentences.map((sentence) => html`<p>${sentence}</p>`)}
${deviations.map((each) => html`<p class="note">${each}</p>`)}
<dl>
<dt>Confirmatory</dt><dd>${confirmatory.join("; ") || "none"}</dd>
<dt>Exploratory</dt><dd>${exploratory.join("; ") || "none"}</dd>
</dl>
`;
}
