// One unit from its number to a row of a record batch. A trial that returns at once never waits, so a chunk of them is one
// plain loop; whatever it does, the outcome is a row, never an exception. What it returns is read once, under guard, before its row is
// pushed: a getter or a proxy may throw at any touch.
import { isCensored, isRefused, TrialStopped } from "../../../lib/experiment/trial-return.ts";
import type { BatchBuilder } from "../../record/batch-builder.ts";
import { jsonCopyOf, NotJsonData } from "../../record/json-data.ts";
import type { FailureReason } from "../../record/outcome.ts";
import { outcomeCodes } from "../../record/outcome.ts";
import { redactorOf } from "../../record/redact.ts";
import type { JobRuntime } from "./job-runtime.ts";
import { checkMetrics, nameOf, partial, whole } from "./unit/metric-check.ts";
import type { TrialScope } from "./unit/trial-scope.ts";
import { isA, messageOf, stackOf, UnitFailure } from "./unit/unit-failure.ts";

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
  | { readonly kind: "failed"; readonly reason: FailureReason; readonly message: string }
  | { readonly kind: "cancelled"; readonly message: string };

/** When a unit began, in ms since the epoch, and how long it took. */
export interface UnitTimes {
  readonly startedAt: number;
  readonly durationMs: number;
}

/** Writes the row of a unit that has ended. Afterwards the scope is over. */
export function settleUnit(scope: TrialScope, ending: UnitEnding, times: UnitTimes, sink: UnitSink): void {
  scope.isOver = true;
  scope.sayRest();
  scope.usedEffects?.abandon();
  if (scope.usedEffects?.budget != null) {
    writeUnfinished(scope, "budget-stopped", scope.usedEffects.budget.message, times, sink);
    return;
  }
  // Before what has failed: the author's code may have made a failure of it, and what failed before will fail again.
  if (scope.interrupted !== null) {
    writeUnfinished(scope, "cancelled", scope.interrupted.message, times, sink);
    return;
  }
  const failure = scope.usedEffects?.departed ?? scope.failure;
  if (failure !== null) {
    writeFailure(scope, sink, times, failure);
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
  if (ending.kind === "cancelled") {
    writeUnfinished(scope, "cancelled", ending.message, times, sink);
    return;
  }
  const { error } = ending;
  if (isA(error, TrialStopped)) {
    writeReturned(scope, error.value, times, sink);
    return;
  }
  if (isA(error, UnitFailure)) {
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
  try {
    if (checkMetrics(runtime.metrics, value, codes, whole) !== null) return false;
  } catch (error) {
    scope.isOver = true;
    writeUnreadable(scope, error, { startedAt, durationMs }, sink);
    return true;
  }
  scope.isOver = true;
  sink.builder.push(scope.unit, outcomeCodes.measured, sink.attempt, startedAt, durationMs, codes);
  return true;
}

function writeReturned(scope: TrialScope, value: unknown, times: UnitTimes, sink: UnitSink): void {
  try {
    if (sink.runtime.isTrial) writeTrial(scope, value, times, sink);
    else writeValue(scope, value, times, sink);
  } catch (error) {
    writeUnreadable(scope, error, times, sink);
  }
}

/** Reading what was returned threw: nothing has been pushed yet. */
function writeUnreadable(scope: TrialScope, error: unknown, times: UnitTimes, sink: UnitSink): void {
  const message = `what the trial returned cannot be read: ${messageOf(error)}`;
  writeFailed(scope, "invalid-metric", message, stackOf(error), sink, times);
}

function writeTrial(scope: TrialScope, value: unknown, times: UnitTimes, sink: UnitSink): void {
  const { builder, codes } = sink;
  const read = readReturned(value, sink);
  switch (read.kind) {
    case "measured":
      push(scope, outcomeCodes.measured, sink, times);
      return;
    case "censored":
      builder.censor(push(scope, outcomeCodes.censored, sink, times), read.metric, read.bound);
      return;
    case "refused":
      codes.fill(Number.NaN);
      builder.explain(push(scope, outcomeCodes.refused, sink, times), redact(read.reason));
      return;
    case "bad":
      writeFailed(scope, "invalid-metric", read.message, null, sink, times);
  }
}

/** What a trial returned, with its metrics in `codes`. */
type Returned =
  | { readonly kind: "measured" }
  | { readonly kind: "censored"; readonly metric: string; readonly bound: number }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "bad"; readonly message: string };

function readReturned(value: unknown, { runtime: { metrics: check }, codes }: UnitSink): Returned {
  const bad = (message: string): Returned => ({ kind: "bad", message });
  if (isRefused(value)) {
    const reason: unknown = value.reason;
    if (typeof reason === "string") return { kind: "refused", reason };
    return bad(`refuse(reason): the reason is ${nameOf(reason)}; expected a text`);
  }
  if (!isCensored(value)) {
    const problem = checkMetrics(check, value, codes, whole);
    return problem === null ? { kind: "measured" } : bad(problem);
  }
  const { metric, bound, metrics }: { metric: unknown; bound: unknown; metrics: unknown } = value;
  const problem = checkMetrics(check, metrics, codes, partial);
  if (problem !== null) return bad(problem);
  if (typeof metric !== "string" || !check.names.includes(metric))
    return bad(`censored({ metric }): the metric is ${nameOf(metric)}; expected a declared metric`);
  if (typeof bound !== "number" || !Number.isFinite(bound))
    return bad(`censored({ bound }): the bound is ${nameOf(bound)}; expected a finite number`);
  return { kind: "censored", metric, bound };
}

function writeUnfinished(
  scope: TrialScope,
  kind: "cancelled" | "budget-stopped",
  reason: string,
  times: UnitTimes,
  sink: UnitSink,
): void {
  sink.codes.fill(Number.NaN);
  const row = push(scope, outcomeCodes[kind], sink, times);
  sink.builder.explain(row, redact(reason));
}

function writeValue(scope: TrialScope, value: unknown, times: UnitTimes, sink: UnitSink): void {
  let kept: unknown;
  try {
    kept = value === undefined ? null : jsonCopyOf(value, "the stage's value");
  } catch (error) {
    if (!isA(error, NotJsonData)) throw error;
    writeFailed(scope, "invalid-metric", error.message, null, sink, times);
    return;
  }
  sink.builder.value(push(scope, outcomeCodes.measured, sink, times), kept);
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
  const { telemetry } = scope;
  if (telemetry !== null) {
    builder.telemetry(row, telemetry);
    builder.calls(row, scope.usedEffects?.calls.ports ?? []);
  }
  return row;
}
