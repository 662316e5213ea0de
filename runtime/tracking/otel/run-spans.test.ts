// Promises of a run's trace: a part that goes on later links to the one before, TRACEPARENT makes it part of another trace, retries are events of
// their trial, and what trials say of failures is bounded.
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunEvent } from "../../event/event.ts";
import { RunSpans, type TimedTrial } from "./run-spans.ts";
import { rootIdsOf } from "./telemetry.ts";

/** Times are milliseconds of an epoch: less would be taken for a clock that began with the process. */
const epoch = 1_800_000_000_000;

const started = {
  type: "run-started",
  run: "r1",
  build: "b",
  experiments: ["e"],
  trials: { total: 3, reused: 0 },
  stageUnits: { total: 0, reused: 0 },
  workers: 1,
} as const satisfies RunEvent;

const place = { experiment: "e", stage: "trial", trial: "t1", condition: {}, replicate: 0 } as const;
const trial: TimedTrial = {
  id: "t1",
  condition: 0,
  replicate: 0,
  seed: 1,
  status: "failed",
  error: "thrown: no",
  parameters: { list: [1, 2] },
  metrics: {},
  texts: {},
  curves: [],
  rows: {},
  artifacts: [],
  startedAt: epoch + 2000,
  endedAt: epoch + 3000,
  durationMs: 1000,
  attempt: 2,
  worker: "local-1/1",
  calls: [],
};

function spansOf(
  of: { readonly before: ReturnType<typeof rootIdsOf> | null; readonly parent?: string },
  act: (spans: RunSpans) => void,
) {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const { before, parent } = of;
  const spans = new RunSpans(provider.getTracer("test"), {
    event: started,
    at: epoch + 1000,
    before,
    parent,
  });
  act(spans);
  spans.end(epoch + 9000);
  return exporter.getFinishedSpans();
}

test("a later part links to the root of the one before, whose ids follow from the run", () => {
  const before = rootIdsOf("r1", "2026-11-29T10:00:00.000Z", 1);
  assert.equal(before, rootIdsOf("r1", "2026-11-29T10:00:00.000Z", 1));
  const [root] = spansOf({ before }, () => {});
  assert.equal(
    root!.links.map(({ context: { traceId, spanId } }) => ({ traceId, spanId })),
    [before],
  );
});

test("TRACEPARENT makes the run part of that trace; what is none is left alone", () => {
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const [root] = spansOf({ before: null, parent: `00-${traceId}-00f067aa0ba902b7-01` }, () => {});
  assert.is(root!.spanContext().traceId, traceId);
  assert.is(root!.parentSpanContext?.spanId, "00f067aa0ba902b7");
  const [alone] = spansOf({ before: null, parent: "nonsense" }, () => {});
  assert.is(alone!.parentSpanContext, undefined);
});

test("a trial's retries and failure are on its span, below its job; a job tells of a hundred at most", () => {
  const spans = spansOf({ before: null }, (each) => {
    each.heed({ type: "job-started", experiment: "e", stage: "trial", total: 3, reused: 0 }, epoch + 1500);
    const retried = { reason: "thrown", message: "once", attempt: 1, most: 3 } as const;
    each.heed({ type: "trial-retried", ...place, ...retried }, epoch + 1800);
    for (let count = 0; count < 300; count += 1)
      each.heed(
        { type: "trial-ended", ...place, outcome: "failed", message: "no", replay: "" },
        epoch + 3000,
      );
    each.trial("e", trial);
  });
  const [own, job, root] = spans;
  assert.is(own!.parentSpanContext?.spanId, job!.spanContext().spanId);
  assert.is(job!.parentSpanContext?.spanId, root!.spanContext().spanId);
  assert.equal(
    own!.events.map(({ name }) => name),
    ["retry", "exception"],
  );
  assert.equal(own!.status, { code: 2, message: "thrown: no" });
  const seconds = epoch / 1000;
  assert.equal(
    [own!.startTime, own!.endTime],
    [
      [seconds + 2, 0],
      [seconds + 3, 0],
    ],
  );
  assert.is(own!.attributes["labwright.parameter.list"], "[1,2]");
  assert.is(job!.events.length, 100);
});

test.run();
