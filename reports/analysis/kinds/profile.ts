// The kind `profile`: aggregate scores of algorithms over tasks as rliable reports them: the interquartile mean, the performance profile with
// a pointwise band, and the probability of improvement over the baseline; intervals hold at three to five runs a task. What is better
// follows the metric's declared direction.
// Source: Agarwal et al., Deep reinforcement learning at the edge of the statistical precipice, NeurIPS 2021.
import type { ProfileSpec } from "../../../lib/experiment/analysis-spec.ts";
import type { Estimate } from "../../../lib/stats/estimate.ts";
import { trimmedMeanSorted } from "../../../lib/stats/means/trimmed-mean.ts";
import { meanOf } from "../../../lib/stats/moments.ts";
import { proportionInterval } from "../../../lib/stats/proportion-interval.ts";
import { median } from "../../../lib/stats/quantile.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import { stratifiedSuperiority, stratifiedTrimmedMean } from "../../../lib/stats/stratified-aggregate.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { coordinatesOf, levelText } from "../../design/arm.ts";
import { cellsOf } from "../../design/cells.ts";
import { DesignError, groupedBy } from "../../design/level-design.ts";
import { extentOf } from "../estimates/extent.ts";
import type { ProfileFinding } from "../finding.ts";
import { type Interval, intervalOf } from "../interval.ts";
import { decimalsFor, intervalText, numberText } from "../words/number-text.ts";
import { type AnalysisKind, findingIdOf, numericMetric, plainKind, untested } from "./kind.ts";

export const profileKind: AnalysisKind<ProfileSpec> = {
  ...plainKind,
  answer(spec, input) {
    numericMetric(spec.metric, input);
    return [untested(profileFindingOf({ spec, table: input.table, id: findingIdOf(spec.name) }))];
  },
};

/** More levels than this are a ranking, not a profile. */
const levelsMax = 200;
const thresholds = 41;

interface Group {
  readonly level: string;
  /** Scores, one list of runs a task, in the order of `tasks`. */
  readonly scores: readonly (readonly number[])[];
}

/** What a score is worth. */
interface Scale {
  /** Whether the larger of two scores is the better one. */
  readonly isHigherBetter: boolean;
  /** The score at which nothing is left to gain; null when none is known. */
  readonly target: number | null;
  readonly level: number;
  readonly seed: number;
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
  const scale = scaleOf(spec, table);
  const grid = gridOf(groups);
  const summaries = groups.map((group) => summaryOf(group, { scale, grid }));
  const baseline =
    spec.baseline === null
      ? groups[0]
      : groups.find(({ level }) => level === levelText(spec.baseline!.level));
  const improvement =
    baseline === undefined
      ? []
      : groups.filter((group) => group !== baseline).map((group) => improvementOf(group, baseline, scale));
  const better = scale.isHigherBetter ? "higher" : "lower";
  return {
    kind: "profile",
    id,
    title: spec.name,
    metric: spec.metric,
    factor: spec.across,
    task: spec.tasks.join(", "),
    better,
    groups: summaries,
    improvement,
    sentences: sentencesOf(spec, { summaries, improvement, better }),
    target: scale.target,
    reason: reasonOf(scale),
    notes: [...notesOf(spec, table, scale), ...dropped],
    isConfirmatory: !spec.exploratory,
  };
}

/** Normalised scores are best at 1 whatever the metric's direction; others in the metric's own direction, to the end of its range. */
function scaleOf(spec: ProfileSpec, table: TrialTable): Scale {
  const { direction, range } = table.experiment.metrics[spec.metric]!;
  const isHigherBetter = spec.normalise !== null || direction !== "minimize";
  const end = isHigherBetter ? range?.[1] : range?.[0];
  return {
    isHigherBetter,
    target: spec.normalise !== null ? 1 : (end ?? null),
    level: spec.confidence,
    seed: table.experiment.replicates.seed,
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
    readonly better: ProfileFinding["better"];
  },
): readonly string[] {
  return [
    ...of.summaries.map(
      (group) =>
        `${spec.across} = ${group.level}: interquartile mean of ${spec.metric} ${estimateText(group.iqm, group.iqmInterval)}${group.optimalityGap === null ? "" : `, optimality gap ${estimateText(group.optimalityGap, group.optimalityGapInterval)}`} over ${group.tasks} ${group.tasks === 1 ? "task" : "tasks"} and ${group.runs} runs.`,
    ),
    ...of.improvement.map(
      (entry) =>
        `P(${entry.level} scores ${of.better === "higher" ? "above" : "below"} ${entry.baseline}) = ${estimateText(entry.probability, entry.interval)}${of.better === "lower" ? ", lower being better" : ""}.`,
    ),
  ];
}

