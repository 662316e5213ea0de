// From a point, a standard error and a critical value to an interval with the sides that the alternative asks for.
import {
  studentTLower,
  studentTTwoSided,
  studentTUpper,
  studentTUpperQuantile,
} from "./distribution/student-t.ts";
import type { Alternative } from "./estimate.ts";

/** p value of a t statistic for the alternative. */
export function tProbability(t: number, options: { df: number; alternative: Alternative }): number {
  const { df, alternative } = options;
  if (alternative === "two-sided") return studentTTwoSided(t, df);
  return alternative === "greater" ? studentTUpper(t, df) : studentTLower(t, df);
}

/** The t interval around a point: two-sided, or open on the side that the alternative does not bound. */
export function tBounds(options: {
  value: number;
  standardError: number;
  df: number;
  level: number;
  alternative: Alternative;
}): { low: number; high: number } {
  const { value, standardError, df, level, alternative } = options;
  const tail = alternative === "two-sided" ? (1 - level) / 2 : 1 - level;
  const reach = studentTUpperQuantile(tail, df) * standardError;
  return {
    low: alternative === "less" ? Number.NEGATIVE_INFINITY : value - reach,
    high: alternative === "greater" ? Number.POSITIVE_INFINITY : value + reach,
  };
}
