// The means and intervals that may be watched: over complete replicates 1..k in index order, as a stopping rule looks at them, by the
// confidence sequences that the rule itself takes. The error is shared equally over the arms.
import type { MetricSpec, StoppingRule } from "../../../lib/experiment/definition.ts";
import { confidenceSequence, type SequenceStep } from "../../../lib/stats/confidence-sequence.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import { hasMeasurement, isUnfinished, notRunCode } from "../../record/outcome.ts";
import type { TrialTable } from "../../record/trial-table.ts";
import { rangeOf, stoppingOutcomeOf } from "../../run/adaptive/adaptive-decision.ts";
import { contrastsOf } from "../../run/adaptive/adaptive-watch.ts";
import type { CurveView } from "../detail-data.ts";
import type { IntervalFacts, RuleView } from "../view-data.ts";
import type { TrialColumns } from "./run-tables.ts";

/** Confidence with which all intervals of a page hold together. */
const together = 0.95;
/** Points of a curve. */
const pointsMax = 300;

export interface ArmSequence {
  /** The step after replicates 1..k; null where there is none yet. */
  stepAt(k: number): SequenceStep | null;
  /** Of all values of the complete replicates, also of too few for an interval; null for none. */
  readonly mean: number | null;
  /** Values among replicates 1..k. */
  countAt(k: number): number;
}

export interface ArmSequences {
  readonly facts: IntervalFacts;
  /** By index of condition. */
  readonly arms: readonly ArmSequence[];
}

/** Replicates complete in every arm from the first in index order, and the rows that they are; no replicate waits for a cancelled arm. */
export function completeReplicates(
  table: Pick<TrialTable, "rows" | "condition" | "replicate" | "outcome">,
  cancelled: ReadonlySet<number> = new Set(),
): {
  readonly complete: number;
  readonly planned: number;
  /** Row at which each replicate starts, and the end. */
  readonly starts: readonly number[];
} {
  const starts: number[] = [];
  let complete = -1;
  for (let row = 0; row < table.rows; row += 1) {
    if (row === 0 || table.replicate[row] !== table.replicate[row - 1]) starts.push(row);
    const code = table.outcome[row]!;
    const isOpen = code === notRunCode || isUnfinished(code);
    if (complete < 0 && isOpen && !cancelled.has(table.condition[row]!)) complete = starts.length - 1;
  }
  const planned = starts.length;
  starts.push(table.rows);
  return { complete: complete < 0 ? planned : complete, planned, starts };
}

/** The columns that sequences are made of. */
export type SequenceTable = Pick<
  TrialTable,
  "rows" | "condition" | "replicate" | "outcome" | "conditions" | "metrics"
> & { readonly experiment: Pick<TrialTable["experiment"], "metrics"> };

/** Null for a metric without a mean. */
export function armSequences(
  table: SequenceTable,
  metric: string,
  rule: StoppingRule | null,
  cancelled: ReadonlySet<number> = new Set(),
): ArmSequences | null {
  const spec = table.experiment.metrics[metric];
  const column = table.metrics[metric];
  if (spec === undefined || column === undefined || spec.type === "category") return null;
  const { complete, planned, starts } = completeReplicates(table, cancelled);
  const arms = table.conditions.length;
  // A rule's own error holds for its own metric; two kinds of error on one screen would be one too many.
  const confidence = rule !== null && rule.metric === metric ? rule.confidence : together;
  const level = 1 - (1 - confidence) / Math.max(1, arms);
  const values: number[][] = Array.from({ length: arms }, () => []);
  const counts: number[][] = Array.from({ length: arms }, () => [0]);
  for (let replicate = 0; replicate < complete; replicate += 1) {
    for (let row = starts[replicate]!; row < starts[replicate + 1]!; row += 1) {
      const value = column[row]!;
      if (hasMeasurement(table.outcome[row]!) && Number.isFinite(value))
        values[table.condition[row]!]!.push(value);
    }
    for (let arm = 0; arm < arms; arm += 1) counts[arm]!.push(values[arm]!.length);
  }
  const range = rangeOf(spec);
  return {
    facts: {
      complete,
      planned,
      waiting: endedAfter(table, starts[complete]!),
      level,
      together: confidence,
      method: methodOf(spec),
      guarantee: range === null ? "asymptotic" : "non-asymptotic",
    },
    arms: values.map((own, arm) => sequenceOf(own, counts[arm]!, { level, range })),
  };
}

