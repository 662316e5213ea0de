// The contract of performers, kept by the smallest one over a real server: what docs/config.md shows.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Performer } from "./performer.ts";
import { requestDifference, requestHashOf, reuseKeyOf } from "./request-identity.ts";
import { type PerformerCase, performerContract } from "./testing/performer-contract.ts";

async function openCase(): Promise<PerformerCase> {
  const keys: (string | null)[] = [];
  const hanging: ServerResponse[] = [];
  let how: Parameters<PerformerCase["service"]["behave"]>[0] = "answers";
  const server = createServer(async (request, response) => {
    keys.push(request.headers["idempotency-key"]?.toString() ?? null);
    let body = "";
    for await (const bytes of request) body += bytes;
    if (how === "hangs") hanging.push(response);
    else if (how === "fails") response.writeHead(503).end("busy");
    else if (how === "is spent") response.writeHead(402).end();
    else response.end(JSON.stringify({ twice: 2 * JSON.parse(body).n }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server on a port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  const performer: Performer = async (request, { signal, idempotencyKey }) => {
    const headers = { "idempotency-key": idempotencyKey };
    const body = JSON.stringify(request);
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body, headers, signal });
    if (answer.status === 402) return { budget: "the quota of today is used up" };
    if (!answer.ok) throw new Error(`the service says ${answer.status}`);
    return { response: await answer.json(), usage: { calls: 1 } };
  };
  return {
    performer,
    requestOf: (n) => ({ n }),
    responseOf: (n) => ({ twice: 2 * n }),
    service: {
      keys,
      behave: (next) => {
        how = next;
      },
      async close() {
        for (const response of hanging) response.destroy();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    },
  };
}

performerContract("http", openCase);

const place = {
  experiment: "e",
  stage: "trial",
  rootSeed: 1,
  condition: { size: 1 },
  replicate: "replicate 0",
};

test("a request is known by its kind and content, not by the order of its keys", () => {
  assert.is(requestHashOf("a", { x: 1, y: [2] }), requestHashOf("a", { y: [2], x: 1 }));
  const others = [requestHashOf("b", { x: 1, y: [2] }), requestHashOf("a", { x: 1, y: [2, 0] })];
  assert.not(others.includes(requestHashOf("a", { x: 1, y: [2] })));
});

test("experiments, stages, seeds, conditions, replicates and keys never share an answer", () => {
  const effect = { key: "call", requestHash: requestHashOf("a", {}) };
  const keys = [
    reuseKeyOf(place, effect),
    reuseKeyOf({ ...place, experiment: "f" }, effect),
    reuseKeyOf({ ...place, stage: "prepare" }, effect),
    reuseKeyOf({ ...place, rootSeed: 2 }, effect),
    reuseKeyOf({ ...place, condition: { size: 2 } }, effect),
    reuseKeyOf({ ...place, condition: null }, effect),
    reuseKeyOf({ ...place, replicate: "replicate 1" }, effect),
    reuseKeyOf({ ...place, replicate: null }, effect),
    reuseKeyOf(place, { ...effect, key: "call#2" }),
    reuseKeyOf(place, { ...effect, requestHash: requestHashOf("a", { n: 1 }) }),
  ];
  assert.is(new Set(keys).size, keys.length);
  assert.is(reuseKeyOf({ ...place }, { ...effect }), keys[0]);
});

test("where two requests differ is said at its place", () => {
  const said = (before: unknown, after: unknown): string | null => requestDifference(before, after);
  assert.is(said({ a: 1, b: [1, { c: "x" }] }, { b: [1, { c: "x" }], a: 1 }), null);
  assert.is(said({ b: [1, { c: "x" }] }, { b: [1, { c: "y" }] }), '`.b[1].c` was "x" and is "y"');
  const [high, low] = ["High.", "Low."].map((last) => `${"You set prices. ".repeat(20)}${last}`);
  assert.is(
    said({ a: high }, { a: low }),
    '`.a` was "...ou set prices. High." and is "...ou set prices. Low."',
  );
  assert.is(said({ a: 1 }, { a: 1, b: 2 }), "`.b` is new");
  assert.is(said({ a: 1, b: 2 }, { a: 1 }), "`.b` is missing");
  assert.is(said([1, 2], [1]), "`[1]` is missing");
  assert.is(said(3, "3"), 'it was 3 and is "3"');
  assert.is(said({ a: [] }, { a: {} }), "`.a` was [] and is {}");
});

test.run();
