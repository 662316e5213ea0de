// What the controller promises on its own account, over the inline executor: limits, retries, more units while running, a store
// that refuses.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bitmapOf, setBit } from "../../plan/bitmap.ts";
import { memoryStore } from "../../testing/memory-store.ts";
import { inlineExecutor } from "../host/inline.ts";
import { type ContractRunOptions, runContract } from "../testing/contract-run.ts";

const run = (options: Omit<ContractRunOptions, "executor">) =>
  runContract({ executor: inlineExecutor(), ...options });
const unitsOf = (...units: number[]): Uint8Array => {
  const bitmap = bitmapOf(100);
  for (const unit of units) setBit(bitmap, unit);
  return bitmap;
};

test("with fail-fast the first failure ends the run", async () => {
  const { summary } = await run({ experiments: ["endings"], limits: { failFast: true } });
  assert.is(summary.status, "stopped");
  assert.match(summary.reason ?? "", /--fail-fast/);
  assert.ok(summary.remaining > 0);
});

test("a run ends once too large a share of its trials has failed", async () => {
  const all = await run({ experiments: ["endings"], limits: { failOnError: 0.9 } });
  assert.is(all.summary.remaining, 0);
  const some = await run({ experiments: ["endings"], limits: { failOnError: 0.1 } });
  const told = some.events.find(({ type }) => type === "draining");
  assert.match(told?.type === "draining" ? told.reason : "", /of 30 trials failed, more than 10%/);
  // Its thirty trials came back together: nothing was left to stop.
  assert.equal([some.summary.status, some.summary.remaining], ["complete", 0]);
});

test("failures stand on resume, unless they are to be retried; refused and censored trials always stand", async () => {
  const store = memoryStore();
  await run({ experiments: ["endings"], store });
  const again = await run({ experiments: ["endings"], store });
  assert.equal([again.summary.done, again.summary.reused], [0, 30]);
  const retried = await run({ experiments: ["endings"], store, limits: { retryErrors: true } });
  assert.equal([retried.summary.done, retried.summary.reused], [20, 10]);
});

test("a run that finds everything done starts no host", async () => {
  const store = memoryStore();
  await run({ experiments: ["plain"], store });
  const executor = { ...inlineExecutor(), open: () => assert.unreachable("a host was asked for") as never };
  const { summary } = await runContract({ executor, experiments: ["plain"], store });
  assert.equal([summary.status, summary.reused], ["complete", 120]);
});

test("a store that refuses what is left at the end is no complete run", async () => {
  const full = { draft: async () => Promise.reject(new Error("the disk is full")) };
  const { summary, store } = await run({ experiments: ["plain"], artifacts: full as never });
  assert.equal([summary.status, summary.reason], ["aborted", "the disk is full"]);
  const recorded = [...store.rowsByUnit(0).keys()].length;
  assert.ok(recorded < 120, "records do not name artifacts that are not there");
  assert.equal([summary.done, summary.remaining], [recorded, 120 - recorded]);
});

test("units added while running are run too", async () => {
  const { summary, trials } = await run({
    experiments: ["slow"],
    wanted: new Map([[0, unitsOf(0, 1, 2)]]),
    during: (running) => running.add(new Map([[0, unitsOf(2, 50, 99)]])),
  });
  assert.is(summary.done, 5);
  assert.equal(
    trials("slow").map(({ unit }) => unit),
    [0, 1, 2, 50, 99],
  );
});

test("a trial whose earlier stage was never run fails with the reason", async () => {
  const { trials } = await run({ experiments: ["staged"], wanted: new Map([[2, unitsOf(0)]]) });
  const { outcome } = trials("staged")[0]!.result;
  assert.equal(outcome.kind === "failed" && [outcome.reason, outcome.message], [
    "upstream",
    "needs the value of staged/prepare, which was not recorded",
  ]);
});

test("a ledger that refuses ends the run in words and keeps what it has", async () => {
  const store = memoryStore();
  let appends = 0;
  const { summary } = await run({
    experiments: ["slow"],
    store,
    ledger: {
      ...store.ledger,
      append(batch) {
        appends += 1;
        if (appends > 3) throw new Error("the disk is full; free some space and run again");
        store.ledger.append(batch);
      },
    },
  });
  assert.is(summary.status, "aborted");
  assert.match(summary.reason ?? "", /the disk is full/);
  assert.ok(store.batches.length >= 3);
});

test("progress counts arms, and a job is told to start and to finish once", async () => {
  const { events } = await run({ experiments: ["plain"] });
  const last = events.filter((event) => event.type === "progress").at(-1);
  assert.is(last?.done, 120);
  assert.equal(
    last?.arms.map(({ label, done, total }) => `${label}: ${done}/${total}`),
    [1, 2, 3].flatMap((size) => ["a", "b"].map((kind) => `size=${size}, kind=${kind}: 20/20`)),
  );
  assert.is(events.filter((event) => event.type === "job-started").length, 1);
  assert.is(events.filter((event) => event.type === "job-finished").length, 1);
});

test("what a trial drew before its checkpoint it does not draw again", async () => {
  const store = memoryStore();
  let stop = (): void => undefined;
  const first = await run({
    experiments: ["saving"],
    store,
    during: (running) => {
      stop = () => running.stop("test");
    },
    performers: {
      default: async (request) => {
        if ((request as { step: number }).step !== 5) return { response: null };
        stop();
        return new Promise(() => undefined);
      },
    },
  });
  assert.ok(store.saved.size >= 1);
  const second = await run({
    experiments: ["saving"],
    store,
    performers: { default: async () => ({ response: null }) },
  });
  const undisturbed = await run({
    experiments: ["saving"],
    performers: { default: async () => ({ response: null }) },
  });
  assert.is(first.summary.status, "stopped");
  assert.equal(
    second.trials("saving").map(({ result }) => result),
    undisturbed.trials("saving").map(({ result }) => result),
  );
  assert.is(store.saved.size, 0);
});

test.run();
