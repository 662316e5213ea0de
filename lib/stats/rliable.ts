// Aggregates over tasks as Agarwal et al. (2021) report reinforcement learning: interquartile mean, optimality gap,
// probability of improvement, performance profiles. Scores are runs x tasks: scores[run][task], normalised by the caller.

import type { Estimate } from "./estimate.ts";
import { interquartileMean } from "./means/trimmed-mean.ts";
import { meanOf } from "./moments.ts";
import { quantile } from "./quantile.ts";
import { rank } from "./ranks/ranks.ts";
import { assertCount, assertOpenUnit, assertSample, refuse } from "./refusal.ts";
import { percentileEnds } from "./resampling/bootstrap-interval.ts";
import { resamplingRandom } from "./resampling/resampling-random.ts";

/** scores[run][task]; every run has a score on every task. */
export type Scores = readonly (readonly number[])[];

/** The four aggregates of one algorithm. */
export interface Aggregates {
  /** Mean of the task means. */
  readonly mean: number;
  /** Median of the task means. */
  readonly median: number;
  /** Mean of the middle half of all runs on all tasks: floor(N/4) scores dropped at each end. */
  readonly interquartileMean: number;
  /** Mean shortfall below the target: mean of max(0, target - score). */
  readonly optimalityGap: number;
}

/** Columns of the scores: one array of runs for every task. */
export function tasksOf(scores: Scores): Float64Array[] {
  const tasks = scores[0]?.length ?? 0;
  if (tasks === 0) refuse("too-few", "the score table is empty; give scores[run][task]");
  scores.forEach((run, i) => {
    if (run.length !== tasks)
      refuse("unbalanced", `run ${i + 1} has ${run.length} tasks; every run needs ${tasks}`);
    assertSample(run, { name: `run ${i + 1}`, least: 1 });
  });
  return Array.from({ length: tasks }, (_, task) => Float64Array.from(scores, (run) => run[task]!));
}

/** Aggregates of a score table; `target` is the score at which the optimality gap closes (default 1). */
export function aggregates(scores: Scores, options: { target?: number } = {}): Aggregates {
  const { target = 1 } = options;
  const taskMeans = tasksOf(scores).map((task) => meanOf(Array.from(task)));
  const all = scores.flat();
  return {
    mean: meanOf(taskMeans),
    median: quantile(taskMeans, 0.5),
    interquartileMean: interquartileMean(all),
    optimalityGap: meanOf(all.map((score) => Math.max(0, target - score))),
  };
}

/** P(a run of x beats a run of y on a task), averaged over tasks; ties count half. */
export function probabilityOfImprovement(x: Scores, y: Scores): number {
  const xs = tasksOf(x);
  const ys = tasksOf(y);
  if (xs.length !== ys.length) refuse("unequal-lengths", `x has ${xs.length} tasks and y has ${ys.length}`);
  return meanOf(xs.map((task, i) => improvementOn(task, ys[i]!)));
}

/** One point of a performance profile. */
export interface ProfilePoint {
  readonly threshold: number;
  /** Share of runs (over all tasks) with a score strictly above the threshold. */
  readonly runs: number;
  /** Share of tasks whose mean score is strictly above the threshold. */
  readonly tasks: number;
}

/** The performance profile (run-score distribution) at the given thresholds. */
export function performanceProfile(scores: Scores, thresholds: readonly number[]): ProfilePoint[] {
  const all = scores.flat();
  const means = tasksOf(scores).map((task) => meanOf(Array.from(task)));
  const above = (values: readonly number[], bound: number) =>
    values.filter((value) => value > bound).length / values.length;
  return thresholds.map((threshold) => ({
    threshold,
    runs: above(all, threshold),
    tasks: above(means, threshold),
  }));
}

/** Options of the stratified bootstrap. */
export interface StratifiedOptions {
  /** Default 2,000; reports use 50,000. */
  readonly resamples?: number;
  readonly seed?: number;
  readonly level?: number;
}

/** A statistic of a score table under the stratified bootstrap (runs are resampled within each task). */
export function stratifiedBootstrap(
  scores: Scores,
  options: StratifiedOptions & {
    readonly statistic: keyof Aggregates | ((scores: Scores) => number);
    readonly target?: number;
  },
): Estimate & { readonly resamples: number; readonly seed: number } {
  const { statistic, resamples = 2000, seed = 1, level = 0.95, target = 1 } = options;
  assertCount(resamples, { name: "resamples", least: 100 });
  assertOpenUnit(level, "level");
  const tasks = tasksOf(scores);
  const compute =
    typeof statistic === "function" ? statistic : (table: Scores) => aggregates(table, { target })[statistic];
  const sorted =
    statistic === "interquartileMean"
      ? interquartileMeans(tasks, { resamples, seed })
      : resampledStatistics(tasks, { resamples, seed, compute });
  return {
    value: compute(scores),
    ...percentileEnds(sorted, level),
    level,
    method: `${typeof statistic === "function" ? "custom statistic" : statistic}, stratified percentile bootstrap (runs within tasks)`,
    n: scores.length,
    resamples,
    seed,
  };
}

