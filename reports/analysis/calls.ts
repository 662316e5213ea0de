// What the calls of an experiment's trials came to, by condition and port: how many were answered, how fast, what went wrong and what they cost.
import { quantileSorted, sortedOf } from "../../lib/stats/quantile.ts";
import { type PortCalls, sumOfCalls } from "../../runtime/record/port-calls.ts";
import type { ConditionCalls } from "../../runtime/record/trial-table.ts";

export interface CallsSummary {
  /** Names of the ports that were asked, in the order of first asking. */
  readonly ports: readonly string[];
  /** A row a condition and port. */
  readonly arms: readonly ArmCalls[];
  /** All conditions and ports together. */
  readonly total: CallFigures;
  /** Trials that made calls before labwright kept accounts of them: nothing here is about these. */
  readonly unaccounted: number;
}

export interface ArmCalls extends CallFigures {
  readonly condition: number;
  readonly port: string;
}

export interface CallFigures {
  /** Trials with an account of their calls. */
  readonly trials: number;
  /** Answered or given up; answers that an earlier trial paid for are not among them. */
  readonly calls: number;
  readonly answered: number;
  /** Of those answered, without a failed attempt before. */
  readonly answeredAtOnce: number;
  /** Milliseconds from sending to the whole answer, without waits and failed attempts; null where no performer says. */
  readonly latencyMs: LatencyQuantiles | null;
  /** Failed attempts, the most frequent cause first. */
  readonly failures: readonly CauseCount[];
  /** Answers that could not be used. */
  readonly unusable: readonly CauseCount[];
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** US dollars, of answers whose price is known; null where that of none is. */
  readonly costUsd: number | null;
  /** Answers whose cost nobody knows. */
  readonly unpriced: number;
  /** Calls in which the model was asked to mend an answer. */
  readonly repairs: number;
  /** Decisions made without an answer. */
  readonly fallbacks: number;
  /** Calls that may have been on their way when the process died, and were sent again. */
  readonly resent: number;
  /** Answers taken over from an earlier trial, not asked for again. */
  readonly reused: number;
}

export interface CauseCount {
  readonly cause: string;
  readonly count: number;
}

/** Of type 7, over `n` answers. */
export interface LatencyQuantiles {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Null where no call was made. */
export function callsSummaryOf(conditions: readonly ConditionCalls[]): CallsSummary | null {
  if (conditions.length === 0) return null;
  const arms = conditions.flatMap(({ condition, trials, ports }) =>
    ports.map((calls): ArmCalls => ({ condition, port: calls.port, ...callFiguresOf(calls, trials) })),
  );
  const all = sumOfCalls(
    "all",
    conditions.flatMap(({ ports }) => ports),
  );
  return {
    ports: [...new Set(arms.map(({ port }) => port))],
    arms,
    total: callFiguresOf(
      all,
      conditions.reduce((sum, { trials }) => sum + trials, 0),
    ),
    unaccounted: conditions.reduce((sum, { unaccounted }) => sum + unaccounted, 0),
  };
}

/** The figures of one account, or of a sum of them over so many trials. */
export function callFiguresOf(calls: PortCalls, trials: number): CallFigures {
  const { port: _, latencyMs, failures, unusable, costUsd, ...counts } = calls;
  return {
    ...counts,
    trials,
    costUsd: calls.unpriced > 0 && calls.unpriced === calls.answered ? null : costUsd,
    latencyMs: latencyOf(latencyMs),
    failures: causesOf(failures),
    unusable: causesOf(unusable),
  };
}

function latencyOf(values: readonly number[]): LatencyQuantiles | null {
  if (values.length === 0) return null;
  const sorted = sortedOf(values);
  // Latencies come in whole milliseconds: a tenth is all that there is between two.
  const at = (p: number): number => Math.round(10 * quantileSorted(sorted, p)) / 10;
  return { n: values.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function causesOf(counts: Readonly<Record<string, number>>): readonly CauseCount[] {
  return Object.entries(counts)
    .map(([cause, count]) => ({ cause, count }))
    .sort((a, b) => b.count - a.count || (a.cause < b.cause ? -1 : 1));
}

export function countOf(causes: readonly CauseCount[]): number {
  return causes.reduce((sum, { count }) => sum + count, 0);
}
