// OpenTelemetry: a run as a trace with a span a job and a trial, and its counts as metrics, over OTLP to a collector (`tracking: [otel()]`).
import type { Tracker, TrackerProblem } from "../tracker.ts";

export interface OtelOptions {
  /** Of the collector, without /v1/traces: "http://127.0.0.1:4318". OTEL_EXPORTER_OTLP_ENDPOINT unless told, or the collector of this machine. */
  readonly endpoint?: string;
  /** Trials of an experiment that have spans, the first planned ones; 1,000 unless told. */
  readonly trials?: number;
}

/**
 * Sends each run as a trace and as metrics. OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER,
 * OTEL_METRIC_EXPORT_INTERVAL and TRACEPARENT mean what the specification says.
 *
 * @example
 * export default defineConfig({ tracking: [otel({ endpoint: "http://127.0.0.1:4318" })] });
 */
export function otel(options: OtelOptions = {}): Tracker {
  const { endpoint = null, trials = 1000 } = options;
  return {
    kind: "labwright/tracker",
    name: "otel",
    problems: problemsOf(options),
    follow(context) {
      // The libraries take most of a second to load: not before a run has started.
      const follower = import("./follow.ts").then(
        ({ OtelFollower }) => new OtelFollower(context, { endpoint, trials }),
      );
      let ready: Awaited<typeof follower> | null = null;
      void follower.then((loaded) => {
        ready = loaded;
      });
      return {
        listener(event) {
          if (ready !== null) ready.heed(event, Date.now());
          else {
            const at = Date.now();
            void follower.then((loaded) => loaded.heed(event, at));
          }
        },
        async close(run) {
          await (await follower).close(run);
        },
      };
    },
    sync: null,
  };
}

function problemsOf({ endpoint, trials }: OtelOptions): readonly TrackerProblem[] {
  const problems: TrackerProblem[] = [];
  if (endpoint !== undefined && !(URL.canParse(endpoint) && /^https?:$/.test(new URL(endpoint).protocol)))
    problems.push({
      found: "`endpoint` is no address of http",
      expected: '"http://127.0.0.1:4318" or the like',
    });
  if (trials !== undefined && !(Number.isSafeInteger(trials) && trials >= 0))
    problems.push({ found: `\`trials\` is ${trials}`, expected: "a whole number from 0" });
  return problems;
}
