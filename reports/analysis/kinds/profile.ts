// The kind `profile`: aggregate scores of algorithms over tasks as rliable reports them: interquartile mean with a stratified
// bootstrap over runs, the performance profile with a pointwise band, and the probability of improvement over the baseline.
// Source: Agarwal et al., Deep reinforcement learning at the edge of the statistical precipice, NeurIPS 2021.
import type { ProfileSpec } from "../../../lib/experiment/analysis-spec.ts";
import { meanOf } from "../../../lib/stats/moments.ts";
import { median, quantileSorted } from "../../../lib/stats/quantile.ts";
import { resamplingRandom } from "../../../lib/stats/resampling-random.ts";
import { trimmedMeanSorted } from "../../../lib/stats/trimmed-mean.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { coordinatesOf, levelText } from "../../design/arm.ts";
import { cellsOf } from "../../design/cells.ts";
import { DesignError, groupedBy } from "../../design/level-design.ts";
import { extentOf } from "../estimates/extent.ts";
import type { ProfileFinding } from "../finding.ts";
import type { Interval } from "../interval.ts";
import { decimalsFor, intervalText, numberText } from "../words/number-text.ts";
import { type AnalysisKind, findingIdOf, numericMetric, plainKind, untested } from "./kind.ts";

export const profileKind: AnalysisKind<ProfileSpec> = {
  ...plainKind,
  answer(spec, input) {
    numericMetric(spec.metric, input);
    return [untested(profileFindingOf({ spec, table: input.table, id: findingIdOf(spec.name) }))];
  },
};

const resamples = 2000;
/** More levels than this are a ranking, not a profile. */
const levelsMax = 200;
/** Above so many scores in all they are not resampled. */
const resampledMax = 100_000;
const thresholds = 41;

interface Group {
  readonly level: string;
  /** Normalised scores, one list of runs a task, in the order of `tasks`. */
  readonly scores: readonly (readonly number[])[];
}

function profileFindingOf(input: {
  readonly spec: ProfileSpec;
  readonly table: TrialTable;
  readonly id: string;
}): ProfileFinding {
  const { spec, table, id } = input;
  const { groups, dropped } = groupsOf(spec, table);
  if (groups.length > levelsMax)
    throw new DesignError(
      `a profile of ${numberText(groups.length)} levels of ${spec.across} is not made, at most ${levelsMax}; choose some of them`,
    );
  const scores = groups.reduce(
    (sum, group) => sum + group.scores.reduce((own, runs) => own + runs.length, 0),
    0,
  );
  const isResampled = scores <= resampledMax;
  const seed = table.experiment.replicates.seed;
  const grid = gridOf(groups);
  const target = targetOf(spec, table);
  const summaries = groups.map((group) =>
    summaryOf(group, { grid, seed, target, level: spec.confidence, isResampled }),
  );
  const baseline =
    spec.baseline === null
      ? groups[0]
      : groups.find(({ level }) => level === levelText(spec.baseline!.level));
  const improvement =
    baseline === undefined
      ? []
      : groups
          .filter((group) => group !== baseline)
          .map((group) => improvementOf(group, baseline, { seed, level: spec.confidence, isResampled }));
  return {
    kind: "profile",
    id,
    title: spec.name,
    metric: spec.metric,
    factor: spec.across,
    task: spec.tasks.join(", "),
    groups: summaries,
    improvement,
    sentences: sentencesOf(spec, { summaries, improvement }),
    target,
    reason: `Scores over tasks are summarised by the interquartile mean with a stratified bootstrap over runs within tasks (percentile, ${resamples} resamples, seed ${seed}).${target === null ? "" : ` The optimality gap is the mean shortfall below ${numberText(target)}, scores above it counting as none.`}`,
    notes: [
      ...(isResampled
        ? []
        : [
            `${numberText(scores)} scores are not resampled, so the aggregates have no intervals; the limit is ${numberText(resampledMax)}.`,
          ]),
      ...dropped,
      ...(target === null
        ? [
            `No optimality gap is given: ${spec.metric} declares no highest value, and the analysis was not told what scores to take as 0 and 1 (\`normalise\`).`,
          ]
        : []),
    ],
    isConfirmatory: !spec.exploratory,
  };
}

