// One condition's values in a few numbers, with the dots to draw. Too few or constant values leave null and a sentence.
import { averagedRate, dispersionOf } from "../../../lib/stats/counts/rates.ts";
import type { Estimate } from "../../../lib/stats/estimate.ts";
import { tInterval } from "../../../lib/stats/means/t-interval.ts";
import { momentsOf, sumOf } from "../../../lib/stats/moments.ts";
import { proportionPerformance } from "../../../lib/stats/monte-carlo-error.ts";
import { proportionInterval } from "../../../lib/stats/proportion-interval.ts";
import { quantileSorted } from "../../../lib/stats/quantile.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import { sortNumbers } from "../../../lib/stats/sort-numbers.ts";
import { kaplanMeier, survivalQuantile } from "../../../lib/stats/survival/kaplan-meier.ts";
import type { CensoredTimes } from "../../design/censored-times.ts";
import type { CellSummary, MetricSummary } from "../analysis.ts";
import { type Interval, intervalOf } from "../interval.ts";
import { eventsOf } from "./measures/rate-data.ts";
import { stoppedIntervalOf } from "./stopped-interval.ts";

export interface CellInput {
  /** Index of the condition; null for a summary over several. */
  readonly condition: number | null;
  /** Finite values; what each trial adds to the restricted mean where there are `times`. */
  readonly values: Float64Array;
  /** Replicate of each value. */
  readonly replicates: Uint32Array;
  readonly planned: number;
  /** The times themselves where the metric is one that some trial was censored in. */
  readonly times: CensoredTimes | null;
  /** What the events of a rate were counted over; null where that is the trial. */
  readonly exposure: Float64Array | null;
  readonly measure: "mean" | "share" | "rate";
  /** For an experiment whose data decided how many replicates there are; null for a number that was fixed. */
  readonly stopped: { readonly range: MetricSummary["range"] } | null;
  /** Dots kept at most. */
  readonly pointsMax: number;
}

export const level = 0.95;

/** Summary of one cell; never NaN, whatever the values. */
export function cellSummaryOf(input: CellInput): CellSummary {
  const { condition, values, planned, times } = input;
  const n = values.length;
  const censored = times === null ? 0 : times.event.filter((happened) => !happened).length;
  const base = { condition, n, censored, missing: planned - n, ...pointsOf(input) };
  if (n === 0) {
    const empty = {
      mean: null,
      sd: null,
      monteCarloError: null,
      interval: null,
      min: null,
      q1: null,
      median: null,
      q3: null,
      max: null,
    };
    return { ...base, ...empty, note: "no value was measured" };
  }
  const { mean: plain, sd } = momentsOf(values);
  const mean = input.measure === "rate" ? rateMeanOf(input) : plain;
  // A refusal is thrown and caught, which 100,000 cells of one value would notice.
  const estimate = n < 2 ? null : orRefusal(() => tInterval(values, { level }));
  return {
    ...base,
    mean,
    sd: n > 1 && Number.isFinite(sd) ? sd : null,
    monteCarloError: monteCarloErrorOf(input, { mean, sd }),
    ...quantilesOf(input),
    ...intervalAndNote(input, { mean, estimate: estimate === null || isRefused(estimate) ? null : estimate }),
  };
}

/** Of the values; of times that may be cut off Kaplan and Meier's, null where too few trials ended for one. */
function quantilesOf({
  values,
  times,
}: CellInput): Pick<CellSummary, "min" | "q1" | "median" | "q3" | "max"> {
  const sorted = sortNumbers(times === null ? values : Float64Array.from(times.time));
  const ends = { min: sorted[0]!, max: sorted[sorted.length - 1]! };
  if (times === null)
    return {
      ...ends,
      q1: quantileSorted(sorted, 0.25),
      median: quantileSorted(sorted, 0.5),
      q3: quantileSorted(sorted, 0.75),
    };
  const { origin, event } = times;
  const curve = kaplanMeier({ time: times.time.map((value) => value - origin), event });
  const at = (p: number): number | null => {
    const { value } = survivalQuantile(curve, p);
    return value === null ? null : value + origin;
  };
  return { ...ends, q1: at(0.25), median: at(0.5), q3: at(0.75) };
}

