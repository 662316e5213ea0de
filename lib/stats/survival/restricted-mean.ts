// The restricted mean survival time: how long is gone without the event, on average, within a window that everybody was watched for. The
// size of a difference in units of time, whatever the hazards do.
import { normalUpper, normalUpperQuantile } from "../distribution/normal.ts";
import type { Estimate } from "../estimate.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";
import { assertSurvival, riskSteps, type SurvivalSample } from "./survival-sample.ts";

export interface RestrictedMeanOptions extends SurvivalSample {
  /** End of the window, in the times' unit; above 0 and at most the last time, unless the last is an event. */
  readonly tau: number;
  /** Default 0.95. */
  readonly level?: number;
}

/**
 * The area under the Kaplan-Meier curve up to `tau`, with the plug-in variance of Greenwood's kind (Uno et al. 2014).
 *
 * @throws StatisticsRefusal when `tau` lies beyond the last time and that one is censored: the curve is not known there.
 * @example restrictedMean({ time: [1, 2, 3], event: [true, true, true], tau: 3 }).value // 2
 */
export function restrictedMean(options: RestrictedMeanOptions): Estimate {
  const { tau, level = 0.95, time, event } = options;
  assertSurvival(options, "the sample");
  assertOpenUnit(level, "level");
  if (!(tau > 0)) refuse("bad-option", `tau is ${tau}; it must be above 0`);
  const last = time.reduce((most, value) => Math.max(most, value), 0);
  if (tau > last && time.some((value, at) => value === last && !event[at]!))
    refuse(
      "not-estimable",
      `tau is ${tau}, beyond the last time ${last}, which is censored; the curve is not known there`,
    );
  const steps = riskSteps(options).filter((step) => step.time <= tau);
  const heights = [1];
  for (const { atRisk, events } of steps) heights.push(heights.at(-1)! * ((atRisk - events) / atRisk));
  const ends = [...steps.map((step) => step.time), tau];
  const pieces = ends.map((end, index) => heights[index]! * (end - (ends[index - 1] ?? 0)));
  let area = 0;
  let variance = 0;
  for (let index = pieces.length - 1; index >= 0; index -= 1) {
    area += pieces[index]!;
    const step = steps[index - 1];
    if (step !== undefined && step.atRisk > step.events)
      variance += (area ** 2 * step.events) / (step.atRisk * (step.atRisk - step.events));
  }
  const standardError = Math.sqrt(variance);
  const half = normalUpperQuantile((1 - level) / 2) * standardError;
  return {
    value: area,
    low: area - half,
    high: area + half,
    level,
    method: `restricted mean survival time to ${tau}`,
    n: time.length,
    standardError,
  };
}

/** Two restricted means against each other: the second minus the first, and over the first. */
export interface RestrictedMeanComparison {
  readonly first: Estimate;
  readonly second: Estimate;
  readonly difference: Estimate;
  /** Interval on the logarithm's scale. */
  readonly ratio: Estimate;
  /** Two-sided, of no difference. */
  readonly p: number;
}

/**
 * The difference and ratio of two restricted means over one window.
 *
 * @example compareRestrictedMeans({ first, second, tau: 10 }).difference // second minus first, in units of time
 */
export function compareRestrictedMeans(options: {
  readonly first: SurvivalSample;
  readonly second: SurvivalSample;
  readonly tau: number;
  readonly level?: number;
}): RestrictedMeanComparison {
  const { tau, level = 0.95 } = options;
  const first = restrictedMean({ ...options.first, tau, level });
  const second = restrictedMean({ ...options.second, tau, level });
  const [one, two] = [first.standardError!, second.standardError!];
  const standardError = Math.hypot(one, two);
  if (standardError === 0) refuse("no-variation", `there is no event before ${tau} in either sample`);
  const z = normalUpperQuantile((1 - level) / 2);
  const value = second.value - first.value;
  const logError = Math.hypot(one / first.value, two / second.value);
  const n = first.n + second.n;
  return {
    first,
    second,
    difference: {
      value,
      low: value - z * standardError,
      high: value + z * standardError,
      level,
      method: `difference of restricted mean survival times to ${tau}`,
      n,
      standardError,
    },
    ratio: {
      value: second.value / first.value,
      low: (second.value / first.value) * Math.exp(-z * logError),
      high: (second.value / first.value) * Math.exp(z * logError),
      level,
      method: `ratio of restricted mean survival times to ${tau}`,
      n,
    },
    p: 2 * normalUpper(Math.abs(value) / standardError),
  };
}
