// A claim about the mean of each condition, held against the interval that a decision may rest on: the verdict of each condition with the
// words that state it, and what an undecided one lacks.
import type { GateClaim, GateSpec } from "../../../lib/experiment/analysis-spec.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { coordinatesOf, levelText } from "../../design/arm.ts";
import { type TrialBounds, trialBoundsOf } from "../../design/trial-bounds.ts";
import type { MetricSummary } from "../analysis.ts";
import {
  type DecisionEnd,
  type DecisionInterval,
  decisionIntervalOf,
} from "../estimates/decision-interval.ts";
import type { GateFinding } from "../finding.ts";
import type { Interval } from "../interval.ts";
import { decimalsFor, numberText } from "../words/number-text.ts";

type Verdict = GateFinding["verdict"];
type Check = GateFinding["checks"][number];
/** A claim about means. */
type MeanClaim = Exclude<GateClaim, { readonly kind: "differ" }>;

export interface GateCheckInput {
  readonly spec: GateSpec & { readonly claim: MeanClaim };
  readonly table: TrialTable;
  readonly metric: MetricSummary;
}

/** One check a condition that `where` leaves, and the methods behind their intervals. */
export function conditionChecksOf(input: GateCheckInput): {
  readonly checks: readonly Check[];
  readonly methods: readonly string[];
} {
  const { spec, table, metric } = input;
  const wanted = Object.entries(spec.where).map(([name, level]) => [name, levelText(level)] as const);
  const places = metric.cells
    .map((cell) => ({ cell, at: coordinatesOf(table, cell.condition!) }))
    .filter(({ at }) => wanted.every(([name, level]) => at[name] === level));
  const trials = trialBoundsOf(table, {
    metric: metric.name,
    range: rangeOf(metric),
    conditions: places.map(({ cell }) => cell.condition!),
  });
  const methods = new Set<string>();
  const checks = places.map(({ cell, at }, i): Check => {
    const label =
      Object.entries(at)
        .map(([name, level]) => `${name} = ${level}`)
        .join(", ") || "the only condition";
    const interval = decisionIntervalOf({
      trials: trials[i]!,
      metric,
      confidence: spec.confidence,
      isStopped: table.experiment.stopping !== undefined,
    });
    for (const { method } of [interval.low, interval.high]) if (method !== null) methods.add(method);
    const verdict = verdictOf(spec.claim, interval);
    const lacking = verdict === "undecided" ? lackingText(spec.claim, interval) : "";
    return {
      label,
      verdict,
      words: `${label}: ${evidenceText({ mean: cell.mean, word: wordOf(metric) }, interval, trials[i]!)}${lacking}`,
      estimate: cell.mean,
      interval: printedInterval(cell.mean, interval, spec.confidence),
    };
  });
  return { checks, methods: [...methods] };
}

function wordOf({ kind, count }: MetricSummary): string {
  if (kind === "boolean") return "share";
  return count === undefined ? "mean" : "rate";
}

/** What a lost trial lies in: a share's outcomes are 0 or 1, and no count is negative. */
function rangeOf({ kind, range, count }: MetricSummary): MetricSummary["range"] {
  if (kind === "boolean") return { min: 0, max: 1 };
  if (count === undefined) return range;
  return { min: Math.max(0, range?.min ?? 0), max: range?.max ?? null };
}

function verdictOf(claim: MeanClaim, { low, high }: DecisionInterval): Verdict {
  switch (claim.kind) {
    case "above":
      return low.at > claim.bound ? "passed" : high.at <= claim.bound ? "failed" : "undecided";
    case "below":
      return high.at < claim.bound ? "passed" : low.at >= claim.bound ? "failed" : "undecided";
    case "within":
      return low.at >= claim.low && high.at <= claim.high
        ? "passed"
        : high.at < claim.low || low.at > claim.high
          ? "failed"
          : "undecided";
  }
}

function evidenceText(
  { mean, word }: { readonly mean: number | null; readonly word: string },
  { low, high, n }: DecisionInterval,
  trials: TrialBounds,
): string {
  const { measured, censored, lost } = trials;
  const finite = [low.at, high.at].filter(Number.isFinite);
  const decimals = finite.length === 2 ? decimalsFor((high.at - low.at) / 2) : null;
  const text = (value: number) => numberText(value, decimals);
  const bounds =
    finite.length === 2
      ? ` [${text(low.at)}, ${text(high.at)}]`
      : Number.isFinite(low.at)
        ? `, at least ${text(low.at)}`
        : Number.isFinite(high.at)
          ? `, at most ${text(high.at)}`
          : "";
  const shown = mean === null ? "no value" : `${word} ${text(mean)}`;
  const method = low.method ?? high.method;
  const without = [
    ...(censored > 0 ? [`${censored} censored`] : []),
    ...(lost > 0 ? [`${lost} without a value`] : []),
  ].join(", ");
  const size = without === "" ? `n = ${n}` : `n = ${measured} and ${without}`;
  return `${shown}${bounds}${bounds === "" || method === null ? "" : ` (${method})`}, ${size}`;
}

/** What would decide it: what the interval lacks, or how many replicates if mean and spread stay as they are. */
function lackingText(claim: MeanClaim, interval: DecisionInterval): string {
  const needs = needsOf(claim, interval);
  const lacks = [...new Set(needs.flatMap(({ end }) => end.lacks ?? []))];
  if (lacks.length > 0) return `; ${lacks.join("; ")}`;
  const ratios = needs.map(({ end, other, bound, isSupported }) => {
    if (isSupported(end.mean!)) return Math.abs(end.at - end.mean!) / Math.abs(end.mean! - bound);
    // The mean lies on the wrong side: more replicates would show that by the other end, unless trials without a value hide it.
    if (other.mean === null || isSupported(other.mean)) return null;
    return Math.abs(other.at - other.mean) / Math.abs(other.mean - bound);
  });
  if (ratios.includes(null))
    return "; the trials without a value leave it open, whatever the number of replicates";
  const replicates = Math.ceil(interval.n * Math.max(...ratios.map((ratio) => ratio!)) ** 2);
  if (!Number.isFinite(replicates) || replicates > 1e7)
    return "; the mean lies too near the bound for any number of replicates in reach";
  return `; about ${numberText(replicates)} replicates would decide it if mean and spread stay as they are`;
}

interface Need {
  /** The end that must lie on the claim's side of the bound, and the one that would show the opposite. */
  readonly end: DecisionEnd;
  readonly other: DecisionEnd;
  readonly bound: number;
  isSupported(mean: number): boolean;
}

function needsOf(claim: MeanClaim, { low, high }: DecisionInterval): readonly Need[] {
  const above = (bound: number): Need => ({
    end: low,
    other: high,
    bound,
    isSupported: (mean) => mean > bound,
  });
  const below = (bound: number): Need => ({
    end: high,
    other: low,
    bound,
    isSupported: (mean) => mean < bound,
  });
  switch (claim.kind) {
    case "above":
      return [above(claim.bound)];
    case "below":
      return [below(claim.bound)];
    case "within":
      return [above(claim.low), below(claim.high)];
  }
}

/** An interval to print beside the mean: only where both ends are finite and hold it. */
function printedInterval(
  mean: number | null,
  { low, high }: DecisionInterval,
  level: number,
): Interval | null {
  if (mean === null || !Number.isFinite(low.at) || !Number.isFinite(high.at)) return null;
  if (!(low.at <= mean && mean <= high.at)) return null;
  return { low: low.at, high: high.at, level, method: low.method ?? high.method ?? "" };
}
