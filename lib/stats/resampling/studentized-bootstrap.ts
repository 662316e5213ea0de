// The studentized (bootstrap-t) interval: each resample is divided by its own standard error, which is what makes it
// cover at small n. The mean has a closed standard error; other statistics take the jackknife's.
import { quantileSorted } from "../quantile.ts";
import { refuse } from "../refusal.ts";
import { leaveOneOutOf, type Statistic, statisticFunction } from "./resample-statistic.ts";
import { resamplingRandom } from "./resampling-random.ts";

/** Ends of the studentized interval and the standard error it is scaled by (Efron & Tibshirani 1993, section 12.5). */
export function studentizedEnds(
  values: Float64Array,
  options: { theta: number; statistic: Statistic; resamples: number; seed: number; level: number },
): { ends: { low: number; high: number }; standardError: number } {
  const { theta, statistic, resamples, seed, level } = options;
  if (statistic === "median")
    refuse(
      "not-estimable",
      "the jackknife standard error of a median is inconsistent; use the percentile or BCa interval",
    );
  const n = values.length;
  const errorOf =
    statistic === "mean" ? meanError : (sample: Float64Array) => jackknifeError(sample, statistic);
  const compute = statisticFunction(statistic);
  const standardError = errorOf(values);
  if (!(standardError > 0))
    refuse("no-variation", "the statistic has no standard error in this sample; use the percentile interval");
  const random = resamplingRandom(seed);
  const ratios = new Float64Array(resamples);
  const resample = new Float64Array(n);
  for (let b = 0; b < resamples; b += 1) {
    for (let i = 0; i < n; i += 1) resample[i] = values[random.below(n)]!;
    const error = errorOf(resample);
    const gap = compute(resample) - theta;
    // A resample of one repeated value has no spread: its ratio is beyond every quantile on its side.
    ratios[b] = error > 0 ? gap / error : Math.sign(gap) * Number.MAX_VALUE;
  }
  ratios.sort();
  const low = theta - quantileSorted(ratios, (1 + level) / 2) * standardError;
  const high = theta - quantileSorted(ratios, (1 - level) / 2) * standardError;
  if (Math.max(Math.abs(low), Math.abs(high)) > 1e300)
    refuse(
      "too-few",
      `n = ${n} with so few distinct values gives too many resamples without spread; use the t interval`,
    );
  return { ends: { low, high }, standardError };
}

function meanError(values: Float64Array): number {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < n; i += 1) sum += values[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i += 1) {
    const e = values[i]! - mean;
    squares += e * e;
  }
  const error = Math.sqrt(squares / (n - 1) / n);
  return error > 1e-14 * Math.abs(mean) ? error : 0;
}

function jackknifeError(values: Float64Array, statistic: Statistic): number {
  const out = leaveOneOutOf(values, statistic);
  const n = out.length;
  let mean = 0;
  for (const value of out) mean += value / n;
  let squares = 0;
  for (const value of out) squares += (value - mean) ** 2;
  return Math.sqrt(((n - 1) / n) * squares);
}
