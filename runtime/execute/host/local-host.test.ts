// The local host keeps the contract of executors (those of hosts and of effects: local-contracts.test.ts), and what only a process of
// its own can promise: crashes, spinning and exhausted memory are failed records, and the run goes on.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { memoryStore } from "../../testing/memory-store.ts";
import type { Executor } from "../protocol/executor.ts";
import { runContract } from "../testing/contract-run.ts";
import { executorContract } from "../testing/executor-contract.ts";
import { bytesOf, mapMessages } from "../testing/watched-executor.ts";
import { localExecutor } from "./local-host.ts";

executorContract("local", { executorOf: localExecutor, threads: [1, 2, 4] });

/** Quick to notice a host that is silent. */
const watchful = (): Executor => {
  const executor = localExecutor();
  return { ...executor, patience: { ...executor.patience, heartbeatMs: 50, silentMs: 3000 } };
};

test("exit, spinning, hanging, exhausted memory and a native crash fail their trials and no other", async () => {
  const { trials, summary, events } = await runContract({
    executor: localExecutor(),
    experiments: ["deadly"],
    limits: { timeoutMs: 4000, memoryMb: 100 },
  });
  const found = trials("deadly").map(({ unit, result: { outcome } }) =>
    outcome.kind === "failed" ? `${unit} ${outcome.reason}: ${outcome.message}` : `${unit} ${outcome.kind}`,
  );
  const guilty = found.filter((words) => !words.endsWith("measured"));
  assert.equal(guilty, [
    "12 crash: ended its thread: worker exited with code: 7",
    "13 time-out: took longer than the time-out of 4 s",
    "14 time-out: took longer than the time-out of 4 s",
    "15 memory: needed more memory than the 100 MB allowed",
    "16 crash: took its host down: it was killed by SIGSEGV, a crash of native code",
    "17 memory: took its host down: it ran out of memory",
  ]);
  assert.is(found.length, 24);
  assert.is(summary.remaining, 0);
  const replays = events.filter((event) => event.type === "trial-ended").map((event) => event.replay);
  assert.is(replays.length, 6);
  assert.ok(replays.every((replay) => /^lab run --trial \w+ --inline$/.test(replay)));
});

test("Buffers count as memory: who takes too many fails, whether it pauses or not, and who stays below is measured", async () => {
  const { trials, summary } = await runContract({
    executor: localExecutor(),
    experiments: ["buffered"],
    limits: { memoryMb: 256 },
  });
  assert.is(summary.remaining, 0);
  const found = trials("buffered").map(({ unit, result: { outcome } }) =>
    outcome.kind === "failed" ? `${unit} ${outcome.reason}: ${outcome.message}` : `${unit} ${outcome.kind}`,
  );
  assert.is(found.length, 20);
  const guilty = found.filter((words) => !words.endsWith("measured"));
  assert.match(
    guilty[0] ?? "",
    /^10 memory: (needed more memory than the 256 MB allowed|took its host down: it (ran out of memory|was killed by the kernel for lack of memory))$/,
  );
  assert.equal(guilty.slice(1), ["11 memory: needed more memory than the 256 MB allowed"]);
});

test("a trial that patches the language for itself is recorded as it was measured", async () => {
  const { trials, summary } = await runContract({ executor: localExecutor(), experiments: ["patching"] });
  assert.is(summary.status, "complete");
  const found = trials("patching");
  assert.is(found.length, 52);
  for (const { result, telemetry } of found) {
    assert.equal(
      result.series.rows?.map(({ x }) => x),
      [result.metrics.y],
    );
    assert.is(telemetry.attempt, 1);
  }
});

test("a trial that can never settle is noticed without a time-out, and one that can is left in peace", async () => {
  const { trials, summary } = await runContract({ executor: localExecutor(), experiments: ["stuck"] });
  assert.is(summary.remaining, 0);
  const found = trials("stuck").map(({ result: { outcome } }) =>
    outcome.kind === "failed" ? outcome.message.slice(0, 13) : outcome.kind,
  );
  assert.equal(found, ["measured", "never settles", "measured", "measured"]);
});

