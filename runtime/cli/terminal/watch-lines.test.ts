// What `lab watch` draws: cost and limits as the live page has them, within any width.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { beforeRun, type RunState } from "../../live/run-state.ts";
import { watchLine, watchLines } from "./watch-lines.ts";

const state: RunState = {
  ...beforeRun,
  run: "r0001-calm-otter",
  phase: "running",
  startedAtMs: 0,
  slots: 8,
  counts: { total: 1000, done: 400, reused: 0, failed: 3 },
  budgets: [
    { unit: "usd", taken: 0.0612, most: 5 },
    { unit: "tokens", taken: 123_456, most: null },
    { unit: "calls", taken: 0, most: null },
  ],
  services: [
    {
      service: "api.example.com",
      windowMs: 60_000,
      requests: { taken: 58, most: 60 },
      tokens: { taken: 81_000, most: 90_000 },
      calls: { taken: 8, most: 8 },
      waiting: 12,
      share: 0.5,
      closedMs: 0,
      outage: { isDown: false, count: 0, words: "" },
    },
  ],
};

test("cost and limits are shown as the page shows them", () => {
  const lines = watchLines(state, 60_000, { columns: 100, rows: 24 });
  assert.ok(lines.includes("spent: 0.0612 of 5.00 USD, 123,456 tokens"), lines.join("\n"));
  assert.ok(lines.includes("api.example.com: 12 calls wait, slowed to 50%, as it asked"));
  assert.ok(
    lines.includes("  8/8 calls at a time, 58/60 requests a minute, 81,000/90,000 tokens a minute"),
    lines.join("\n"),
  );
  assert.match(watchLine(state, 60_000), /400\/1,000 trials.* {2}0\.0612 of 5\.00 USD {2}123,456 tokens$/);
});

test("an orchestrator without a free worker is told as such", () => {
  const [service] = state.services;
  assert.ok(service);
  const full = { ...service, share: 1, requests: null, tokens: null, calls: { taken: 0, most: 0 } };
  const lines = watchLines({ ...state, services: [full] }, 60_000, { columns: 100, rows: 24 });
  assert.ok(lines.includes("api.example.com: no worker is free, 12 calls wait"), lines.join("\n"));
});

test("a run that asks no service has no line of limits, and nothing is wider than the terminal", () => {
  const plain = watchLines({ ...state, budgets: [], services: [] }, 60_000, { columns: 60, rows: 24 });
  assert.is(plain.length, 2);
  assert.ok(watchLines(state, 60_000, { columns: 60, rows: 24 }).every((line) => line.length <= 60));
});

test.run();
