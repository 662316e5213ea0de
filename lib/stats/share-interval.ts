// The Wilson score interval of a share: what a boolean metric gets in place of a t interval, which fails near 0 and 1.

import { normalUpperQuantile } from "./distribution/normal.ts";
import type { Estimate } from "./estimate.ts";

/**
 * Share of successes with the Wilson (1927) score interval.
 *
 * @param options successes of n trials, 0 <= successes <= n, n >= 1; level in (0, 1).
 * @example shareEstimate({ successes: 0, n: 10, level: 0.95 })  // value 0, low 0, high 0.2775
 */
export function shareEstimate(options: {
  readonly successes: number;
  readonly n: number;
  readonly level: number;
}): Estimate {
  const { successes, n, level } = options;
  const z = normalUpperQuantile((1 - level) / 2);
  const share = successes / n;
  const centre = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return {
    value: share,
    low: successes === 0 ? 0 : centre - half,
    high: successes === n ? 1 : centre + half,
    level,
    method: "Wilson score interval",
    n,
  };
}