test("what a trial posts to its thread's parent port is heard by nobody", async () => {
  const { trials, summary, events } = await runContract({
    executor: localExecutor(),
    experiments: ["speaking"],
  });
  assert.is(summary.status, "complete");
  assert.is(trials("speaking").length, 12);
  const notices = events.flatMap((event) => (event.type === "notice" ? [event.text] : []));
  assert.ok(notices.some((text) => text.includes("parent port")));
});

test("errors out of nowhere fail the trial that runs, or are logged, and take no host down", async () => {
  const { trials, events } = await runContract({ executor: localExecutor(), experiments: ["stray"] });
  const found = trials("stray")
    .slice(0, 4)
    .map(({ result: { outcome } }) => (outcome.kind === "failed" ? outcome.message : outcome.kind));
  assert.equal(found, [
    "measured",
    "a promise that nobody awaited was rejected: stray during",
    "measured",
    "an error was thrown outside the trial's own course: stray thrown",
  ]);
  assert.not(events.some((event) => event.type === "notice"));
});

test("trials that wait are many at a time in one thread", async () => {
  const store = memoryStore();
  let most = 0;
  let now = 0;
  const { summary } = await runContract({
    executor: localExecutor(),
    experiments: ["waiting"],
    store,
    threads: 1,
    performers: {
      default: async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 30));
        now -= 1;
        return { response: { price: 1 } };
      },
    },
  });
  assert.is(summary.remaining, 0);
  assert.ok(most >= 2, `${most} at a time`);
});

test("what trials print goes to their logs, not to the terminal", async () => {
  const { store } = await runContract({ executor: localExecutor(), experiments: ["plain"] });
  const texts = store.logs.lines.map(({ trial, text }) => (trial === "" ? "nobody's" : text.split(" ")[0]));
  assert.equal(texts.sort(), [...Array(6).fill("printed"), ...Array(6).fill("total")]);
});

test("a host killed by kill -9 loses nothing that it had sent, and its units are run again", async () => {
  const undisturbed = await runContract({ executor: localExecutor(), experiments: ["slow"] });
  let pid = 0;
  let batches = 0;
  const { trials, summary, store, events } = await runContract({
    executor: mapMessages(localExecutor(), (message) => {
      if (message.type === "ready") pid = message.pid;
      if (message.type === "records") batches += 1;
      if (batches === 5) process.kill(pid, "SIGKILL");
      if (batches === 5) batches += 1;
      return [message];
    }),
    experiments: ["slow"],
  });
  assert.is(summary.status, "complete");
  assert.equal(bytesOf(trials("slow")), bytesOf(undisturbed.trials("slow")));
  assert.ok([...store.rowsByUnit(0).values()].every((rows) => rows === 1));
  assert.ok(events.some((event) => event.type === "notice" && event.text.includes("SIGKILL")));
});

test("a host that gives no sign of life is declared dead and replaced", async () => {
  let stopped = 0;
  const { summary, events } = await runContract({
    executor: mapMessages(watchful(), (message) => {
      if (message.type === "ready" && stopped === 0) {
        stopped = message.pid;
        process.kill(stopped, "SIGSTOP");
      }
      return [message];
    }),
    experiments: ["slow"],
  });
  assert.is(summary.status, "complete");
  assert.ok(events.some((event) => event.type === "notice" && event.text.includes("gave no sign of life")));
});

test("hosts that die at once end the run in words", async () => {
  const { summary } = await runContract({
    executor: mapMessages(localExecutor(), (message) => {
      if (message.type === "ready") process.kill(message.pid, "SIGKILL");
      return message.type === "ready" ? [] : [message];
    }),
    experiments: ["slow"],
  });
  assert.is(summary.status, "aborted");
  assert.match(
    summary.reason ?? "",
    /hosts in a row died without finishing a trial; the last one was killed by SIGKILL/,
  );
});

test("a host that is leaving still delivers its last records", async () => {
  const { summary, store } = await runContract({
    executor: localExecutor(),
    experiments: ["plain"],
    threads: 4,
  });
  assert.is(summary.done, 120);
  assert.is(store.rowsByUnit(0).size, 120);
});

test.run();
