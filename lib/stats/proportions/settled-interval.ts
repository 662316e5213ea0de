// One truth for p and interval: where an exact test and a score interval disagree about the null value, the test decides.
import { findRoot } from "../distribution/find-root.ts";
import { normalUpper, normalUpperQuantile } from "../distribution/normal.ts";
import type { Estimate } from "../estimate.ts";

/** Normal quantiles beyond this one are as good as infinite: the level is 1 to the last digit of a double. */
const farthest = 8;

/**
 * The interval with the end that faces the null value moved where it would contradict the test: its distance in normal quantiles is
 * stretched by the ratio of the interval's own quantile at the null value to that of the test's p, so that it excludes the null value exactly
 * where p is below 1 - level, at every level. Where both agree (nearly always) nothing is moved.
 *
 * @param options p: two-sided, of the test; at: the interval at any level; null: 0 for differences, 1 for ratios.
 * @example settledInterval({ p: 0.06, level: 0.95, null: 0, at: (level) => proportionDifference({ first, second, level }) })
 */
export function settledInterval(options: {
  readonly p: number;
  readonly level: number;
  readonly null: number;
  readonly at: (level: number) => Estimate;
}): Estimate {
  const { p, level, at, null: origin } = options;
  const estimate = at(level);
  const { value, low, high } = estimate;
  const isExcluded = low > origin || high < origin;
  const isRejected = p < 1 - level;
  if (isExcluded === isRejected || value === origin) return estimate;
  const end = value > origin ? "low" : "high";
  const endAt = (z: number): number => at(1 - 2 * normalUpper(z))[end];
  const excess = (z: number): number => (endAt(z) - origin) * (end === "low" ? 1 : -1);
  const settled = (moved: number): Estimate => ({
    ...estimate,
    [end]: moved,
    method: `${estimate.method}, its end at ${origin} set by the test`,
  });
  const tested = p >= 1 ? 0 : normalUpperQuantile(p / 2);
  if (tested === 0 || excess(farthest) >= 0) return settled(origin);
  const own = findRoot(excess, { low: 1e-6, high: farthest });
  const wanted = normalUpperQuantile((1 - level) / 2);
  const moved = endAt(Math.min(farthest, (wanted * own) / tested));
  // Rounding must not bring the end to the wrong side.
  const isBeyond = isRejected !== (end === "low" ? moved > origin : moved < origin);
  return settled(isBeyond ? origin : moved);
}
