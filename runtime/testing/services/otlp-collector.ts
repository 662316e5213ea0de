// A collector of OpenTelemetry for tests: takes OTLP over HTTP as JSON (opentelemetry-proto, trace/v1 and metrics/v1) and keeps what it was sent.
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly events: readonly { readonly name: string; readonly attributes: readonly OtlpAttribute[] }[];
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status: { readonly code?: number; readonly message?: string };
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface OtlpMetric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly { readonly asDouble?: number; readonly asInt?: number }[] };
}

export interface OtlpCollector {
  readonly url: string;
  readonly spans: OtlpSpan[];
  readonly metrics: OtlpMetric[];
  /** Values of `service.name`. */
  readonly services: ReadonlySet<string>;
  readonly headers: readonly IncomingHttpHeaders[];
  close(): Promise<void>;
}

/** Listens on loopback. */
export async function startCollector(): Promise<OtlpCollector> {
  const spans: OtlpSpan[] = [];
  const metrics: OtlpMetric[] = [];
  const services = new Set<string>();
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    headers.push(request.headers);
    const sent = JSON.parse(Buffer.concat(parts).toString());
    for (const { resource, scopeSpans } of sent.resourceSpans ?? []) {
      services.add(attributesOf(resource)["service.name"] as string);
      for (const scope of scopeSpans) spans.push(...scope.spans);
    }
    for (const { scopeMetrics } of sent.resourceMetrics ?? [])
      for (const scope of scopeMetrics) metrics.push(...scope.metrics);
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // A server on a port has an address of this kind.
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    metrics,
    services,
    headers,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Attributes by name, each by the value that its type holds. */
export function attributesOf({
  attributes,
}: {
  readonly attributes: readonly OtlpAttribute[];
}): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