/** Even steps from the lowest score to the highest. */
function gridOf(groups: readonly Group[]): readonly number[] {
  const { low, high } = extentOf(groups.flatMap(({ scores }) => scores.flat())) ?? { low: 0, high: 0 };
  return Array.from({ length: thresholds }, (_, i) => low + ((high - low) * i) / (thresholds - 1));
}

function sentencesOf(
  spec: ProfileSpec,
  of: {
    readonly summaries: ProfileFinding["groups"];
    readonly improvement: ProfileFinding["improvement"];
  },
): readonly string[] {
  return [
    ...of.summaries.map(
      (group) =>
        `${spec.across} = ${group.level}: interquartile mean of ${spec.metric} ${estimateText(group.iqm, group.iqmInterval)}${group.optimalityGap === null ? "" : `, optimality gap ${estimateText(group.optimalityGap, group.optimalityGapInterval)}`} over ${group.tasks} ${group.tasks === 1 ? "task" : "tasks"} and ${group.runs} runs.`,
    ),
    ...of.improvement.map(
      (entry) =>
        `P(${entry.level} scores above ${entry.baseline}) = ${estimateText(entry.probability, entry.interval)}.`,
    ),
  ];
}

/** The score at which nothing is left to gain: 1 for normalised scores, else the highest value that the metric declares. */
function targetOf(spec: ProfileSpec, table: TrialTable): number | null {
  if (spec.normalise !== null) return 1;
  return table.experiment.metrics[spec.metric]?.range?.[1] ?? null;
}

function groupsOf(
  spec: ProfileSpec,
  table: TrialTable,
): { readonly groups: readonly Group[]; readonly dropped: readonly string[] } {
  const cells = cellsOf(table, spec.metric).map((cell) => ({
    cell,
    at: coordinatesOf(table, cell.condition),
  }));
  const levels =
    table.experiment.factors.find(({ name }) => name === spec.across)?.levels.map(levelText) ?? [];
  const taskOf = (at: Readonly<Record<string, string>>) =>
    spec.tasks.map((name) => at[name] ?? "").join(", ");
  const tasks = [...new Set(cells.map(({ at }) => taskOf(at)))];
  const { low, high } = spec.normalise ?? { low: 0, high: 1 };
  const dropped: string[] = [];
  const byLevel = groupedBy(cells, ({ at }) => at[spec.across] ?? "");
  const all = levels.map((level): Group => {
    const byTask = groupedBy(byLevel.get(level) ?? [], ({ at }) => taskOf(at));
    return {
      level,
      scores: tasks.map((task) =>
        (byTask.get(task) ?? []).flatMap(({ cell }) =>
          Array.from(cell.values, (value) => (value - low) / (high - low)),
        ),
      ),
    };
  });
  const groups = all.filter(({ level, scores }) => {
    const missing = tasks.filter((_, i) => scores[i]!.length === 0);
    if (missing.length > 0)
      dropped.push(
        `${spec.across} = ${level} has no measured run of ${missing.length} of ${tasks.length} tasks and is left out.`,
      );
    return missing.length === 0;
  });
  return { groups, dropped };
}

interface BootstrapOptions {
  readonly seed: number;
  readonly level: number;
  readonly isResampled: boolean;
}

