// Rates of events over exposure, each event by itself: exact limits, and two rates against each other given their total.
import { betaQuantile } from "../distribution/beta.ts";
import { chiSquaredQuantile } from "../distribution/chi-squared.ts";
import type { Estimate, TestResult } from "../estimate.ts";
import { logChoose } from "../proportions/two-by-two.ts";
import { logInterval } from "../proportions/two-proportions.ts";
import { assertCount, assertOpenUnit, refuse } from "../refusal.ts";

/** Events counted over an exposure: time, trials, area. */
export interface EventCount {
  readonly events: number;
  /** Above 0. */
  readonly exposure: number;
}

function assertEvents({ events, exposure }: EventCount, name: string): void {
  assertCount(events, { name: `the events of ${name}`, least: 0 });
  if (!(exposure > 0 && Number.isFinite(exposure)))
    refuse("bad-option", `the exposure of ${name} is ${exposure}; it must be above 0`);
}

/**
 * Events per unit of exposure with Garwood's (1936) exact interval.
 *
 * @example poissonRate({ events: 11, exposure: 800 }) // 0.01375 [0.00686, 0.0246]
 */
export function poissonRate(options: EventCount & { readonly level?: number }): Estimate {
  const { events, exposure, level = 0.95 } = options;
  assertEvents(options, "the sample");
  assertOpenUnit(level, "level");
  const outside = (1 - level) / 2;
  return {
    value: events / exposure,
    low: events === 0 ? 0 : chiSquaredQuantile(outside, 2 * events) / 2 / exposure,
    high: chiSquaredQuantile(outside, 2 * events + 2, "upper") / 2 / exposure,
    level,
    method: "Poisson rate, exact interval",
    n: events,
  };
}

export interface RateRatio extends TestResult {
  /** First rate over second. */
  readonly ratio: Estimate;
}

/**
 * Two Poisson rates by the binomial distribution of the first's events given all (Przyborowski and Wilenski 1940); two-sided p sums the
 * outcomes no more probable than the one seen.
 *
 * @throws StatisticsRefusal when there is no event at all.
 * @example poissonRateRatio({ first: { events: 11, exposure: 800 }, second: { events: 20, exposure: 1000 } }).ratio
 */
export function poissonRateRatio(options: {
  readonly first: EventCount;
  readonly second: EventCount;
  readonly level?: number;
}): RateRatio {
  const { first, second, level = 0.95 } = options;
  assertEvents(first, "the first sample");
  assertEvents(second, "the second sample");
  assertOpenUnit(level, "level");
  const total = first.events + second.events;
  if (total === 0) refuse("too-few", "there is no event in either sample");
  const share = first.exposure / (first.exposure + second.exposure);
  const chance = (x: number): number =>
    Math.exp(logChoose(total, x) + x * Math.log(share) + (total - x) * Math.log1p(-share));
  const limit = chance(first.events) * (1 + 1e-7);
  let p = 0;
  for (let x = 0; x <= total; x += 1) if (chance(x) <= limit) p += chance(x);
  const outside = (1 - level) / 2;
  const low = first.events === 0 ? 0 : betaQuantile(outside, { a: first.events, b: second.events + 1 });
  const high = second.events === 0 ? 1 : betaQuantile(1 - outside, { a: first.events + 1, b: second.events });
  const ratioOf = (q: number): number => (q / (1 - q)) * (second.exposure / first.exposure);
  return {
    method: "exact conditional test of two Poisson rates",
    symbol: "events",
    statistic: first.events,
    df: [],
    p: Math.min(1, p),
    alternative: "two-sided",
    n: [first.events, second.events],
    ratio: {
      value:
        second.events === 0
          ? Number.POSITIVE_INFINITY
          : first.events / first.exposure / (second.events / second.exposure),
      low: ratioOf(low),
      high: high === 1 ? Number.POSITIVE_INFINITY : ratioOf(high),
      level,
      method: "ratio of Poisson rates, exact interval",
      n: total,
    },
  };
}

/**
 * First rate over second with the interval on the logarithm's scale, for many events.
 *
 * @throws StatisticsRefusal where a sample has no event.
 */
export function rateRatioLog(options: {
  readonly first: EventCount;
  readonly second: EventCount;
  readonly level?: number;
}): Estimate {
  const { first, second, level = 0.95 } = options;
  assertEvents(first, "the first sample");
  assertEvents(second, "the second sample");
  if (first.events === 0 || second.events === 0)
    refuse("not-estimable", "a sample has no event, so the ratio has no interval on the logarithm's scale");
  return logInterval({
    value: first.events / first.exposure / (second.events / second.exposure),
    standardError: Math.sqrt(1 / first.events + 1 / second.events),
    level,
    method: "ratio of rates, interval of its logarithm",
    n: first.events + second.events,
  });
}
