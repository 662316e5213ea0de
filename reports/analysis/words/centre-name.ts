// What the number in the middle of a metric's summary is called.
import type { MetricSummary } from "../analysis.ts";

/** "share" of what is yes or no, "rate" of what is counted, "restricted mean" of times that may be cut off, "mean" of numbers. */
export function centreNameOf({
  kind,
  count,
  censoring,
}: Pick<MetricSummary, "kind" | "count" | "censoring">): string {
  if (censoring !== undefined) return "restricted mean";
  if (count !== undefined) return "rate";
  return kind === "boolean" ? "share" : "mean";
}
