// Runs of a project that ask one endpoint at once keep its limits together: from the first moment, when one ends,
// and when one begins right after another.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { chat } from "../../lib/experiment/effects/chat-port.ts";
import type { PerformContext } from "../effects/performer.ts";
import { type FakeLlm, startFakeLlm } from "../testing/fake-llm.ts";
import { type RunPerformers, runPerformers } from "./port-performers.ts";
import { openSpending } from "./spending.ts";

const windowMs = 800;
const most = 24;

function runOn(server: FakeLlm, endpoints: string): RunPerformers {
  const spending = openSpending({ file: null, earlier: [], budget: {}, session: "test" });
  const declared = {
    chat: chat({ endpoint: server.endpoint, model: "tiny", requestsPerMinute: most, windowMs }),
  };
  return runPerformers({
    experiments: [],
    declared,
    spending,
    priceOf: () => null,
    endpoints,
    simulations: null,
  });
}

function ask(run: RunPerformers, name: string, count: number): readonly Promise<unknown>[] {
  return Array.from({ length: count }, (_, i) => {
    const context: PerformContext = {
      signal: new AbortController().signal,
      attempt: 1,
      trial: `${name}-${i % 5}`,
      condition: name,
      key: `${i}`,
      idempotencyKey: `${name}/${i}`,
      isResent: false,
      queued: async (turn) => turn,
      rowsSoFar: () => undefined,
    };
    return run.performers.chat!({ messages: [{ role: "user", content: `${i}` }] }, context);
  });
}

test("two runs at once, one that ends, and one that begins after it never pass the limits of the endpoint together", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lab-neighbours-"));
  const server = await startFakeLlm({ answer: () => "yes" });
  try {
    const first = runOn(server, folder);
    const ofFirst = ask(first, "first", 90);
    await Promise.race(ofFirst);
    const second = runOn(server, folder);
    const ofSecond = ask(second, "second", 40);
    await Promise.all(ofSecond);
    assert.ok((await Promise.race([Promise.all(ofFirst), wait(0, null)])) === null, "both were under way");
    second.close();
    await Promise.all(ofFirst);
    first.close();
    const third = runOn(server, folder);
    await Promise.all(ask(third, "third", 30));
    third.close();
    assert.is(server.arrivals.length, 160);
    assert.ok(server.busiest(windowMs) <= most, `${server.busiest(windowMs)} in one window`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await server.close();
  }
});

test.run();
