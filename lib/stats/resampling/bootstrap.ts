// The seeded nonparametric bootstrap of one sample: percentile, basic, BCa and studentized intervals.
// Same values, seed and options give the same interval, byte for byte. Two samples: bootstrap-difference.ts.

import type { Estimate } from "../estimate.ts";
import { momentsOf, unitOf } from "../moments.ts";
import { assertCount, assertOpenUnit, assertSample, refuse } from "../refusal.ts";
import { basicEnds, bcaEnds, type Ends, percentileEnds } from "./bootstrap-interval.ts";
import {
  leaveOneOutOf,
  observedStatistic,
  type Statistic,
  statisticFunction,
  statisticName,
} from "./resample-statistic.ts";
import { resamplingRandom } from "./resampling-random.ts";
import { studentizedEnds } from "./studentized-bootstrap.ts";

/** How a bootstrap interval is made from the resamples. */
export type BootstrapMethod = "percentile" | "basic" | "bca" | "studentized";

/** Options of a bootstrap interval. */
export interface BootstrapOptions {
  /** Default "studentized" for the mean, "bca" otherwise. Below n = 30 percentile and BCa cover too little. */
  readonly method?: BootstrapMethod;
  /** Default "mean". */
  readonly statistic?: Statistic;
  /** Number of resamples, default 10,000; "all" enumerates all n^n of them (n <= 7). */
  readonly resamples?: number | "all";
  /** Seed of the resampling, a whole number from 0; default 1. */
  readonly seed?: number;
  /** Confidence level; default 0.95. */
  readonly level?: number;
}

/** An interval from the bootstrap, with what is needed to repeat it. */
export interface BootstrapEstimate extends Estimate {
  readonly resamples: number;
  /** Absent when all n^n resamples were enumerated. */
  readonly seed?: number;
}

/**
 * A bootstrap interval of a statistic of one sample.
 * @throws StatisticsRefusal for n < 2, a constant sample, or an interval that the method cannot give
 * @example bootstrap([3, 5, 4, 8, 6], { method: "bca", seed: 7 })
 */
export function bootstrap(values: readonly number[], options: BootstrapOptions = {}): BootstrapEstimate {
  const { statistic = "mean", resamples = 10_000, seed = 1, level = 0.95 } = options;
  const method = options.method ?? (statistic === "mean" ? "studentized" : "bca");
  assertSample(values, { name: "the sample", least: 2 });
  assertOpenUnit(level, "level");
  const { sd, mean } = momentsOf(values);
  if (sd === 0)
    refuse("no-variation", `the sample does not vary (every value is ${mean}); resampling it says nothing`);
  const unit = unitOf(sd);
  // Beyond these sizes squares leave the range of a double; a power of two takes nothing from the digits.
  if (unit > 1e120 || unit < 1e-120)
    return inUnit(
      unit,
      bootstrap(
        values.map((value) => value / unit),
        options,
      ),
    );
  const theta = observedStatistic(values, statistic);
  // Resampling works on values moved to the mean: sums keep their digits, and the shift is undone at the end.
  const shift = statistic === "mean" ? mean : 0;
  const moved = Float64Array.from(values, (value) => value - shift);
  const name = `${statisticName(statistic)} with ${method === "bca" ? "BCa" : method} bootstrap interval`;

  if (method === "studentized") {
    if (resamples === "all")
      refuse("bad-option", "the studentized bootstrap samples at random; give a number of resamples");
    assertCount(resamples, { name: "resamples", least: 100 });
    const { ends, standardError } = studentizedEnds(moved, {
      theta: theta - shift,
      statistic,
      resamples,
      seed,
      level,
    });
    return {
      value: theta,
      low: ends.low + shift,
      high: ends.high + shift,
      level,
      method: name,
      n: values.length,
      standardError,
      resamples,
      seed,
    };
  }
  const distribution =
    resamples === "all" ? enumerate(moved, statistic) : distributionOf(moved, { statistic, resamples, seed });
  const ends = endsOf(distribution, { method, theta: theta - shift, level, moved, statistic });
  return {
    value: theta,
    low: ends.low + shift,
    high: ends.high + shift,
    level,
    method: name,
    n: values.length,
    standardError: spread(distribution, resamples === "all" ? 0 : 1),
    resamples: distribution.length,
    ...(resamples !== "all" && { seed }),
  };
}

/** An estimate of values that were divided by `unit`, in their own unit again. */
function inUnit(
  unit: number,
  { value, low, high, standardError, ...rest }: BootstrapEstimate,
): BootstrapEstimate {
  return {
    ...rest,
    value: value * unit,
    low: low * unit,
    high: high * unit,
    ...(standardError !== undefined && { standardError: standardError * unit }),
  };
}

/** The sorted bootstrap distribution of a statistic. */
export function distributionOf(
  values: Float64Array,
  options: { statistic: Statistic; resamples: number; seed: number },
): Float64Array {
  const { statistic, resamples, seed } = options;
  assertCount(resamples, { name: "resamples", least: 100 });
  const random = resamplingRandom(seed);
  const n = values.length;
  const result = new Float64Array(resamples);
  if (statistic === "mean") {
    for (let b = 0; b < resamples; b += 1) {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += values[random.below(n)]!;
      result[b] = sum / n;
    }
    return result.sort();
  }
  const compute = statisticFunction(statistic);
  const resample = new Float64Array(n);
  for (let b = 0; b < resamples; b += 1) {
    for (let i = 0; i < n; i += 1) resample[i] = values[random.below(n)]!;
    result[b] = compute(resample);
  }
  return result.sort();
}

/** The interval of a sorted bootstrap distribution by a method that needs no inner standard errors. */
export function endsOf(
  sorted: Float64Array,
  options: {
    method: BootstrapMethod;
    theta: number;
    level: number;
    moved: ArrayLike<number>;
    statistic: Statistic;
  },
): Ends {
  const { method, theta, level } = options;
  if (method === "percentile") return percentileEnds(sorted, level);
  if (method === "basic") return basicEnds(sorted, { theta, level });
  return bcaEnds(sorted, { theta, level, leaveOneOut: leaveOneOutOf(options.moved, options.statistic) });
}

function enumerate(values: Float64Array, statistic: Statistic): Float64Array {
  const n = values.length;
  if (n > 7) refuse("too-large", `n = ${n} has ${n}^${n} resamples; enumeration is for n <= 7`);
  const compute = statisticFunction(statistic);
  const total = n ** n;
  const result = new Float64Array(total);
  for (let code = 0; code < total; code += 1) {
    const resample = new Float64Array(n);
    for (let i = 0, rest = code; i < n; i += 1, rest = Math.floor(rest / n)) resample[i] = values[rest % n]!;
    result[code] = compute(resample);
  }
  return result.sort();
}

function spread(values: Float64Array, lost: 0 | 1): number {
  const { sd } = momentsOf(Array.from(values));
  return lost === 1 ? sd : sd * Math.sqrt((values.length - 1) / values.length);
}
