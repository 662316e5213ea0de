// What few runs of several tasks say together: a trimmed mean of all runs with an interval that holds at three to five runs a task, and the
// probability that a run of one algorithm beats a run of another on the same task. Strata are tasks; runs are drawn within them.
import { studentTUpperQuantile } from "./distribution/student-t.ts";
import type { Estimate } from "./estimate.ts";
import { trimmedMeanSorted } from "./means/trimmed-mean.ts";
import { momentsOf } from "./moments.ts";
import { assertOpenUnit, assertSample, refuse } from "./refusal.ts";
import { resamplingRandom } from "./resampling/resampling-random.ts";

/** Runs by stratum: one list a task. */
export type Strata = readonly ArrayLike<number>[];

/** From so many runs in every stratum on, the standard error has a closed form that is near enough. */
const closedFormRuns = 30;
/** Above so many runs in all they are not resampled. */
const resampledMax = 100_000;

/**
 * The mean of all runs of all strata without the share `trim` at each end, with a t interval.
 *
 * The standard error is that of a bootstrap within strata, enlarged for its bias at few runs (by sqrt(n/(n - 1)) when all strata have n); from
 * 30 runs in each stratum on, and for a mean, that of the winsorised values. Degrees of freedom are Satterthwaite's over the strata's
 * winsorised variances, since after trimming few strata may carry the whole error.
 *
 * Sources: Agarwal et al., NeurIPS 2021 (interquartile mean, runs resampled within tasks); Efron and Tibshirani (1993) section 6.5 (the bias);
 * Wilcox, Introduction to robust estimation (2012) section 3.3 (winsorised standard error); Satterthwaite, Biometrics Bulletin 2 (1946) 110-114.
 *
 * @param options trim in [0, 0.5), default 0.25: the interquartile mean. `seed` of the resampling, default 1.
 * @throws StatisticsRefusal when a stratum has fewer than two runs, or nothing varies within strata
 * @example stratifiedTrimmedMean({ strata: [[0.2, 0.4, 0.3], [0.9, 0.7, 0.8]] }).high
 */
export function stratifiedTrimmedMean(options: {
  readonly strata: Strata;
  readonly trim?: number;
  readonly level?: number;
  readonly resamples?: number;
  readonly seed?: number;
}): Estimate {
  const { strata, trim = 0.25, level = 0.95, resamples = 2000, seed = 1 } = options;
  assertOpenUnit(level, "level");
  if (!(trim >= 0 && trim < 0.5)) refuse("bad-option", `trim is ${trim}; it must lie in [0, 0.5)`);
  assertStrata(strata, 2);
  const sorted = pooledOf(strata);
  const n = sorted.length;
  const cut = Math.floor(trim * n);
  const parts = strata.map((runs): StratumError => {
    const kept = Float64Array.from(runs, (run) =>
      Math.min(Math.max(run, sorted[cut]!), sorted[n - 1 - cut]!),
    );
    return { runs: runs.length, variance: (runs.length * momentsOf(kept).sd ** 2) / n ** 2 };
  });
  const variance = parts.reduce((sum, part) => sum + part.variance, 0);
  const isClosed = trim === 0 || n > resampledMax || strata.every((runs) => runs.length >= closedFormRuns);
  const standardError = isClosed
    ? (Math.sqrt(variance) * n) / (n - 2 * cut)
    : resampledError(strata, { trim, resamples, seed }) * enlargement(parts);
  if (standardError === 0) refuse("no-variation", "no run differs from the others of its stratum");
  const value = trimmedMeanSorted(sorted, trim);
  const half = studentTUpperQuantile((1 - level) / 2, freedomOf(parts)) * standardError;
  return {
    value,
    low: value - half,
    high: value + half,
    level,
    method: isClosed
      ? "t interval, runs within strata"
      : `t interval, error by resampling runs within strata (${resamples} resamples, seed ${seed})`,
    n,
    standardError,
  };
}

/** A stratum's part of the variance of the whole. */
interface StratumError {
  readonly runs: number;
  readonly variance: number;
}

function freedomOf(parts: readonly StratumError[]): number {
  const sum = parts.reduce((total, { variance }) => total + variance, 0);
  // The bootstrap may vary where the winsorised values do not.
  if (sum === 0) return parts.reduce((total, { runs }) => total + runs - 1, 0);
  return 1 / parts.reduce((total, { runs, variance }) => total + (variance / sum) ** 2 / (runs - 1), 0);
}

/** A bootstrap's variance of a mean of n is (n - 1)/n of what it should be; over strata in proportion to their parts. */
function enlargement(parts: readonly StratumError[]): number {
  const sum = parts.reduce((total, { variance }) => total + variance, 0);
  if (sum === 0) return 1;
  const held = parts.reduce((total, { runs, variance }) => total + (variance * (runs - 1)) / runs, 0);
  return Math.sqrt(sum / held);
}

