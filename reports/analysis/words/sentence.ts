// The words of an answer: one sentence a comparison, with the difference, its interval, the p value and the effect size.
// A sentence never says "no difference": it says what the data leave open.
import type { TestResult } from "../../../lib/stats/estimate.ts";
import type { Comparison, EffectSize } from "../finding.ts";
import type { Interval } from "../interval.ts";
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

export interface SentenceOptions {
  readonly factor: string;
  readonly metric: string;
  readonly unit: string | null;
  /** Where two levels are alike. */
  readonly reference: number;
  /** Of an equivalence test, in the metric's units; null otherwise. */
  readonly margin: number | null;
  /** Whether there are other comparisons beside it that nothing corrects for. */
  readonly isOneOfSeveral: boolean;
  /** " where noise = 1", or nothing. */
  readonly about: string;
}

/** What a comparison says, in the metric's own units first; under a correction the interval and p are both the adjusted ones. */
export function comparisonSentence(comparison: Comparison, options: SentenceOptions): string {
  const { difference, interval, test } = comparison;
  const subject = `${options.factor} ${comparison.label}${options.about}: ${options.metric}`;
  if (difference === null) return `${subject} cannot be compared: ${comparison.note ?? "no values"}.`;
  if (interval === null || test === null) {
    const note = comparison.note ?? "too few values";
    return `${subject} ${signedText(difference)}, without an interval or a test: ${note}.`;
  }
  const decimals = decimalsFor((interval.high - interval.low) / 2);
  const shown = shownInterval(comparison, { interval, reference: options.reference, decimals });
  const unit = options.unit === null ? "" : ` ${options.unit}`;
  const parts = [
    `${subject} ${signedText(difference, decimals)}${shown.prefix} ${shown.text}${unit}${marginText(comparison, options, decimals)}`,
    pWords(comparison, test, options),
  ];
  if (comparison.effect !== null) parts.push(effectText(comparison.effect));
  return `${parts.join(", ")}.${conclusionOf(comparison, options, decimals)}`;
}

/** The interval that the verdict follows; where the correction knows only the side of the truth, that and the interval by itself. */
function shownInterval(
  { adjustedInterval, test }: Comparison,
  of: { readonly interval: Interval; readonly reference: number; readonly decimals: number | null },
): { readonly prefix: string; readonly text: string } {
  const { interval, reference, decimals } = of;
  const decisive = adjustedInterval ?? interval;
  const isSideOnly = decisive.openEnd !== undefined && test?.alternative === "two-sided";
  if (isSideOnly) {
    const side = decisive.openEnd === "high" ? "above" : "below";
    const text = `${side} ${numberText(reference)} (by itself ${intervalText(interval, decimals)})`;
    return { prefix: ",", text };
  }
  const prefix = Math.abs(decisive.level - 0.95) < 1e-9 ? "" : `, ${percentText(decisive.level)} interval`;
  return { prefix, text: intervalText(decisive, decimals) };
}

function marginText({ verdict }: Comparison, { margin }: SentenceOptions, decimals: number | null): string {
  if (margin === null) return "";
  const where = verdict === "equivalent" ? "inside" : verdict === "different" ? "beyond" : "not inside";
  const own = numberText(margin);
  const rounded = numberText(margin, decimals);
  return ` ${where} the margin of ±${own.length > rounded.length + 3 ? rounded : own}`;
}

function pWords(
  { pAdjusted }: Comparison,
  { p, alternative }: TestResult,
  { margin, isOneOfSeveral }: SentenceOptions,
): string {
  const words = [
    pAdjusted === null ? "" : "adjusted ",
    alternative === "two-sided" ? "" : "one-sided ",
    pText(pAdjusted ?? p),
    margin === null ? "" : " by two one-sided tests",
    pAdjusted === null && isOneOfSeveral ? " (not corrected)" : "",
  ];
  return words.join("");
}

function conclusionOf(comparison: Comparison, { margin }: SentenceOptions, decimals: number | null): string {
  if (margin !== null) return ` Verdict: ${comparison.verdict}.`;
  if (comparison.verdict !== "inconclusive") return "";
  if (comparison.detectable === null) return " Inconclusive.";
  const side = comparison.test?.alternative === "two-sided" ? "" : " on that side";
  return ` Inconclusive: these numbers would find a difference of ${numberText(comparison.detectable, decimals)}${side} with 80% power.`;
}

/** "90%", "99.5%". */
function percentText(level: number): string {
  return `${numberText(Number((100 * level).toFixed(2)))}%`;
}
