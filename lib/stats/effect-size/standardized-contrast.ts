// Any difference of means with a t test of its own, put on the scale of a standard deviation. The interval inverts the noncentral t of
// that very test, so it excludes 0 exactly where the test rejects 0.
import { noncentralTNoncentrality } from "../distribution/noncentral-t.ts";
import type { Estimate } from "../estimate.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";
import { hedgesFactor } from "./standardized-difference.ts";

/**
 * d = value / sd with the interval of the noncentrality of t = value / standardError, times standardError / sd; `corrected` multiplies by
 * Hedges' factor on df. Sources: Delacre, Lakens, Ley, Liu and Leys (2021), preprint doi:10.31234/osf.io/tu6mp (average variance beside
 * Welch's t); Algina and Keselman, Educational and Psychological Measurement 63 (2003) 537-553 (pairs, on the scale of the outcome);
 * interval: Steiger, Psychological Methods 9 (2004) 164-182.
 *
 * @param options sd: above 0, what the difference is measured in; df: at least 2 where corrected; level: in (0, 1), default 0.95.
 * @throws StatisticsRefusal when sd or standardError is not above 0.
 * @example standardizedContrast({ value: 2, standardError: 0.8165, df: 4, sd: 1, name: "Cohen's d", n: 6 }).value // 2
 */
export function standardizedContrast(options: {
  readonly value: number;
  readonly standardError: number;
  readonly df: number;
  readonly sd: number;
  /** What the result is called, in its `method`. */
  readonly name: string;
  readonly n: number;
  readonly corrected?: boolean;
  readonly level?: number;
}): Estimate {
  const { value, standardError, df, sd, name, n, corrected = false, level = 0.95 } = options;
  assertOpenUnit(level, "level");
  if (!(sd > 0 && standardError > 0))
    refuse("no-variation", "nothing varies that a difference could be measured in");
  const factor = corrected ? hedgesFactor(df) : 1;
  const scale = (standardError / sd) * factor;
  const t = value / standardError;
  return {
    value: (value / sd) * factor,
    low: noncentralTNoncentrality(t, { df, p: (1 + level) / 2 }) * scale,
    high: noncentralTNoncentrality(t, { df, p: (1 - level) / 2 }) * scale,
    level,
    method: `${name} with noncentral t interval`,
    n,
  };
}
