// How many decimals an interval leaves its numbers: what every table under a finding asks.
import { decimalsFor } from "../../analysis/words/number-text.ts";

/** Decimals that leave two significant digits of the interval's half width; null without one. */
export function halfWidthDecimals(
  interval: { readonly low: number; readonly high: number } | null,
): number | null {
  return interval === null ? null : decimalsFor((interval.high - interval.low) / 2);
}
