// The OpenTelemetry of one run: its tracer and its meter, which send over OTLP/HTTP as JSON. That a collector does not take something is told
// once, what it lacks is told at the end, and what is waiting is bounded.
import { createHash, randomBytes } from "node:crypto";
import type { Meter, Tracer } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { labwrightVersion } from "../../version.ts";
import type { Environment } from "../tracker.ts";

/** Ids of the root span of a part of a run: a part that goes on later links to it without having kept anything. */
export interface RootIds {
  readonly traceId: string;
  readonly spanId: string;
}

export interface Telemetry {
  readonly tracer: Tracer;
  readonly meter: Meter;
  /** Sends what is waiting and ends; takes a bounded time. */
  shutdown(): Promise<void>;
}

const spansWaitingMax = 4096;
const metricsEveryMs = 10_000;
/** Longest for one request, however often it is tried; OTEL_EXPORTER_OTLP_TIMEOUT may say less. */
const sendMs = 5000;

export function rootIdsOf(...parts: readonly (string | number)[]): RootIds {
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return { traceId: hash.slice(0, 32), spanId: hash.slice(32, 48) };
}

/** The first span that is begun has the ids of `root`. */
export function openTelemetry(of: {
  readonly endpoint: string | null;
  readonly environment: Environment;
  readonly root: RootIds;
  /** Spans that may come at once. */
  readonly spansMost: number;
  readonly onProblem: (words: string) => void;
}): Telemetry {
  const { environment, onProblem } = of;
  const version = labwrightVersion();
  const tell = onceOf(onProblem);
  const sent: Sent = { spans: 0, lost: 0, lacksCounts: false };
  const base = of.endpoint?.replace(/\/+$/, "") ?? null;
  const asked = Number(environment.OTEL_EXPORTER_OTLP_TIMEOUT ?? "");
  const timeoutMillis = asked > 0 ? Math.min(sendMs, asked) : sendMs;
  const at = (path: string) => ({
    timeoutMillis,
    ...(base !== null && { url: `${base}/v1/${path}` }),
  });
  const resource = defaultResource()
    .merge(resourceFromAttributes({ "service.name": "labwright", "service.version": version }))
    .merge(detectResources({ detectors: [envDetector] }));
  const spans = new OTLPTraceExporter(at("traces"));
  const metrics = new OTLPMetricExporter(at("metrics"));
  const tracers = new BasicTracerProvider({
    resource,
    idGenerator: idsOf(of.root),
    spanProcessors: [
      new BatchSpanProcessor(
        {
          export(items, done) {
            sent.spans += items.length;
            const { length } = items;
            spans.export(items, (result) => {
              if (result.code !== 0) sent.lost += length;
              heard(done, tell)(result);
            });
          },
          forceFlush: () => spans.forceFlush(),
          shutdown: () => spans.shutdown(),
        },
        { maxQueueSize: Math.max(spansWaitingMax, of.spansMost), scheduledDelayMillis: 1000 },
      ),
    ],
  });
  const everyMs = Number(environment.OTEL_METRIC_EXPORT_INTERVAL ?? "");
  const meters = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: {
          export(items, done) {
            metrics.export(items, (result) => {
              sent.lacksCounts = result.code !== 0;
              heard(done, tell)(result);
            });
          },
          forceFlush: () => metrics.forceFlush(),
          shutdown: () => metrics.shutdown(),
          selectAggregationTemporality: (kind) => metrics.selectAggregationTemporality(kind),
        },
        exportIntervalMillis: everyMs > 0 ? everyMs : metricsEveryMs,
        exportTimeoutMillis: Math.min(timeoutMillis, everyMs > 0 ? everyMs : timeoutMillis),
      }),
    ],
  });
  return {
    tracer: tracers.getTracer("labwright", version),
    meter: meters.getMeter("labwright", version),
    async shutdown() {
      // Why something could not be sent was told where it was tried.
      await Promise.allSettled([tracers.shutdown(), meters.shutdown()]);
      const words = lossWords(sent);
      if (words !== null) onProblem(words);
    },
  };
}

interface Sent {
  /** Spans that were to be sent, and those that the collector did not take. */
  spans: number;
  lost: number;
  /** Counts are sums since the start of the run: those sent last hold all before. */
  lacksCounts: boolean;
}

/** Null where the collector has all. */
function lossWords({ spans, lost, lacksCounts }: Sent): string | null {
  const parts = [
    ...(lost > 0 ? [`${lost} of ${spans} spans`] : []),
    ...(lacksCounts ? ["the counts at the end"] : []),
  ];
  return parts.length === 0 ? null : `the collector lacks ${parts.join(" and ")}; the run is whole`;
}

interface Result {
  readonly code: number;
  readonly error?: Error;
}

function heard<R extends Result>(
  done: (result: R) => void,
  tell: (words: string) => void,
): (result: R) => void {
  return (result) => {
    if (result.code !== 0) tell(result.error?.message ?? "the collector did not take what was sent");
    done(result);
  };
}

function onceOf(tell: (words: string) => void): (words: string) => void {
  let isTold = false;
  return (words) => {
    if (!isTold) tell(words);
    isTold = true;
  };
}

function idsOf({ traceId, spanId }: RootIds) {
  let next: string | null = spanId;
  return {
    generateTraceId: () => traceId,
    generateSpanId() {
      const id = next ?? randomBytes(8).toString("hex");
      next = null;
      return id;
    },
  };
}