function summaryOf(
  { level, scores }: Group,
  options: BootstrapOptions & { readonly grid: readonly number[]; readonly target: number | null },
): ProfileFinding["groups"][number] {
  const pooled = Float64Array.from(scores.flat()).sort();
  const random = resamplingRandom(options.seed);
  const iqms = new Float64Array(resamples);
  const gaps = new Float64Array(resamples);
  const { target } = options;
  const gapOf = (values: Float64Array): number =>
    target === null
      ? Number.NaN
      : values.reduce((sum, score) => sum + Math.max(0, target - score), 0) / values.length;
  const shares = options.grid.map(() => new Float64Array(resamples));
  const drawn = new Float64Array(pooled.length);
  for (let b = 0; options.isResampled && b < resamples; b++) {
    let at = 0;
    for (const runs of scores)
      for (let i = 0; i < runs.length; i++) drawn[at++] = runs[random.below(runs.length)]!;
    drawn.sort();
    iqms[b] = trimmedMeanSorted(drawn, 0.25);
    gaps[b] = gapOf(drawn);
    let below = 0;
    options.grid.forEach((threshold, i) => {
      while (below < drawn.length && drawn[below]! <= threshold) below++;
      shares[i]![b] = (drawn.length - below) / drawn.length;
    });
  }
  const iqm = trimmedMeanSorted(pooled, 0.25);
  const taskMeans = scores.map((runs) => meanOf(runs));
  return {
    level,
    tasks: scores.length,
    runs: pooled.length,
    iqm,
    iqmInterval: options.isResampled ? holding(iqm, percentiles(iqms, options.level), options.level) : null,
    optimalityGap: target === null ? null : gapOf(pooled),
    optimalityGapInterval:
      target === null || !options.isResampled
        ? null
        : holding(gapOf(pooled), percentiles(gaps, options.level), options.level),
    mean: meanOf(taskMeans),
    median: median(taskMeans),
    profile: options.grid.map((score, i) => {
      const share = pooled.filter((value) => value > score).length / pooled.length;
      const { low, high } = options.isResampled
        ? percentiles(shares[i]!, options.level)
        : { low: share, high: share };
      return { score, share, low: Math.min(low, share), high: Math.max(high, share) };
    }),
  };
}

/** Mean over tasks of P(X > Y), ties counting half. */
function improvementOf(x: Group, y: Group, options: BootstrapOptions): ProfileFinding["improvement"][number] {
  const probability = probabilityOf(x.scores, y.scores);
  if (!options.isResampled) return { level: x.level, baseline: y.level, probability, interval: null };
  const random = resamplingRandom(options.seed);
  const resampled = (runs: readonly number[]) => runs.map(() => runs[random.below(runs.length)]!);
  const draws = Float64Array.from({ length: resamples }, () =>
    probabilityOf(x.scores.map(resampled), y.scores.map(resampled)),
  );
  return {
    level: x.level,
    baseline: y.level,
    probability,
    interval: holding(probability, percentiles(draws, options.level), options.level),
  };
}

function probabilityOf(x: readonly (readonly number[])[], y: readonly (readonly number[])[]): number {
  const byTask = x.map((runs, task) => {
    const others = Float64Array.from(y[task]!).sort();
    const wins = runs.reduce(
      (sum, run) => sum + countBelow(others, run, false) / 2 + countBelow(others, run, true) / 2,
      0,
    );
    return wins / (runs.length * others.length);
  });
  return byTask.reduce((sum, share) => sum + share, 0) / byTask.length;
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

function percentiles(draws: Float64Array, level: number): { readonly low: number; readonly high: number } {
  const sorted = draws.slice().sort();
  return { low: quantileSorted(sorted, (1 - level) / 2), high: quantileSorted(sorted, (1 + level) / 2) };
}

/** A percentile interval can miss its estimate in tiny samples; then there is no honest interval to print. */
function holding(
  value: number,
  { low, high }: { readonly low: number; readonly high: number },
  level: number,
): Interval | null {
  if (!(low <= value && value <= high && low < high)) return null;
  return { low, high, level, method: `stratified bootstrap, percentile, ${resamples} resamples` };
}

function estimateText(value: number, interval: Interval | null): string {
  if (interval === null) return numberText(value);
  const decimals = decimalsFor((interval.high - interval.low) / 2);
  return `${numberText(value, decimals)} ${intervalText(interval, decimals)}`;
}
