// When a stopping rule is met: the smallest k, from `min` on, at which every confidence sequence over the complete replicates 1..k
// meets the goal. A function of the replicates' values in index order alone: workers, order and interruptions cannot move it.
import type { MetricSpec, StoppingRule } from "../../../lib/experiment/definition.ts";
import {
  type ConfidenceSequence,
  confidenceSequence,
  type SequenceStep,
} from "../../../lib/stats/confidence-sequence.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import type { StoppingOutcome, WatchedInterval } from "../../record/stopping-outcome.ts";
import type { Contrast } from "./adaptive-watch.ts";

export interface Evidence {
  readonly rule: StoppingRule;
  readonly metric: MetricSpec;
  readonly contrasts: readonly Contrast[];
  /** Complete replicates, from the first. */
  readonly complete: number;
  /** The metric of a watched condition in a replicate; NaN where there is no measurement. */
  valueAt(replicate: number, place: number): number;
}

/**
 * What the evidence says so far. `outcome.reason` is "open" while neither the goal nor `max` is reached.
 * Sources: empirical Bernstein (Waudby-Smith and Ramdas 2023), asymptotic normal mixture (Waudby-Smith et al. 2021)
 * with Hall's correction for skewness; the error
 * 1 - confidence is divided equally over the contrasts (Bonferroni).
 */
export function stoppingOutcomeOf(evidence: Evidence): StoppingOutcome {
  const { rule, metric, contrasts, complete } = evidence;
  const level = 1 - (1 - rule.confidence) / Math.max(1, contrasts.length);
  const range = rangeOf(metric);
  const watched = contrasts.map((contrast) => sequenceOf(evidence, contrast, { range, level }));
  const stop = firstMet({ rule, watched, from: rule.min, to: Math.min(complete, rule.max) });
  const replicates = stop ?? Math.min(complete, rule.max);
  return {
    rule,
    replicates,
    reason: stop !== null ? "met" : complete >= rule.max ? "max" : "open",
    method: methodOf(range),
    guarantee: range === null ? "asymptotic" : "non-asymptotic",
    level,
    intervals: watched.map(({ contrast, stepAt, countAt }): WatchedInterval => {
      const step = stepAt(replicates);
      return {
        label: contrast.label,
        n: countAt(replicates),
        mean: step?.mean ?? null,
        low: step?.low ?? null,
        high: step?.high ?? null,
        isSettled: step !== null && meets(rule, step),
      };
    }),
  };
}

/** The declared range when both its ends are finite; 0 to 1 for a boolean. */
export function rangeOf(metric: MetricSpec): readonly [number, number] | null {
  if (metric.type === "boolean") return [0, 1];
  const [low, high] = metric.range ?? [null, null];
  return low !== null && high !== null && low < high ? [low, high] : null;
}

interface Watched {
  readonly contrast: Contrast;
  /** The sequence after replicates 1..k; null before it begins. */
  stepAt(k: number): SequenceStep | null;
  /** Values among replicates 1..k. */
  countAt(k: number): number;
}

function sequenceOf(
  { complete, rule, valueAt }: Evidence,
  contrast: Contrast,
  { range, level }: { readonly range: readonly [number, number] | null; readonly level: number },
): Watched {
  const values: number[] = [];
  const counts = new Uint32Array(Math.min(complete, rule.max) + 1);
  for (let replicate = 0; replicate < counts.length - 1; replicate += 1) {
    let value = 0;
    for (const { place, weight } of contrast.terms) value += weight * valueAt(replicate, place);
    // A replicate without a measurement in one of the conditions has no contrast; it is counted as missing.
    if (Number.isFinite(value))
      values.push(range === null ? value : within(value, spreadOf(range, contrast)));
    counts[replicate + 1] = values.length;
  }
  const sequence = orRefusal(() =>
    confidenceSequence(values, { level, ...(range !== null && { range: spreadOf(range, contrast) }) }),
  );
  const steps = isRefused(sequence) ? [] : stepsByCount(sequence);
  return {
    contrast,
    stepAt: (k) => steps[counts[k] ?? 0] ?? null,
    countAt: (k) => counts[k] ?? 0,
  };
}

/** Rounding of a weighted sum may leave the range by an ulp, which the sequence would refuse. */
function within(value: number, [low, high]: readonly [number, number]): number {
  return Math.min(high, Math.max(low, value));
}

/** A difference of two values in [low, high] lies in [low - high, high - low]. */
function spreadOf(
  [low, high]: readonly [number, number],
  { isDifference }: Contrast,
): readonly [number, number] {
  return isDifference ? [low - high, high - low] : [low, high];
}

function stepsByCount({ steps }: ConfidenceSequence): (SequenceStep | undefined)[] {
  const byCount: (SequenceStep | undefined)[] = [];
  for (const step of steps) byCount[step.n] = step;
  return byCount;
}

function firstMet(of: {
  readonly rule: StoppingRule;
  readonly watched: readonly Watched[];
  readonly from: number;
  readonly to: number;
}): number | null {
  const { rule, watched, from, to } = of;
  for (let k = from; k <= to; k += 1) {
    const isMet = watched.every(({ stepAt }) => {
      const step = stepAt(k);
      return step !== null && meets(rule, step);
    });
    if (isMet) return k;
  }
  return null;
}

function meets({ goal }: StoppingRule, { low, high }: SequenceStep): boolean {
  // An empty intersection is a sequence that has erred: it settles nothing.
  if (low > high) return false;
  switch (goal.kind) {
    case "half-width":
      return (high - low) / 2 <= goal.halfWidth;
    case "decided":
      return low > goal.value || high < goal.value;
    case "decided-between":
      return low > 0 || high < 0;
  }
}

function methodOf(range: readonly [number, number] | null): string {
  return range === null
    ? "asymptotic normal-mixture confidence sequence that allows for skewness, from 30 values on"
    : `empirical-Bernstein confidence sequence for values in [${range[0]}, ${range[1]}]`;
}
