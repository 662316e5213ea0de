// What a row says in words beside its number: which way and whether that is wanted, or why it is open and what could have been seen.
import type { MetricSummary } from "../../analysis/analysis.ts";
import type { Comparison, ComparisonFinding } from "../../analysis/finding.ts";
import { decimalsFor, numberText } from "../../analysis/words/number-text.ts";

/** @param direction which way of the metric is better; null when none was declared. */
export function verdictWords(
  comparison: Comparison,
  { estimand, kind, margin }: Pick<ComparisonFinding, "estimand" | "kind" | "margin">,
  direction: MetricSummary["direction"],
): string {
  const { difference, verdict, note } = comparison;
  if (difference === null || verdict === null) return note ?? "not tested";
  switch (verdict) {
    case "equivalent":
      return `equivalent${margin === null ? "" : ` within ±${numberText(margin)}`}`;
    case "different": {
      const way = wayOf(difference, estimand.reference, direction);
      return kind === "equivalent" && margin !== null ? `${way}, by more than ${numberText(margin)}` : way;
    }
    case "inconclusive":
      return kind === "equivalent"
        ? `inconclusive${margin === null ? "" : `: not shown within ±${numberText(margin)}`}`
        : openWords(comparison, estimand.reference);
  }
}

/** "lower, better". */
export function wayOf(value: number, reference: number, direction: MetricSummary["direction"]): string {
  if (value === reference) return "equal";
  const isHigher = value > reference;
  const better = direction === null ? "" : isHigher === (direction === "maximize") ? ", better" : ", worse";
  return `${isHigher ? "higher" : "lower"}${better}`;
}

function openWords({ interval, detectable, test, pAdjusted }: Comparison, reference: number): string {
  const isExcluded = interval !== null && (interval.low > reference || interval.high < reference);
  if (isExcluded && test !== null && pAdjusted !== null && pAdjusted > test.p)
    return "inconclusive after correction";
  if (detectable === null) return "inconclusive";
  const decimals = interval === null ? null : decimalsFor((interval.high - interval.low) / 2);
  return `inconclusive: would see ±${numberText(detectable, decimals)}`;
}