/** Probability of improvement with its stratified bootstrap interval: both tables are resampled within each task. */
export function probabilityOfImprovementEstimate(
  tables: { readonly x: Scores; readonly y: Scores } & StratifiedOptions,
): Estimate & { readonly resamples: number; readonly seed: number } {
  const { x, y, resamples = 2000, seed = 1, level = 0.95 } = tables;
  assertCount(resamples, { name: "resamples", least: 100 });
  assertOpenUnit(level, "level");
  const value = probabilityOfImprovement(x, y);
  const random = resamplingRandom(seed);
  const draw = (task: Float64Array) => task.map(() => task[random.below(task.length)]!);
  const xs = tasksOf(x);
  const ys = tasksOf(y);
  const draws = Float64Array.from({ length: resamples }, () => {
    let sum = 0;
    for (let t = 0; t < xs.length; t += 1) sum += improvementOn(draw(xs[t]!), draw(ys[t]!));
    return sum / xs.length;
  }).sort();
  return {
    value,
    ...percentileEnds(draws, level),
    level,
    method: "probability of improvement, stratified percentile bootstrap (runs within tasks)",
    n: x.length + y.length,
    resamples,
    seed,
  };
}

/** A performance profile with a pointwise stratified bootstrap band. */
export function profileBand(
  scores: Scores,
  options: StratifiedOptions & { readonly thresholds: readonly number[] },
): (ProfilePoint & { readonly low: number; readonly high: number })[] {
  const { thresholds, resamples = 2000, seed = 1, level = 0.95 } = options;
  assertCount(resamples, { name: "resamples", least: 100 });
  assertOpenUnit(level, "level");
  const tasks = tasksOf(scores);
  const random = resamplingRandom(seed);
  const shares = thresholds.map(() => new Float64Array(resamples));
  const total = tasks.length * scores.length;
  for (let b = 0; b < resamples; b += 1) {
    for (const task of tasks)
      for (let i = 0; i < task.length; i += 1) {
        const score = task[random.below(task.length)]!;
        for (let k = 0; k < thresholds.length; k += 1)
          if (score > thresholds[k]!) shares[k]![b]! += 1 / total;
      }
  }
  return performanceProfile(scores, thresholds).map((point, k) => ({
    ...point,
    ...percentileEnds(shares[k]!.sort(), level),
  }));
}

function improvementOn(x: Float64Array, y: Float64Array): number {
  const m = x.length;
  const n = y.length;
  const { ranks } = rank([...x, ...y]);
  let sum = 0;
  for (let i = 0; i < m; i += 1) sum += ranks[i]!;
  return (sum - (m * (m + 1)) / 2) / (m * n);
}

function resampledStatistics(
  tasks: readonly Float64Array[],
  { resamples, seed, compute }: { resamples: number; seed: number; compute: (scores: Scores) => number },
): Float64Array {
  const random = resamplingRandom(seed);
  const runs = tasks[0]!.length;
  const draws = new Float64Array(resamples);
  for (let b = 0; b < resamples; b += 1) {
    const table = Array.from({ length: runs }, () => new Array<number>(tasks.length));
    tasks.forEach((task, t) => {
      for (let i = 0; i < runs; i += 1) table[i]![t] = task[random.below(runs)]!;
    });
    draws[b] = compute(table);
  }
  return draws.sort();
}

/**
 * The bootstrap distribution of the interquartile mean, fast: all scores are ranked once, a resample only counts how
 * often each rank was drawn, and the middle half is read off the counts.
 */
function interquartileMeans(
  tasks: readonly Float64Array[],
  { resamples, seed }: { resamples: number; seed: number },
): Float64Array {
  const random = resamplingRandom(seed);
  const runs = tasks[0]!.length;
  const total = tasks.length * runs;
  const all = new Float64Array(total);
  tasks.forEach((task, t) => {
    all.set(task, t * runs);
  });
  const order = Uint32Array.from({ length: total }, (_, i) => i).sort((a, b) => all[a]! - all[b]!);
  const place = new Uint32Array(total);
  order.forEach((index, at) => {
    place[index] = at;
  });
  const sorted = Float64Array.from(order, (index) => all[index]!);
  const counts = new Uint32Array(total);
  const drop = Math.floor(0.25 * total);
  const kept = total - 2 * drop;
  const draws = new Float64Array(resamples);
  for (let b = 0; b < resamples; b += 1) {
    counts.fill(0);
    for (let start = 0; start < total; start += runs)
      for (let i = 0; i < runs; i += 1) counts[place[start + random.below(runs)]!]! += 1;
    let skip = drop;
    let left = kept;
    let sum = 0;
    for (let at = 0; left > 0; at += 1) {
      let count = counts[at]!;
      if (skip > 0) {
        const skipped = Math.min(skip, count);
        skip -= skipped;
        count -= skipped;
      }
      const used = Math.min(count, left);
      left -= used;
      sum += used * sorted[at]!;
    }
    draws[b] = sum / kept;
  }
  return draws.sort();
}
