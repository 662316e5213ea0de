// The methods paragraph, ready to paste: what was run, what was measured, how it was summarised and tested, with citations.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import { methodsOf } from "../analysis/words/methods.ts";
import { type Html, html } from "./html.ts";

export function methodsSection(experiment: ExperimentAnalysis): Html {
  const methods = methodsOf(experiment);
  return html`<section class="methods" aria-label="Methods"><h3>Methods</h3>
<p>${methods.paragraph}</p>
${methods.references.length > 0 && html`<ul class="why">${methods.references.map((reference) => html`<li>${reference}</li>`)}</ul>`}
</section>`;
}
