// The sentence of a test over all levels at once, or of an interaction.
import type { TestResult } from "../../../lib/stats/estimate.ts";
import type { EffectSize } from "../../analysis/finding.ts";
import { effectText, testText } from "../../analysis/words/sentence.ts";
import { type Html, html } from "../html.ts";

export function overallText(test: TestResult, effect: EffectSize | null): Html {
  return html`<p>Over all levels at once: ${testText(test)}${effect !== null && `, ${effectText(effect)}`}.</p>`;
}