function reasonOf({ isHigherBetter, target, seed }: Scale): string {
  const gap =
    target === null
      ? ""
      : ` The optimality gap is the mean ${isHigherBetter ? "shortfall below" : "excess above"} ${numberText(target)}, scores beyond it counting as none.`;
  return `Scores over tasks are summarised by the interquartile mean; its interval is Student's t with the error of resampling runs within tasks, enlarged for few runs (seed ${seed}). The probability of improvement has a score interval (Newcombe 2006), the profile Wilson's.${gap}`;
}

function notesOf(spec: ProfileSpec, table: TrialTable, { isHigherBetter, target }: Scale): readonly string[] {
  const { direction } = table.experiment.metrics[spec.metric]!;
  return [
    ...(direction === null && spec.normalise === null
      ? [`${spec.metric} declares no direction; higher scores are taken as better.`]
      : []),
    ...(target === null
      ? [
          `No optimality gap is given: ${spec.metric} declares no ${isHigherBetter ? "highest" : "lowest"} value, and the analysis was not told what scores to take as 0 and 1 (\`normalise\`).`,
        ]
      : []),
  ];
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
  const scoreOf = scoring(spec, table);
  const dropped: string[] = [];
  const byLevel = groupedBy(cells, ({ at }) => at[spec.across] ?? "");
  const all = levels.map((level): Group => {
    const byTask = groupedBy(byLevel.get(level) ?? [], ({ at }) => taskOf(at));
    return {
      level,
      scores: tasks.map((task) =>
        (byTask.get(task) ?? []).flatMap(({ cell }) => Array.from(cell.values, scoreOf)),
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

/** Divides by the span of `normalise`; the low end of a metric that is minimised is its best score, 1. */
function scoring({ normalise, metric }: ProfileSpec, table: TrialTable): (value: number) => number {
  if (normalise === null) return (value) => value;
  const { low, high } = normalise;
  const isMinimized = table.experiment.metrics[metric]!.direction === "minimize";
  return isMinimized ? (value) => (high - value) / (high - low) : (value) => (value - low) / (high - low);
}

function summaryOf(
  { level, scores }: Group,
  { scale, grid }: { readonly scale: Scale; readonly grid: readonly number[] },
): ProfileFinding["groups"][number] {
  const { isHigherBetter, target, seed } = scale;
  const pooled = Float64Array.from(scores.flat()).sort();
  const runs = pooled.length;
  const sign = isHigherBetter ? 1 : -1;
  const gaps =
    target === null ? null : scores.map((task) => task.map((score) => Math.max(0, sign * (target - score))));
  const gap = gaps === null ? null : meanOf(gaps.flat());
  const gapInterval =
    gaps === null
      ? null
      : intervalFor(() => stratifiedTrimmedMean({ strata: gaps, trim: 0, level: scale.level }));
  return {
    level,
    tasks: scores.length,
    runs,
    iqm: trimmedMeanSorted(pooled, 0.25),
    iqmInterval: intervalFor(() => stratifiedTrimmedMean({ strata: scores, level: scale.level, seed })),
    optimalityGap: gap,
    // No gap is negative.
    optimalityGapInterval:
      gapInterval === null ? null : { ...gapInterval, low: Math.max(0, gapInterval.low) },
    mean: meanOf(scores.map((task) => meanOf(task))),
    median: median(scores.map((task) => meanOf(task))),
    profile: grid.map((score) => {
      const successes = pooled.filter((value) => (isHigherBetter ? value > score : value < score)).length;
      const { value, low, high } = proportionInterval({ successes, n: runs, level: scale.level });
      return { score, share: value, low, high };
    }),
  };
}

/** Mean over tasks of P(X better than Y), ties counting half. */
function improvementOf(x: Group, y: Group, scale: Scale): ProfileFinding["improvement"][number] {
  const [better, worse] = scale.isHigherBetter ? [x, y] : [y, x];
  const found = orRefusal(() =>
    stratifiedSuperiority({ x: better.scores, y: worse.scores, level: scale.level }),
  );
  return {
    level: x.level,
    baseline: y.level,
    probability: isRefused(found) ? probabilityOf(better.scores, worse.scores) : found.value,
    interval: isRefused(found) ? null : intervalOf(found),
  };
}

/** With one run of each in every task: the share of tasks. */
function probabilityOf(x: Group["scores"], y: Group["scores"]): number {
  return meanOf(x.map(([run], task) => (Math.sign(run! - y[task]![0]!) + 1) / 2));
}

function intervalFor(compute: () => Estimate): Interval | null {
  const found = orRefusal(compute);
  return isRefused(found) ? null : intervalOf(found);
}

function estimateText(value: number, interval: Interval | null): string {
  if (interval === null) return numberText(value);
  const decimals = decimalsFor((interval.high - interval.low) / 2);
  return `${numberText(value, decimals)} ${intervalText(interval, decimals)}`;
}
