// Every metric is stored as one double: numbers and integers as they are, booleans 0 or 1, categories their index in the declared
// list, NaN where missing.
import type { MetricValue } from "./trial-record.ts";

/** The part of a metric's declaration that decides how it is stored. */
export interface MetricCoding {
  readonly type: "number" | "integer" | "boolean" | "category";
  /** Declared values of a category, in order. */
  readonly categories?: readonly string[] | null | undefined;
}

/** The stored double of a value. Throws RangeError when the value is not of the declared type. */
export function metricCodeOf(value: MetricValue, coding: MetricCoding): number {
  if (value === null) return Number.NaN;
  switch (coding.type) {
    case "number":
    case "integer":
      if (typeof value === "number") return value + 0;
      break;
    case "boolean":
      if (typeof value === "boolean") return value ? 1 : 0;
      break;
    case "category": {
      const index = coding.categories?.indexOf(String(value)) ?? -1;
      if (index >= 0) return index;
      break;
    }
  }
  throw new RangeError(`${JSON.stringify(value)} is no value of a metric of type "${coding.type}"`);
}

/** The value of a stored double; as a number when the metric is no longer declared. */
export function metricValueOf(code: number, coding: MetricCoding | undefined): MetricValue {
  if (Number.isNaN(code)) return null;
  switch (coding?.type) {
    case "boolean":
      return code !== 0;
    case "category":
      return coding.categories?.[code] ?? null;
    default:
      return code;
  }
}

/** From the double stored under an older declaration to that of the one at hand; null when it is the same. */
export function metricTranslationOf(
  from: MetricCoding | undefined,
  to: MetricCoding | undefined,
): ((code: number) => number) | null {
  if (from === undefined || to === undefined || from.type !== "category" || to.type !== "category")
    return null;
  if (JSON.stringify(from.categories) === JSON.stringify(to.categories)) return null;
  return (code) => {
    const value = metricValueOf(code, from);
    // A category that is no longer declared has no index; it shows as missing.
    const index = value === null ? -1 : (to.categories?.indexOf(String(value)) ?? -1);
    return index < 0 ? Number.NaN : index;
  };
}
