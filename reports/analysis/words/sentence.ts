// The words of an answer: one sentence a comparison, with the difference, its interval, the p value and the effect size.
// A sentence never says "no difference": it says what the data leave open.
import type { TestResult } from "../../../lib/stats/estimate.ts";
import type { Comparison, EffectSize } from "../finding.ts";
import { decimalsFor, intervalText, numberText, pText, signedText } from "./number-text.ts";

/** "Welch's t test, t(38.2) = 4.12, p = 0.0002". */
export function testText(test: TestResult): string {
  const df = test.df.map((value) => numberText(value, Number.isInteger(value) ? 0 : 1)).join(", ");
  return `${test.method}, ${test.symbol}${df === "" ? "" : `(${df})`} = ${numberText(test.statistic, 2)}, ${pText(test.p)}`;
}

/** "g = 5.1 [4.2, 6.0]". */
export function effectText(effect: EffectSize): string {
  const interval = effect.interval === null ? "" : ` ${intervalText(effect.interval, 2)}`;
  return `${effect.name} = ${numberText(effect.value, 2)}${interval}${effect.label === null ? "" : ` (${effect.label})`}`;
}

/** What a comparison says, in the metric's own units first. */
export function comparisonSentence(
  comparison: Comparison,
  options: {
    readonly factor: string;
    readonly metric: string;
    readonly unit: string | null;
    readonly isEquivalence: boolean;
    /** " where noise = 1", or nothing. */
    readonly about: string;
  },
): string {
  const { difference, interval } = comparison;
  const subject = `${options.factor} ${comparison.label}${options.about}: ${options.metric}`;
  if (difference === null) return `${subject} cannot be compared: ${comparison.note ?? "no values"}.`;
  if (interval === null) {
    const note = comparison.note ?? "too few values";
    return `${subject} ${signedText(difference)}, without an interval or a test: ${note}.`;
  }
  const decimals = decimalsFor((interval.high - interval.low) / 2);
  const unit = options.unit === null ? "" : ` ${options.unit}`;
  const parts = [`${subject} ${signedText(difference, decimals)} ${intervalText(interval, decimals)}${unit}`];
  if (comparison.pAdjusted !== null) parts.push(`adjusted ${pText(comparison.pAdjusted)}`);
  else if (comparison.test !== null) parts.push(pText(comparison.test.p));
  if (comparison.effect !== null) parts.push(effectText(comparison.effect));
  const verdict = options.isEquivalence
    ? ` Verdict: ${comparison.verdict}.`
    : comparison.verdict === "inconclusive"
      ? inconclusive(comparison, decimals)
      : "";
  return `${parts.join(", ")}.${verdict}`;
}

function inconclusive(comparison: Comparison, decimals: number | null): string {
  const detectable =
    comparison.detectable === null
      ? ""
      : ` these numbers would find a difference of ${numberText(comparison.detectable, decimals)} with 80% power`;
  return ` Inconclusive${detectable === "" ? "" : `:${detectable}`}.`;
}
