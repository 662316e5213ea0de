// Intervals of a proportion: Wilson's, which a boolean metric gets in place of a t interval that fails near 0 and 1, and the exact one.
import { betaQuantile } from "./distribution/beta.ts";
import { normalUpperQuantile } from "./distribution/normal.ts";
import type { Estimate } from "./estimate.ts";
import { assertCount, assertOpenUnit, refuse } from "./refusal.ts";

/**
 * Proportion of successes with the score interval, without a continuity correction.
 *
 * With z the normal quantile and p the proportion: (p + z^2/2n -+ z sqrt(p(1 - p)/n + z^2/4n^2)) / (1 + z^2/n). It lies in [0, 1], is
 * never empty, and holds p. Source: Wilson, Journal of the American Statistical Association 22 (1927) 209-212.
 *
 * @param options successes of n trials, whole numbers with 0 <= successes <= n and n >= 1; level in (0, 1), default 0.95.
 * @throws StatisticsRefusal when a count is out of range.
 * @example proportionInterval({ successes: 0, n: 10 })  // value 0, low 0, high 0.2775
 */
export function proportionInterval(options: {
  readonly successes: number;
  readonly n: number;
  readonly level?: number;
}): Estimate {
  const { successes, n, level = 0.95 } = options;
  assertCount(n, { name: "n", least: 1 });
  assertCount(successes, { name: "successes", least: 0 });
  if (successes > n)
    refuse("bad-option", `${successes} successes in ${n} trials are more than there are trials`);
  assertOpenUnit(level, "level");
  const share = successes / n;
  return { value: share, ...wilsonLimits({ share, n, level }), level, method: "Wilson score interval", n };
}

/** Wilson's limits of a share of n trials, where n may be an effective number that is not whole; both ends in [0, 1]. */
export function wilsonLimits(of: { readonly share: number; readonly n: number; readonly level: number }): {
  readonly low: number;
  readonly high: number;
} {
  const { share, n, level } = of;
  const z = normalUpperQuantile((1 - level) / 2);
  const centre = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return { low: share === 0 ? 0 : centre - half, high: share === 1 ? 1 : centre + half };
}

/**
 * Proportion of successes with the exact interval of Clopper and Pearson (1934), which holds at every true proportion and is wider than
 * it need be at most: for decisions that must not err more often than they say.
 *
 * @throws StatisticsRefusal when a count is out of range.
 * @example exactProportionInterval({ successes: 0, n: 10 })  // value 0, low 0, high 0.3085
 */
export function exactProportionInterval(options: {
  readonly successes: number;
  readonly n: number;
  readonly level?: number;
}): Estimate {
  const { successes, n, level = 0.95 } = options;
  const { value } = proportionInterval(options);
  const outside = (1 - level) / 2;
  return {
    value,
    low: successes === 0 ? 0 : betaQuantile(outside, { a: successes, b: n - successes + 1 }),
    high: successes === n ? 1 : betaQuantile(1 - outside, { a: successes + 1, b: n - successes }),
    level,
    method: "Clopper-Pearson exact interval",
    n,
  };
}
