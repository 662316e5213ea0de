// What the number in the middle of a metric's summary is called.
import type { MetricSummary } from "../analysis.ts";

/** "share" of what is yes or no, "rate" of what is counted, "mean" of numbers. */
export function centreNameOf({ kind, count }: Pick<MetricSummary, "kind" | "count">): string {
  if (count !== undefined) return "rate";
  return kind === "boolean" ? "share" : "mean";
}
