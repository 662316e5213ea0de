// The interval of the analysis: two ends, a level and the method in words. It is made from an Estimate of lib/stats and
// never without its estimate inside, which is checked here once for every number of a report.
import * as assert from "node:assert";
import type { Alternative, Estimate } from "../../lib/stats/estimate.ts";

/** A confidence interval in the metric's own units; it always holds the estimate that it belongs to. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  /** 0.95 for a 95% interval. */
  readonly level: number;
  /** "t", "Wilson", "studentized bootstrap, 10000 resamples, seed 2020" ... */
  readonly method: string;
  /** The side on which a one-sided interval has no end; the number there is only where a chart may stop. Absent with two ends. */
  readonly openEnd?: "low" | "high";
}

/**
 * The interval of an estimate.
 *
 * @throws AssertionError when the interval does not hold its own estimate: that is a fault of ours.
 */
export function intervalOf(estimate: Estimate): Interval {
  const { value, low, high, level, method } = estimate;
  const slack = 1e-9 * Math.max(Math.abs(value), high - low);
  assert.ok(low - slack <= value && value <= high + slack, `${method}: ${value} is not in [${low}, ${high}]`);
  return { low, high, level, method };
}

/** A two-sided interval read on one side: at half its error rate the end that the side looks at, and no other. */
export function sidedInterval(interval: Interval, side: Alternative): Interval {
  if (side === "two-sided") return interval;
  const method = `${interval.method}, one-sided`;
  return {
    ...interval,
    level: (1 + interval.level) / 2,
    method,
    openEnd: side === "greater" ? "high" : "low",
  };
}

/**
 * The interval of an effect size, or null where there is none to print: it is unbounded, or the estimate is biased (eta squared) and lies
 * outside the interval of what it estimates.
 */
export function effectIntervalOf(estimate: Estimate): Interval | null {
  const { value, low, high } = estimate;
  const isHeld = Number.isFinite(low) && Number.isFinite(high) && low <= value && value <= high;
  return isHeld ? intervalOf(estimate) : null;
}
