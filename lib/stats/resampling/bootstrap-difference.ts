// The bootstrap of a difference of means of two independent samples: each sample is resampled on its own.
// The studentized form (the default) uses Welch's standard error in every resample.

import { differenceParts } from "../means/t-test.ts";
import { quantileSorted } from "../quantile.ts";
import { assertCount, assertOpenUnit, refuse } from "../refusal.ts";
import type { BootstrapEstimate } from "./bootstrap.ts";
import { basicEnds, bcaEnds, percentileEnds } from "./bootstrap-interval.ts";
import { leaveOneOutOf } from "./resample-statistic.ts";
import { type ResamplingRandom, resamplingRandom } from "./resampling-random.ts";

/** Options of bootstrapDifference. */
export interface BootstrapDifferenceOptions {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Default "studentized". */
  readonly method?: "percentile" | "basic" | "bca" | "studentized";
  /** Default 10,000. */
  readonly resamples?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Default 0.95. */
  readonly level?: number;
}

/**
 * A bootstrap interval of mean(x) - mean(y) for independent samples. For pairs, bootstrap the differences.
 * Source: Davison & Hinkley (1997), sections 2.4 and 5.2.
 */
export function bootstrapDifference(options: BootstrapDifferenceOptions): BootstrapEstimate {
  const { method = "studentized", resamples = 10_000, seed = 1, level = 0.95 } = options;
  assertOpenUnit(level, "level");
  assertCount(resamples, { name: "resamples", least: 100 });
  const parts = differenceParts(options, "unequal");
  const { origin } = parts.x;
  // Each sample is moved to its own mean, so that the spread of a resample keeps its digits.
  const x = Float64Array.from(options.x, (value) => value - origin - parts.x.offset);
  const y = Float64Array.from(options.y, (value) => value - origin - parts.y.offset);
  const theta = parts.difference;
  const random = resamplingRandom(seed);
  const draws = new Float64Array(resamples);
  for (let b = 0; b < resamples; b += 1) {
    const a = resampleMoments(x, random);
    const c = resampleMoments(y, random);
    const gap = a.mean - c.mean;
    const error = Math.sqrt(a.variance / x.length + c.variance / y.length);
    if (method === "studentized") draws[b] = error > 0 ? gap / error : Math.sign(gap) * Number.MAX_VALUE;
    else draws[b] = theta + gap;
  }
  draws.sort();
  const common = {
    value: theta,
    level,
    n: x.length + y.length,
    standardError: parts.standardError,
    resamples,
    seed,
  };
  const name = `difference of means with ${method === "bca" ? "BCa" : method} bootstrap interval`;
  if (method === "percentile") return { ...common, ...percentileEnds(draws, level), method: name };
  if (method === "basic") return { ...common, ...basicEnds(draws, { theta, level }), method: name };
  if (method === "bca") {
    // Leave-one-out values of both samples; each sample's are weighted by its size (Davison & Hinkley eq. 5.26).
    const leftX = leaveOneOutOf(x, "mean").map((value) => (value * (x.length - 1)) / x.length);
    const leftY = leaveOneOutOf(y, "mean").map((value) => (-value * (y.length - 1)) / y.length);
    const { low, high } = bcaEnds(draws, {
      theta,
      level,
      leaveOneOut: Float64Array.from([...leftX, ...leftY]),
    });
    return { ...common, low, high, method: name };
  }
  const low = theta - quantileSorted(draws, (1 + level) / 2) * parts.standardError;
  const high = theta - quantileSorted(draws, (1 - level) / 2) * parts.standardError;
  if (Math.max(Math.abs(low), Math.abs(high)) > 1e300)
    refuse("too-few", "too many resamples have no spread at these sample sizes; use Welch's interval");
  return { ...common, low, high, method: name };
}

function resampleMoments(values: Float64Array, random: ResamplingRandom): { mean: number; variance: number } {
  const n = values.length;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i += 1) {
    const value = values[random.below(n)]!;
    sum += value;
    squares += value * value;
  }
  const mean = sum / n;
  return { mean, variance: Math.max(0, (squares - n * mean * mean) / (n - 1)) };
}
