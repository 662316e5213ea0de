// Two runs of one design held against each other, trial by trial: the same condition and replicate in both, each metric's difference
// (after minus before) by condition and over all conditions, by the measure that a report of either would take. Trials that one run lacks are
// counted, never filled in.
import { adjustP } from "../../lib/stats/adjust-p.ts";
import type { Estimate } from "../../lib/stats/estimate.ts";
import { isRefused } from "../../lib/stats/refusal.ts";
import type { TrialTable } from "../../runtime/record/trial-table.ts";
import { attritionOf } from "../design/attrition.ts";
import { type Cell, cellsOf } from "../design/cells.ts";
import { type LevelDesign, levelDesignOf } from "../design/level-design.ts";
import { type MergedRuns, mergedRunsOf, runFactor } from "../design/merged-runs.ts";
import { sharedOf, stratumDesignsOf } from "../design/shared-cells.ts";
import type { MetricSummary } from "./analysis.ts";
import type { TestRule } from "./estimates/measures/measure.ts";
import { measureOf } from "./estimates/measures/measure-of.ts";
import { metricSummariesOf } from "./estimates/metric-summary.ts";
import type { Estimand } from "./finding.ts";

export interface RunComparison {
  readonly experiment: string;
  /** "paired": both runs drew the same random numbers, trial by trial; "independent": other seeds, so levels of noise are not shared. */
  readonly pairing: "paired" | "independent";
  /** Conditions that only one of the runs has. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  readonly metrics: readonly ComparedMetric[];
  /** How p values are adjusted: of the overall rows, and of the rows by condition. */
  readonly families: readonly string[];
  readonly notes: readonly string[];
}

export interface ComparedMetric {
  readonly metric: string;
  readonly unit: string | null;
  /** What is estimated: a difference of means, shares or rates. */
  readonly estimand: Estimand;
  /** Which test and why. */
  readonly reason: string;
  /** Over all common conditions with equal weights; null for one condition. */
  readonly overall: ComparedCell | null;
  readonly cells: readonly ComparedCell[];
}

export interface ComparedCell {
  readonly label: string;
  /** Trials measured in both runs. */
  readonly n: number;
  /** Of these, those with exactly the same value. */
  readonly same: number;
  /** Trials measured in one run only. */
  readonly lost: number;
  /** What is estimated of each run: its mean, share or rate. */
  readonly before: number | null;
  readonly after: number | null;
  /** After minus before, with a 95% interval; null where nothing varies or there are too few trials. */
  readonly difference: Estimate | null;
  readonly p: number | null;
  /** Holm: an overall row over those of all metrics, a condition over all conditions of all metrics; null where there is no p. */
  readonly pAdjusted: number | null;
  /** Why there is no interval; null when there is one. */
  readonly note: string | null;
}

const rule: TestRule = { tests: "estimation", confidence: 0.95, block: null, cluster: null };

export function runComparisonOf(before: TrialTable, after: TrialTable): RunComparison {
  const numeric = Object.keys(before.experiment.metrics).filter(
    (metric) => isNumeric(before, metric) && isNumeric(after, metric),
  );
  const merged = mergedRunsOf(before, after, numeric);
  const { isPaired, shared, table } = merged;
  const dropped = Object.keys(before.experiment.metrics).filter(
    (metric) => isNumeric(before, metric) && !numeric.includes(metric),
  );
  const summaries = shared.length === 0 ? [] : metricSummariesOf(table, attritionOf(table));
  const metrics = corrected(
    numeric.flatMap((name) => {
      const summary = summaries.find((own) => own.name === name);
      return summary === undefined ? [] : [comparedMetric(merged, summary)];
    }),
  );
  return {
    experiment: after.experiment.name,
    pairing: isPaired ? "paired" : "independent",
    onlyBefore: merged.onlyBefore,
    onlyAfter: merged.onlyAfter,
    metrics,
    families: familiesOf(metrics),
    notes: [
      ...(isPaired
        ? []
        : [
            "The runs have other seeds or another pairing, so trials of one replicate share no random numbers: they are compared as independent samples (numbers by Welch's t test), not pair by pair.",
          ]),
      ...(dropped.length > 0 ? [`Only the run before has the numeric metrics ${dropped.join(", ")}.`] : []),
    ],
  };
}

function comparedMetric({ table, shared }: MergedRuns, summary: MetricSummary): ComparedMetric {
  const design = levelDesignOf(table, { metric: summary.name, factor: runFactor });
  const measure = measureOf(summary, design);
  const cells = cellsOf(table, summary.name);
  const counted = shared.map((_, i) => countsOf(cells[i]!, cells[shared.length + i]!));
  const byStratum = stratumDesignsOf(design);
  return {
    metric: summary.name,
    unit: summary.unit,
    estimand: measure.estimand,
    reason: measure.reason(rule),
    overall:
      shared.length < 2
        ? null
        : comparedCell("all conditions", { design, summary, counts: totalOf(counted) }),
    cells: shared.map((label, i) => {
      // One condition is no stratum at all.
      const own = byStratum.get(shared.length < 2 ? "" : label) ?? { ...design, levels: [] };
      return comparedCell(label, { design: own, summary, counts: counted[i]! });
    }),
  };
}

