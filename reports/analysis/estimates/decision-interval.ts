// The interval of a mean that a gate may rest on: each end errs no more often than it says, whatever the kind of metric, and a trial
// without a value counts as the worst that it can have been. Where nothing holds there is no end, and words say what is missing.
import { boundedMeanInterval } from "../../../lib/stats/bounded-mean.ts";
import { averagedRate, dispersionOf } from "../../../lib/stats/counts/rates.ts";
import type { Estimate } from "../../../lib/stats/estimate.ts";
import { skewnessInterval, skewnessValuesMin } from "../../../lib/stats/means/skewness-interval.ts";
import { meanOf } from "../../../lib/stats/moments.ts";
import { exactProportionInterval } from "../../../lib/stats/proportion-interval.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import type { TrialBounds } from "../../design/trial-bounds.ts";
import type { MetricSummary } from "../analysis.ts";
import { eventsOf } from "./measures/rate-data.ts";
import { finiteRangeOf, stoppedIntervalOf } from "./stopped-interval.ts";

/** One end of the interval. */
export interface DecisionEnd {
  /** The mean when every trial without a value is taken at this end of what it can have been; null where that is unbounded. */
  readonly mean: number | null;
  /** -Infinity or Infinity where nothing bounds it. */
  readonly at: number;
  readonly method: string | null;
  /** What is missing, in words; null where the end is finite. */
  readonly lacks: string | null;
}

export interface DecisionInterval {
  readonly low: DecisionEnd;
  readonly high: DecisionEnd;
  /** Trials that count. */
  readonly n: number;
}

export interface DecisionInput {
  readonly trials: TrialBounds;
  readonly metric: Pick<MetricSummary, "name" | "kind" | "range" | "count">;
  /** Each end errs with half of 1 - confidence. */
  readonly confidence: number;
  /** Whether the data decided how many replicates there are. */
  readonly isStopped: boolean;
}

/**
 * The interval by the metric's kind: exact for a share and for a rate of events; for numbers one that allows for skewness, and where that does not hold (fewer than five
 * values, none that differs, trials without a value) betting within the declared range. Under a stopping rule the confidence sequence, which holds at any stop.
 */
export function decisionIntervalOf(input: DecisionInput): DecisionInterval {
  const { trials } = input;
  return {
    low: endOf(input, { values: trials.low, side: "low" }),
    high: endOf(input, { values: trials.high, side: "high" }),
    n: trials.low.length,
  };
}

interface Side {
  /** What each trial is taken to be, in order of replicate. */
  readonly values: Float64Array;
  readonly side: "low" | "high";
}

function endOf(input: DecisionInput, { values, side }: Side): DecisionEnd {
  const open = side === "low" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const nothing = { mean: null, at: open, method: null };
  if (values.length === 0) return { ...nothing, lacks: "no trial has run" };
  if (!values.every(Number.isFinite)) return { ...nothing, lacks: unboundedText(input, side) };
  const found = estimateOf(input, values);
  if (typeof found === "string") return { ...nothing, mean: meanOf(values), lacks: found };
  return { mean: found.value, at: possible(found[side], input.metric), method: found.method, lacks: null };
}

/** An end no further out than the metric's own: a mean beyond what its values can be is none. */
function possible(end: number, { range, count }: DecisionInput["metric"]): number {
  const least = range?.min ?? (count === undefined ? Number.NEGATIVE_INFINITY : 0);
  return Math.min(Math.max(end, least), range?.max ?? Number.POSITIVE_INFINITY);
}

/** The estimate, or why there is none. */
function estimateOf(input: DecisionInput, values: Float64Array): Estimate | string {
  const { trials, metric, confidence: level, isStopped } = input;
  const n = values.length;
  const range = finiteRangeOf(metric.range);
  if (isStopped && trials.exposure !== null)
    return `the data decided how many replicates there are, and a rate per ${metric.count?.exposure} has no interval that holds at the stop`;
  if (isStopped)
    return stoppedIntervalOf({ values, isShare: metric.kind === "boolean", range: metric.range, level });
  if (metric.count !== undefined) return rateOf(values, input);
  if (metric.kind === "boolean")
    return exactProportionInterval({ successes: Math.round(meanOf(values) * n), n, level });
  const isWithin = range !== null && values.every((value) => range[0] <= value && value <= range[1]);
  const isFilled = trials.lost + trials.censored > 0;
  const skewed = orRefusal(() => skewnessInterval(values, { level }));
  // Trials put at an end of the range are a lump that no correction for skewness is made for.
  if (!isRefused(skewed) && !(isFilled && isWithin)) return skewed;
  if (isWithin) return boundedMeanInterval(values, { range, level });
  return n < skewnessValuesMin
    ? `${n} ${n === 1 ? "value bounds" : "values bound"} no mean of ${metric.name}, which declares no range: at least ${skewnessValuesMin} replicates are needed, or a declared \`range\``
    : `all ${n} values are equal, which bounds no mean of ${metric.name}: it would need a declared \`range\`, or values that differ`;
}

/**
 * Events per unit of exposure: exact limits at the dispersion of the counts. Where those vary more than Poisson's, which few trials can tell, and
 * each trial is one unit, no narrower than the interval that assumes no distribution.
 */
function rateOf(values: Float64Array, input: DecisionInput): Estimate | string {
  const { metric, confidence: level } = input;
  const { exposure } = input.trials;
  // Of fewer trials nobody can tell whether they vary more than Poisson's.
  if (exposure === null && values.length < skewnessValuesMin) return tooFewCounts(values.length, metric.name);
  const cell = { ...eventsOf({ values, exposure }), weight: 1 };
  const { cautious } = dispersionOf([cell]);
  const found = orRefusal(() => averagedRate({ cells: [cell], theta: cautious, level }));
  if (isRefused(found)) return found.reason;
  if (!Number.isFinite(cautious) || exposure !== null) return found;
  const free = orRefusal(() => skewnessInterval(values, { level }));
  if (isRefused(free)) return free.reason;
  const method = `wider of the ${found.method} and the ${free.method}`;
  return { ...found, low: Math.min(found.low, free.low), high: Math.max(found.high, free.high), method };
}

function tooFewCounts(n: number, name: string): string {
  return `${n} ${n === 1 ? "count bounds" : "counts bound"} no rate of ${name}: at least ${skewnessValuesMin} replicates are needed`;
}

function unboundedText({ trials, metric }: DecisionInput, side: "low" | "high"): string {
  const { lost, censored, measured } = trials;
  const n = lost + censored + measured;
  const parts = [
    ...(side === "high" && censored > 0 ? [`${censored} of ${n} trials were censored`] : []),
    ...(lost > 0 ? [`${lost} of ${n} ended without a value`] : []),
  ];
  if (trials.exposure !== null) return `${parts.join(" and ")}, and over how much they counted is not known`;
  return `${parts.join(" and ")}, and ${metric.name} declares no ${side === "low" ? "lowest" : "highest"} value (\`range\`) to count them at`;
}
