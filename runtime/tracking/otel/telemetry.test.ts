// Promise: a collector that never answers, or that asks to come back later, holds up nothing: each send ends in its time, why it failed is told once,
// and at the end what the collector lacks.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openTelemetry, rootIdsOf } from "./telemetry.ts";

/** Sends 600 spans, in more than one request, and a count to a collector that answers so; gives what was told and how long the end took. */
async function sentTo(answer: (response: ServerResponse, request: number) => void) {
  let requests = 0;
  const server = createServer((request, response) => {
    request.resume().on("end", () => answer(response, ++requests));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // A server on a port has an address of this kind.
  const told: string[] = [];
  const { tracer, meter, shutdown } = openTelemetry({
    endpoint: `http://127.0.0.1:${port}`,
    environment: { OTEL_EXPORTER_OTLP_TIMEOUT: "400" },
    root: rootIdsOf("r"),
    spansMost: 1000,
    onProblem: (words) => told.push(words),
  });
  meter.createCounter("labwright.trials.done").add(3);
  for (let index = 0; index < 600; index += 1) tracer.startSpan("trial").end();
  const before = performance.now();
  await shutdown();
  const took = performance.now() - before;
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return { told, took, requests };
}

test("a collector that takes what is sent and never answers", async () => {
  const { told, took } = await sentTo(() => {});
  assert.is(told.length, 2, told.join("\n"));
  assert.match(told[0]!, /timed? ?out/i);
  assert.is(told[1], "the collector lacks 600 of 600 spans and the counts at the end; the run is whole");
  assert.ok(took < 4000, `${took} ms`);
});

test("a collector that is busy for longer than a send may take", async () => {
  const { told, took } = await sentTo((response) => response.writeHead(503, { "retry-after": "600" }).end());
  assert.is(told.length, 2, told.join("\n"));
  assert.is(told[1], "the collector lacks 600 of 600 spans and the counts at the end; the run is whole");
  assert.ok(took < 4000, `${took} ms`);
});

test("a collector that is busy for a moment has everything in the end, and nothing is told", async () => {
  const { told, requests } = await sentTo((response, request) => {
    if (request <= 2) response.writeHead(503, { "retry-after": "0" }).end();
    else response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  assert.equal(told, []);
  assert.ok(requests > 3);
});

test.run();