interface Counts {
  readonly n: number;
  readonly same: number;
  readonly lost: number;
}

function comparedCell(
  label: string,
  of: { readonly design: LevelDesign; readonly summary: MetricSummary; readonly counts: Counts },
): ComparedCell {
  const { design, summary, counts } = of;
  const named = (level: string) => design.levels.find((own) => own.level === level);
  const [before, after] = [named("before"), named("after")];
  const nothing = { ...counts, label, difference: null, p: null, pAdjusted: null };
  const measure = measureOf(summary, design);
  const whole = [before, after].map((level) =>
    level === undefined ? null : measure.levelEstimate(level, { confidence: 0.95, unitsMax: 0 }).mean,
  );
  if (before === undefined || after === undefined)
    return { ...nothing, before: whole[0]!, after: whole[1]!, note: "only one of the runs has a value" };
  const [x, y] = sharedOf(design, [after, before]) as readonly [typeof after, typeof before];
  const estimates = [y, x].map(
    (level) => measure.levelEstimate(level, { confidence: 0.95, unitsMax: 0 }).mean,
  );
  const means = { before: estimates[0] ?? null, after: estimates[1] ?? null };
  const isPaired = design.kind === "replicates";
  if (isPaired && counts.n > 0 && counts.same === counts.n)
    return { ...nothing, ...means, note: "the same in every trial" };
  const { chosen } = measure.difference({
    ...{ design, x, y, rule, seed: 1 },
    side: "two-sided",
    withAlternatives: false,
  });
  if (isRefused(chosen)) return { ...nothing, ...means, note: chosen.reason };
  return { ...nothing, ...means, difference: chosen.estimate, p: chosen.test.p, note: null };
}

/** Trials of one condition that both runs measured, with how many of them came out alike. */
function countsOf(before: Cell, after: Cell): Counts {
  const values = new Map(Array.from(before.replicates, (replicate, i) => [replicate, before.values[i]!]));
  let n = 0;
  let same = 0;
  after.replicates.forEach((replicate, i) => {
    const value = values.get(replicate);
    if (value === undefined) return;
    n += 1;
    if (value === after.values[i]!) same += 1;
  });
  return { n, same, lost: before.values.length + after.values.length - 2 * n };
}

function totalOf(all: readonly Counts[]): Counts {
  const sum = (pick: (counts: Counts) => number) => all.reduce((total, counts) => total + pick(counts), 0);
  return { n: sum(({ n }) => n), same: sum(({ same }) => same), lost: sum(({ lost }) => lost) };
}

/** Two families: the overall rows of all metrics, and the conditions of all metrics. */
function corrected(metrics: readonly ComparedMetric[]): readonly ComparedMetric[] {
  const overall = adjuster(metrics.flatMap((metric) => metric.overall ?? []));
  const byCondition = adjuster(metrics.flatMap(({ cells }) => cells));
  return metrics.map((metric) => ({
    ...metric,
    overall: metric.overall === null ? null : overall(metric.overall),
    cells: metric.cells.map(byCondition),
  }));
}

function adjuster(cells: readonly ComparedCell[]): (cell: ComparedCell) => ComparedCell {
  const tested = cells.filter(({ p }) => p !== null);
  const adjusted = adjustP(
    tested.map(({ p }) => p!),
    "holm",
  );
  const held = new Map(tested.map((cell, i) => [cell, adjusted[i]!]));
  return (cell) => ({ ...cell, pAdjusted: held.get(cell) ?? null });
}

function familiesOf(metrics: readonly ComparedMetric[]): readonly string[] {
  const counted = (cells: readonly ComparedCell[]) => cells.filter(({ p }) => p !== null).length;
  const overall = counted(metrics.flatMap((metric) => metric.overall ?? []));
  const byCondition = counted(metrics.flatMap(({ cells }) => cells));
  return [
    ...(overall > 1 ? [`Holm over the ${overall} metrics' differences over all conditions`] : []),
    ...(byCondition > 1
      ? [
          `Holm over the ${byCondition} differences by condition${metrics.length > 1 ? ", of all metrics" : ""}`,
        ]
      : []),
  ];
}

function isNumeric(table: TrialTable, metric: string): boolean {
  const spec = table.experiment.metrics[metric];
  return spec !== undefined && spec.type !== "category";
}
