// One unit from its number to a row of a record batch. A trial that returns at once never waits, so a chunk of them is one
// plain loop; whatever it does, the outcome is a row, never an exception.
import { isCensored, isRefused, TrialStopped } from "../../../lib/experiment/trial-return.ts";
import type { BatchBuilder } from "../../record/batch-builder.ts";
import { NotJsonData } from "../../record/json-data.ts";
import type { FailureReason } from "../../record/outcome.ts";
import { outcomeCodes } from "../../record/outcome.ts";
import { redactorOf } from "../../record/redact.ts";
import type { JobRuntime } from "./job-runtime.ts";
import { checkMetrics, partial, whole } from "./metric-check.ts";
import type { TrialScope } from "./trial-scope.ts";
import { type BudgetSpent, messageOf, stackOf, UnitFailure } from "./unit-failure.ts";

const redact = redactorOf(process.env);

/** Where a unit's row goes. */
export interface UnitSink {
  readonly runtime: JobRuntime;
  readonly attempt: number;
  /** The batch that is filled now; another one after each seal. */
  readonly builder: BatchBuilder;
  /** Scratch space, one double a metric. */
  readonly codes: Float64Array;
}

/** What an author's function came to. */
export type UnitEnding =
  | { readonly kind: "returned"; readonly value: unknown }
  | { readonly kind: "thrown"; readonly error: unknown }
  | { readonly kind: "failed"; readonly reason: FailureReason; readonly message: string };

/** When a unit began, in ms since the epoch, and how long it took. */
export interface UnitTimes {
  readonly startedAt: number;
  readonly durationMs: number;
}

/** Writes the row of a unit that has ended. Afterwards the scope is over. */
export function settleUnit(scope: TrialScope, ending: UnitEnding, times: UnitTimes, sink: UnitSink): void {
  scope.isOver = true;
  scope.effects?.abandon();
  if (scope.effects?.budget != null) {
    writeBudgetStop(scope, scope.effects.budget, times, sink);
    return;
  }
  if (scope.failure !== null) {
    writeFailure(scope, sink, times, scope.failure);
    return;
  }
  if (scope.stopped !== null) {
    writeReturned(scope, scope.stopped.value, times, sink);
    return;
  }
  if (ending.kind === "returned") {
    writeReturned(scope, ending.value, times, sink);
    return;
  }
  if (ending.kind === "failed") {
    writeFailed(scope, ending.reason, ending.message, null, sink, times);
    return;
  }
  const { error } = ending;
  if (error instanceof TrialStopped) {
    writeReturned(scope, error.value, times, sink);
    return;
  }
  if (error instanceof UnitFailure) {
    writeFailure(scope, sink, times, error);
    return;
  }
  writeFailed(scope, "thrown", messageOf(error), stackOf(error), sink, times);
}

/**
 * The hot path: a trial that returned at once, recorded nothing but its metrics, and got them right. False when it was anything else,
 * with nothing written.
 */
export function settlePlain(
  scope: TrialScope,
  value: unknown,
  startedAt: number,
  durationMs: number,
  sink: UnitSink,
): boolean {
  const { runtime, codes } = sink;
  // Refused and censored trials return no metrics, so they fail the check here and are seen to in writeReturned.
  if (!scope.isPlain || !runtime.isTrial) return false;
  if (checkMetrics(runtime.metrics, value, codes, whole) !== null) return false;
  scope.isOver = true;
  sink.builder.push(scope.unit, outcomeCodes.measured, sink.attempt, startedAt, durationMs, codes);
  return true;
}

function writeReturned(scope: TrialScope, value: unknown, times: UnitTimes, sink: UnitSink): void {
  const { runtime, builder, codes } = sink;
  if (!runtime.isTrial) {
    writeValue(scope, value, times, sink);
    return;
  }
  if (isRefused(value)) {
    codes.fill(Number.NaN);
    const row = push(scope, outcomeCodes.refused, sink, times);
    builder.explain(row, value.reason);
    return;
  }
  const isCut = isCensored(value);
  const problem = checkMetrics(
    runtime.metrics,
    isCut ? value.metrics : value,
    codes,
    isCut ? partial : whole,
  );
  if (problem !== null) {
    writeFailed(scope, "invalid-metric", problem, null, sink, times);
    return;
  }
  if (!isCut) {
    push(scope, outcomeCodes.measured, sink, times);
    return;
  }
  if (!runtime.metrics.names.includes(value.metric) || !Number.isFinite(value.bound)) {
    const message = `censored({ metric: "${value.metric}", bound: ${value.bound} }); expected a declared metric and a finite bound`;
    writeFailed(scope, "invalid-metric", message, null, sink, times);
    return;
  }
  builder.censor(push(scope, outcomeCodes.censored, sink, times), value.metric, value.bound);
}

function writeBudgetStop(scope: TrialScope, spent: BudgetSpent, times: UnitTimes, sink: UnitSink): void {
  sink.codes.fill(Number.NaN);
  const row = push(scope, outcomeCodes["budget-stopped"], sink, times);
  sink.builder.explain(row, redact(spent.message));
}

function writeValue(scope: TrialScope, value: unknown, times: UnitTimes, sink: UnitSink): void {
  const row = push(scope, outcomeCodes.measured, sink, times);
  try {
    sink.builder.value(row, value === undefined ? null : value);
  } catch (error) {
    if (!(error instanceof NotJsonData)) throw error;
    sink.builder.fail(row, "invalid-metric", error.message, null);
  }
}

function writeFailure(scope: TrialScope, sink: UnitSink, times: UnitTimes, failure: UnitFailure): void {
  writeFailed(scope, failure.reason, failure.message, stackOf(failure), sink, times);
}

function writeFailed(
  scope: TrialScope,
  reason: FailureReason,
  message: string,
  stack: string | null,
  sink: UnitSink,
  times: UnitTimes,
): void {
  sink.codes.fill(Number.NaN);
  const row = push(scope, outcomeCodes.failed, sink, times);
  // What a failed call says may hold the key that it was made with.
  sink.builder.fail(row, reason, redact(message), stack === null ? null : redact(stack));
}

/** Pushes the row with all that the scope has gathered. */
function push(scope: TrialScope, outcome: number, sink: UnitSink, times: UnitTimes): number {
  const { builder, attempt, codes } = sink;
  const row = builder.push(scope.unit, outcome, attempt, times.startedAt, times.durationMs, codes);
  if (scope.rows !== null) for (const [series, rows] of scope.rows) builder.series(row, series, rows);
  if (scope.artifacts !== null) builder.artifacts(row, scope.artifacts);
  if (scope.effects !== null) builder.telemetry(row, scope.effects.usage);
  return row;
}
