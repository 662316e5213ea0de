// What stands in the text of an analysis beside its sentences: the test over all levels at once, the numbers of a fitted line.
import type { Finding, RelationFinding } from "../../analysis/finding.ts";
import { intervalText, numberText } from "../../analysis/words/number-text.ts";
import { effectText, testText } from "../../analysis/words/sentence.ts";
import { halfWidthDecimals } from "./half-width.ts";

/** Null where the sentences say all. */
export function remarkOf(finding: Finding): string | null {
  switch (finding.kind) {
    case "compare":
    case "equivalent":
      return finding.overall === null
        ? null
        : `Over all levels at once: ${testText(finding.overall)}${finding.overallEffect === null ? "" : `, ${effectText(finding.overallEffect)}`}.`;
    case "relation":
      return relationText(finding);
    default:
      return null;
  }
}

function relationText({
  test,
  slope,
  slopeInterval,
  intercept,
  rSquared,
  n,
}: RelationFinding): string | null {
  if (test === null) return null;
  const interval = slopeInterval === null ? "" : ` ${intervalText(slopeInterval)}`;
  return `Slope ${numberText(slope, halfWidthDecimals(slopeInterval))}${interval}, intercept ${numberText(intercept)}, R² = ${numberText(rSquared, 3)}, n = ${n}; ${testText(test)}.`;
}