function resampledError(
  strata: Strata,
  { trim, resamples, seed }: { readonly trim: number; readonly resamples: number; readonly seed: number },
): number {
  const random = resamplingRandom(seed);
  const drawn = pooledOf(strata);
  const means = Float64Array.from({ length: resamples }, () => {
    let at = 0;
    for (const runs of strata)
      for (let i = 0; i < runs.length; i += 1) drawn[at++] = runs[random.below(runs.length)]!;
    return trimmedMeanSorted(drawn.sort(), trim);
  });
  return momentsOf(means).sd;
}

/**
 * The probability that a run of x lies above a run of y of the same stratum (ties count half), averaged over strata, with a score interval:
 * it holds every probability whose own standard error reaches the observed one, so that it has ends where all runs of x lie above.
 *
 * The variance is Newcombe's (his method 5, after Hanley and McNeil), or DeLong's where that is larger, and the quantile Student's with
 * all runs' degrees of freedom.
 *
 * Sources: Newcombe, Statistics in Medicine 25 (2006) 559-573; DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837-845.
 *
 * @throws StatisticsRefusal when strata differ in number, one is empty, or there are too few runs for an interval
 * @example stratifiedSuperiority({ x: [[3, 4, 5]], y: [[1, 2, 2.5]] }) // value 1, low 0.337, high 1
 */
export function stratifiedSuperiority(options: {
  readonly x: Strata;
  readonly y: Strata;
  readonly level?: number;
}): Estimate {
  const { x, y, level = 0.95 } = options;
  assertOpenUnit(level, "level");
  if (x.length !== y.length)
    refuse("unequal-lengths", `x has ${x.length} strata and y has ${y.length}; they must be the same`);
  assertStrata(x, 1);
  assertStrata(y, 1);
  const n = x.reduce((sum, runs, t) => sum + runs.length + y[t]!.length, 0);
  const freedom = n - 2 * x.length;
  if (freedom < 1) refuse("too-few", "every stratum has one run of each; an interval needs more");
  const pairs = x.map((runs, t) => superiorityOf(runs, y[t]!));
  const count = pairs.length;
  const value = pairs.reduce((sum, pair) => sum + pair.probability, 0) / count;
  const observed = pairs.reduce((sum, pair) => sum + pair.variance, 0) / count ** 2;
  const variance = (at: number) =>
    Math.max(observed, pairs.reduce((sum, { sizes }) => sum + scoreVariance(at, sizes), 0) / count ** 2);
  const quantile = studentTUpperQuantile((1 - level) / 2, freedom);
  const holds = (at: number) => Math.abs(value - at) <= quantile * Math.sqrt(variance(at));
  return {
    value,
    low: endOf(value, 0, holds),
    high: endOf(value, 1, holds),
    level,
    method: "score interval of a probability of superiority, runs within strata",
    n,
  };
}

/** The farthest point from `inside` towards `limit` that still holds. */
function endOf(inside: number, limit: number, holds: (at: number) => boolean): number {
  if (holds(limit)) return limit;
  let held = inside;
  let out = limit;
  for (let step = 0; step < 50; step += 1) {
    const middle = (held + out) / 2;
    if (holds(middle)) held = middle;
    else out = middle;
  }
  return held;
}

/** Newcombe's variance of the share of pairs in which x lies above y, were its expectation p. */
function scoreVariance(p: number, { m, n }: { readonly m: number; readonly n: number }): number {
  return (p * (1 - p) * (1 + ((m + n) / 2 - 1) * ((1 - p) / (2 - p) + p / (1 + p)))) / (m * n);
}

function superiorityOf(x: ArrayLike<number>, y: ArrayLike<number>) {
  const sortedX = Float64Array.from(x).sort();
  const sortedY = Float64Array.from(y).sort();
  const placesX = Float64Array.from(x, (run) => shareBelow(sortedY, run));
  const placesY = Float64Array.from(y, (run) => 1 - shareBelow(sortedX, run));
  const { mean, sd } = momentsOf(placesX);
  return {
    probability: mean,
    variance: sd ** 2 / x.length + momentsOf(placesY).sd ** 2 / y.length,
    sizes: { m: x.length, n: y.length },
  };
}

/** Share of a sorted list below `value`, equal ones counting half. */
function shareBelow(sorted: Float64Array, value: number): number {
  return (countBelow(sorted, value, false) + countBelow(sorted, value, true)) / 2 / sorted.length;
}

/** Values of a sorted list below `value`, or up to and with it. */
function countBelow(sorted: Float64Array, value: number, withEqual: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value || (withEqual && sorted[middle] === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pooledOf(strata: Strata): Float64Array {
  return Float64Array.from(strata.flatMap((runs) => Array.from(runs))).sort();
}

function assertStrata(strata: Strata, least: number): void {
  if (strata.length === 0) refuse("too-few", "there is no stratum");
  for (const [i, runs] of strata.entries()) assertSample(runs, { name: `stratum ${i + 1}`, least });
}
