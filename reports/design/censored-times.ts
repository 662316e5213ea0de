// Trials that ended at a cap: their metric is known to be at least a bound. With them a metric is a time that may be cut off, and what stands
// for a trial in every analysis is what it adds to the restricted mean of its condition, up to a horizon that all conditions reach.

import { restrictedMeanValues } from "../../lib/stats/survival/restricted-mean-values.ts";
import type { SurvivalSample } from "../../lib/stats/survival/survival-sample.ts";
import { outcomeCodes } from "../../runtime/record/outcome.ts";
import type { TrialTable } from "../../runtime/record/trial-table.ts";

/** The times of one condition, in the order of its values. */
export interface CensoredTimes extends SurvivalSample {
  /** Up to where means are restricted: the same in every condition. */
  readonly horizon: number;
  /** What was taken from every time so that none is below 0: 0, or the least of all. */
  readonly origin: number;
}

/** The bound of a row that was censored in this metric; null for every other row. */
export function boundOf(table: TrialTable, row: number, metric: string): number | null {
  if (table.outcome[row] !== outcomeCodes.censored) return null;
  const bound = table.censored.get(row);
  return bound?.metric === metric && Number.isFinite(bound.bound) ? bound.bound : null;
}

/** Whether some trial was censored in this metric. Shares and categories have no times. */
export function isCensoredMetric(table: TrialTable, metric: string): boolean {
  const kind = table.experiment.metrics[metric]?.type;
  if (kind !== "number" && kind !== "integer") return false;
  for (const [row, bound] of table.censored)
    if (bound.metric === metric && table.outcome[row] === outcomeCodes.censored) return true;
  return false;
}

/**
 * The times of several conditions, with the horizon that all of them reach: the least of their last times, where that one is censored. A
 * condition whose last time was measured is known to the end and limits nothing.
 *
 * @param samples values as they were measured or bounded; none may be empty.
 */
export function timesOf(samples: readonly SurvivalSample[]): readonly CensoredTimes[] {
  const ends = samples.flatMap(({ time, event }) => {
    const last = largest(time);
    return time.some((value, at) => value === last && !event[at]!) ? [last] : [];
  });
  const horizon =
    ends.length > 0 ? -largest(ends.map((end) => -end)) : largest(samples.map(({ time }) => largest(time)));
  const least = -largest(samples.map(({ time }) => largest(time.map((value) => -value))));
  const origin = Math.min(0, least);
  return samples.map(({ time, event }) => ({ time, event, horizon, origin }));
}

/** One number a time whose mean is the restricted mean of the condition. */
export function restrictedValuesOf({ time, event, horizon, origin }: CensoredTimes): Float64Array {
  // A window without length holds nothing but its end.
  if (horizon <= origin) return new Float64Array(time.length).fill(horizon);
  const values = restrictedMeanValues({
    time: time.map((value) => value - origin),
    event,
    tau: horizon - origin,
  });
  return values.map((value) => value + origin);
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
}
