// The methods paragraph, ready to paste, with its references; and what was registered before the data.
import { methodsOf } from "../../analysis/words/methods.ts";
import { type Html, html } from "../html.ts";
import type { PagePart } from "../page-part.ts";
import { registrationText } from "./registration-text.ts";

export function methodsSection(part: PagePart): Html {
  const { paragraph, references } = methodsOf(part.experiment);
  return html`<section id="${part.anchor("methods")}" class="methods" aria-label="Methods"><h2>Methods</h2>
<div class="columns"><div><p>${paragraph}</p>
${registrationText(part.experiment)}</div>
${references.length > 0 && html`<div><h3>References</h3><ol class="references">${references.map((reference) => html`<li>${reference}</li>`)}</ol></div>`}</div></section>`;
}
