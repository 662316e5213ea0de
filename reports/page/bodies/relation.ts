// Under a relation: the line in numbers.
import type { RelationFinding } from "../../analysis/finding.ts";
import { intervalText, numberText } from "../../analysis/words/number-text.ts";
import { testText } from "../../analysis/words/sentence.ts";
import { type Html, html } from "../html.ts";
import { halfWidthDecimals } from "./half-width.ts";

export function relationBody(finding: RelationFinding): Html | null {
  if (finding.test === null) return null;
  return html`<p>Slope ${numberText(finding.slope, halfWidthDecimals(finding.slopeInterval))}${finding.slopeInterval !== null && ` ${intervalText(finding.slopeInterval)}`}, intercept ${numberText(finding.intercept)}, R² = ${numberText(finding.rSquared, 3)}, n = ${finding.n}; ${testText(finding.test)}.</p>`;
}