/** Source: Morris, White and Crowther, Statistics in Medicine 38 (2019) 2074-2102, Table 6. */
function monteCarloErrorOf(
  input: CellInput,
  { mean, sd }: { readonly mean: number; readonly sd: number },
): number | null {
  const n = input.values.length;
  if (n < 2) return null;
  // Of a rate over unlike exposures the values are rates of their own, whose mean it is not.
  if (input.exposure !== null) return null;
  const error =
    input.measure === "share" ? proportionPerformance(Math.round(mean * n), n).error : sd / Math.sqrt(n);
  return Number.isFinite(error) && error > 0 ? error : null;
}

function intervalAndNote(
  input: CellInput,
  of: { readonly mean: number; readonly estimate: Estimate | null },
): { readonly interval: Interval | null; readonly note: string | null } {
  const n = input.values.length;
  if (input.stopped !== null) return stoppedIntervalAndNote(input, input.stopped);
  if (input.measure === "rate") {
    const rate = orRefusal(() => rateOfCell(input));
    return isRefused(rate)
      ? { interval: null, note: `${rate.reason}: no interval` }
      : { interval: intervalOf(rate), note: null };
  }
  if (input.measure === "share") {
    const successes = Math.round(of.mean * n);
    return { interval: intervalOf(proportionInterval({ successes, n, level })), note: null };
  }
  if (n < 2) return { interval: null, note: "one value: no interval" };
  if (of.estimate === null) return { interval: null, note: "all values equal: no interval" };
  if (!Number.isFinite(of.estimate.high - of.estimate.low))
    return { interval: null, note: "values near the largest that a double holds: no interval" };
  return { interval: intervalOf({ ...of.estimate, method: "t interval" }), note: censoredNote(input) };
}

/** How many values are bounds, and what is not reached for them. */
function censoredNote({ times, values }: CellInput): string | null {
  if (times === null) return null;
  const count = times.event.filter((happened) => !happened).length;
  return count === 0 ? null : `${count} of ${values.length} censored`;
}

function stoppedIntervalAndNote(
  { values, measure, exposure }: CellInput,
  { range }: NonNullable<CellInput["stopped"]>,
): { readonly interval: Interval | null; readonly note: string | null } {
  if (measure === "rate" && exposure !== null)
    return {
      interval: null,
      note: "the data decided how many replicates there are: a rate has no interval that holds at the stop",
    };
  const found = stoppedIntervalOf({ values, isShare: measure === "share", range, level });
  if (typeof found === "string") return { interval: null, note: found };
  if (!(found.low <= found.value && found.value <= found.high))
    return { interval: null, note: "the mean has left what the looks before allow: no interval" };
  return { interval: intervalOf(found), note: null };
}

/** Events per unit of what they were counted over. */
function rateMeanOf(input: CellInput): number {
  const { events, exposure } = eventsOf(input);
  return sumOf(events) / sumOf(exposure);
}

/** Exact limits at the dispersion of the cell's own counts. */
function rateOfCell(input: CellInput): Estimate {
  const cell = { ...eventsOf(input), weight: 1 };
  return averagedRate({ cells: [cell], theta: dispersionOf([cell]).cautious, level });
}

/** All values, or values at evenly spaced ranks so that shape and extremes stay. */
function pointsOf({
  values: summarised,
  times,
  replicates,
  pointsMax,
}: CellInput): Pick<CellSummary, "points" | "pointReplicates"> {
  const values = times === null ? summarised : Float64Array.from(times.time);
  const n = values.length;
  if (n <= pointsMax) return { points: [...values], pointReplicates: [...replicates] };
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
  const kept = Array.from(
    { length: pointsMax },
    (_, i) => order[Math.round((i * (n - 1)) / (pointsMax - 1))]!,
  );
  return { points: kept.map((i) => values[i]!), pointReplicates: kept.map((i) => replicates[i]!) };
}
