// A run as a trace: the run is the root, each job a span below it, each of the first trials one below its job.
import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { RunEvent } from "../../event/event.ts";
import { sumOfCalls } from "../../record/port-calls.ts";
import { type TrackedTrial, textsOf } from "../tracked-trial.ts";
import type { RootIds } from "./telemetry.ts";

type Of<T extends RunEvent["type"]> = Extract<RunEvent, { type: T }>;

/** Failures and retries that are events of a job's span at most: those of trials without a span of their own. */
const eventsMax = 100;
/** Trials whose retries are kept until their spans are made. */
const retriedMax = 10_000;
const textMax = 1000;

/** "00-<trace>-<span>-<flags>" (w3.org/TR/trace-context): the run is part of that trace. */
const traceparent = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** What ran here has both. */
export type TimedTrial = TrackedTrial & { readonly startedAt: number; readonly endedAt: number };

export class RunSpans {
  readonly #tracer: Tracer;
  readonly #root: Span;
  readonly #below: Context;
  readonly #jobs = new Map<string, { readonly span: Span; events: number }>();
  readonly #retries = new Map<string, { readonly event: Of<"trial-retried">; readonly at: number }[]>();

  constructor(
    tracer: Tracer,
    of: {
      readonly event: Of<"run-started">;
      readonly at: number;
      /** The root of the part of the run before; null for its first. */
      readonly before: RootIds | null;
      readonly parent: string | undefined;
    },
  ) {
    this.#tracer = tracer;
    const { event, at, before } = of;
    const links: Link[] = before === null ? [] : [{ context: { ...before, traceFlags: 1 } }];
    const attributes = {
      "labwright.run": event.run,
      "labwright.build": event.build,
      "labwright.experiments": [...event.experiments],
      "labwright.trials.planned": event.trials.total,
      "labwright.trials.reused": event.trials.reused,
      ...(event.workers === null ? {} : { "labwright.workers": event.workers }),
    };
    this.#root = tracer.startSpan("labwright run", { startTime: at, attributes, links }, parentOf(of.parent));
    this.#below = trace.setSpan(ROOT_CONTEXT, this.#root);
  }

  heed(event: RunEvent, at: number): void {
    if (event.type === "job-started") this.#begin(event, at);
    else if (event.type === "job-finished") this.#jobs.get(jobKey(event))?.span.end(at);
    else if (event.type === "trial-ended")
      this.#tell(event, "trial without a measurement", at, {
        "labwright.outcome": event.outcome,
        "labwright.message": event.message.slice(0, textMax),
      });
    else if (event.type === "trial-retried") this.#retried(event, at);
    else if (event.type === "act")
      this.#root.addEvent(`act: ${event.act.do}`, { "labwright.origin": event.origin }, at);
    else if (event.type === "run-finished") this.#finish(event);
  }

  /** A span of a trial that has ended, of which the times are known. */
  trial(experiment: string, trial: TimedTrial): void {
    const { startedAt, endedAt, error, status } = trial;
    const job = this.#jobs.get(jobKey({ experiment, stage: "trial" }));
    const below = job === undefined ? this.#below : trace.setSpan(ROOT_CONTEXT, job.span);
    const span = this.#tracer.startSpan(
      `${experiment} trial`,
      { startTime: startedAt, attributes: trialAttributes(experiment, trial) },
      below,
    );
    for (const { event, at } of this.#retries.get(trial.id) ?? [])
      span.addEvent("retry", retryAttributes(event), at);
    this.#retries.delete(trial.id);
    if (error !== null) {
      const message = error.slice(0, textMax);
      span.addEvent("exception", { "exception.message": message }, endedAt);
      if (status === "failed") span.setStatus({ code: SpanStatusCode.ERROR, message });
    }
    span.end(endedAt);
  }

  end(at: number): void {
    for (const { span } of this.#jobs.values()) if (span.isRecording()) span.end(at);
    this.#root.end(at);
  }

  #begin(event: Of<"job-started">, at: number): void {
    const { experiment, stage, total, reused } = event;
    const attributes = {
      ...placeOf(event),
      "labwright.trials.planned": total,
      "labwright.trials.reused": reused,
    };
    const span = this.#tracer.startSpan(`${experiment} ${stage}`, { startTime: at, attributes }, this.#below);
    this.#jobs.set(jobKey(event), { span, events: 0 });
  }

  #retried(event: Of<"trial-retried">, at: number): void {
    const kept = this.#retries.get(event.trial);
    if (kept !== undefined) kept.push({ event, at });
    else if (this.#retries.size < retriedMax) this.#retries.set(event.trial, [{ event, at }]);
    this.#tell(event, "retry", at, retryAttributes(event));
  }

  #tell(
    event: {
      readonly experiment: string;
      readonly stage: string;
      readonly trial: string;
      readonly replicate: number;
    },
    name: string,
    at: number,
    attributes: Attributes,
  ): void {
    const job = this.#jobs.get(jobKey(event));
    if (job === undefined || job.events >= eventsMax) return;
    job.events += 1;
    const place = { "labwright.trial": event.trial, "labwright.replicate": event.replicate };
    job.span.addEvent(name, { ...place, ...attributes }, at);
  }

  #finish({ status, done, reused, failed, unmeasured, remaining }: Of<"run-finished">): void {
    this.#root.setAttributes({
      "labwright.status": status,
      "labwright.trials.done": done,
      "labwright.trials.reused": reused,
      "labwright.trials.failed": failed,
      "labwright.trials.unmeasured": unmeasured,
      "labwright.trials.remaining": remaining,
    });
    if (status === "complete") this.#root.setStatus({ code: SpanStatusCode.OK });
    if (status === "aborted")
      this.#root.setStatus({ code: SpanStatusCode.ERROR, message: "the run was aborted" });
  }
}

function parentOf(parent: string | undefined): Context {
  const [, traceId, spanId, flags] = traceparent.exec(parent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function trialAttributes(experiment: string, trial: TrackedTrial): Attributes {
  const { id, condition, replicate, seed, status, attempt, worker, metrics, texts, calls } = trial;
  const all = calls.length === 0 ? null : sumOfCalls("all", calls);
  const named = (prefix: string, values: Readonly<Record<string, string | number>>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        `${prefix}.${name}`,
        typeof value === "string" ? value.slice(0, textMax) : value,
      ]),
    );
  return {
    ...placeOf({ experiment, stage: "trial" }),
    "labwright.trial": id,
    "labwright.condition": condition,
    "labwright.replicate": replicate,
    "labwright.seed": seed,
    "labwright.status": status,
    "labwright.attempt": attempt,
    "labwright.worker": worker,
    ...named("labwright.parameter", textsOf(trial.parameters)),
    ...named("labwright.metric", { ...metrics, ...texts }),
    ...(all !== null && {
      "labwright.calls": all.calls,
      "labwright.tokens": all.promptTokens + all.completionTokens,
      "labwright.cost_usd": all.costUsd,
    }),
  };
}

function retryAttributes({ attempt, most, reason, message }: Of<"trial-retried">): Attributes {
  return {
    "labwright.attempt": attempt,
    "labwright.attempts.most": most,
    "labwright.reason": reason,
    "labwright.message": message.slice(0, textMax),
  };
}

interface Place {
  readonly experiment: string;
  readonly stage: string;
}

function placeOf({ experiment, stage }: Place): Attributes {
  return { "labwright.experiment": experiment, "labwright.stage": stage };
}

function jobKey({ experiment, stage }: Place): string {
  return `${experiment}\n${stage}`;
}