/** Curves of all arms: at most 300 points, the last at the last complete replicate. */
export function curveOf({ facts, arms }: ArmSequences): CurveView {
  const { complete, planned } = facts;
  const step = Math.max(1, Math.ceil(complete / pointsMax));
  const places = Array.from({ length: Math.floor(complete / step) }, (_, index) => (index + 1) * step);
  if (complete > 0 && places.at(-1) !== complete) places.push(complete);
  return {
    complete,
    planned,
    arms: arms.map(({ stepAt }, index) => ({
      index,
      points: places.flatMap((k) => {
        const at = stepAt(k);
        return at === null ? [] : [[k, at.mean, at.low, at.high] as const];
      }),
    })),
  };
}

/** How far a stopping rule is, by the rule's own reckoning over the complete replicates. */
export function ruleViewOf(
  { table, opened, rawConditions, cancelled }: TrialColumns,
  rule: StoppingRule,
): RuleView {
  const { space } = opened;
  const { complete, starts } = completeReplicates(table, cancelled);
  const column = table.metrics[rule.metric] ?? new Float64Array(0);
  const arms = table.conditions.length;
  const outcome = stoppingOutcomeOf({
    rule,
    metric: table.experiment.metrics[rule.metric]!,
    contrasts: contrastsOf(rule, {
      conditions: rawConditions.map((condition) => space.at(condition)),
      factors: space.factors,
    }),
    complete,
    valueAt(replicate, place) {
      const start = starts[replicate]!;
      const isWhole = starts[replicate + 1]! - start === arms;
      const row = start + place;
      return isWhole && hasMeasurement(table.outcome[row]!) ? column[row]! : Number.NaN;
    },
  });
  return {
    metric: rule.metric,
    goal: goalWords(rule),
    reason: outcome.reason,
    replicates: outcome.replicates,
    max: rule.max,
    settled: outcome.intervals.filter(({ isSettled }) => isSettled).length,
    intervals: outcome.intervals.map(({ label, mean, low, high, isSettled }) => ({
      label,
      mean,
      low,
      high,
      isSettled,
    })),
  };
}

function goalWords({ goal, metric }: StoppingRule): string {
  switch (goal.kind) {
    case "half-width":
      return `every interval of ${metric} is at most ± ${goal.halfWidth}`;
    case "decided":
      return `every interval of ${metric} lies above or below ${goal.value}`;
    case "decided-between":
      return `every difference of ${metric} by ${goal.across} excludes zero`;
  }
}

function sequenceOf(
  values: readonly number[],
  counts: readonly number[],
  of: { readonly level: number; readonly range: readonly [number, number] | null },
): ArmSequence {
  const { level, range } = of;
  const sequence = orRefusal(() => confidenceSequence(values, { level, ...(range !== null && { range }) }));
  const steps: (SequenceStep | undefined)[] = [];
  if (!isRefused(sequence)) for (const step of sequence.steps) steps[step.n] = step;
  const sum = values.reduce((total, value) => total + value, 0);
  return {
    stepAt: (k) => steps[counts[k] ?? 0] ?? null,
    mean: values.length === 0 ? null : sum / values.length,
    countAt: (k) => counts[k] ?? 0,
  };
}

function endedAfter({ outcome, rows }: SequenceTable, from: number): number {
  let ended = 0;
  for (let row = from; row < rows; row += 1)
    if (outcome[row] !== notRunCode && !isUnfinished(outcome[row]!)) ended += 1;
  return ended;
}

function methodOf(spec: MetricSpec): string {
  const range = rangeOf(spec);
  return range === null
    ? "normal-mixture confidence sequence, from 30 values on"
    : `empirical-Bernstein confidence sequence for values in [${range[0]}, ${range[1]}]`;
}
