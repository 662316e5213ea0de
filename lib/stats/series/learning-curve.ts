// Learning curves over runs: at every step a centre with a pointwise band, and the area under a curve.
// Runs are the replicates; steps of one run are never counted as such.

import type { Estimate } from "../estimate.ts";
import { tInterval } from "../means/t-interval.ts";
import { assertSample, isRefused, orRefusal, refuse } from "../refusal.ts";
import { bootstrap } from "../resampling/bootstrap.ts";

/** One step of a learning curve. */
export interface CurvePoint extends Estimate {
  readonly step: number;
}

/** Options of learningCurve. */
export interface LearningCurveOptions {
  /** "mean" with t intervals (default), or "interquartile-mean" or "median" with percentile bootstrap intervals. */
  readonly centre?: "mean" | "median" | "interquartile-mean";
  /** x value of each step; default 0, 1, 2 ... */
  readonly steps?: readonly number[];
  /** Trailing moving average over this many steps, per run, before averaging over runs; default 1 (none). */
  readonly smooth?: number;
  readonly level?: number;
  readonly resamples?: number;
  readonly seed?: number;
}

/**
 * The learning curve of several runs, with a pointwise band.
 * @param runs runs[run][step], all of one length; at least two runs
 * A step at which all runs are equal has a band of no width, and its method says so.
 */
export function learningCurve(
  runs: readonly (readonly number[])[],
  options: LearningCurveOptions = {},
): CurvePoint[] {
  const { centre = "mean", smooth = 1, level = 0.95, resamples = 2000, seed = 1 } = options;
  if (runs.length < 2) refuse("too-few", `${runs.length} run(s) given; a band needs at least 2`);
  const length = runs[0]!.length;
  const smoothed = runs.map((run, i) => {
    if (run.length !== length)
      refuse("unbalanced", `run ${i + 1} has ${run.length} steps; every run needs ${length}`);
    assertSample(run, { name: `run ${i + 1}`, least: 1 });
    return movingAverage(run, smooth);
  });
  const steps = options.steps ?? Array.from({ length }, (_, i) => i);
  if (steps.length !== length) refuse("unequal-lengths", `${steps.length} step values for ${length} steps`);
  return steps.map((step, i) => {
    const values = smoothed.map((run) => run[i]!);
    const point = orRefusal(() =>
      centre === "mean"
        ? tInterval(values, { level })
        : bootstrap(values, { statistic: centre, method: "percentile", resamples, seed, level }),
    );
    if (!isRefused(point)) return { step, ...point };
    const value = values[0]!;
    return { step, value, low: value, high: value, level, method: "all runs are equal", n: values.length };
  });
}

/** Trailing moving average over `window` values (fewer at the start). */
export function movingAverage(values: readonly number[], window: number): number[] {
  if (!Number.isInteger(window) || window < 1)
    refuse("bad-option", `the smoothing window is ${window}; it must be a whole number from 1`);
  if (window === 1) return [...values];
  return values.map((_, i) => {
    const from = Math.max(0, i - window + 1);
    let sum = 0;
    for (let j = from; j <= i; j += 1) sum += values[j]!;
    return sum / (i - from + 1);
  });
}

/**
 * Area under a curve by the trapezoidal rule; with `normalise` divided by the width, so that it reads as a mean height.
 * @param curve.x ascending positions; default 0, 1, 2 ...
 */
export function areaUnderCurve(curve: {
  y: readonly number[];
  x?: readonly number[];
  normalise?: boolean;
}): number {
  const { y, normalise = false } = curve;
  assertSample(y, { name: "the curve", least: 2 });
  const x = curve.x ?? y.map((_, i) => i);
  if (x.length !== y.length)
    refuse("unequal-lengths", `x has ${x.length} positions and y has ${y.length} values`);
  let area = 0;
  for (let i = 1; i < y.length; i += 1) {
    const width = x[i]! - x[i - 1]!;
    if (!(width > 0)) refuse("bad-option", `positions must ascend; x[${i}] = ${x[i]} follows ${x[i - 1]}`);
    area += (width * (y[i]! + y[i - 1]!)) / 2;
  }
  return normalise ? area / (x[x.length - 1]! - x[0]!) : area;
}
