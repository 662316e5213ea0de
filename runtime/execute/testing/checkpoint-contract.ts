// What every executor promises of checkpoints: a trial that was killed or stopped ends as if nothing had happened.
import * as assert from "uvu/assert";
import { randomFrom } from "../../../lib/random/random.ts";
import { memoryStore } from "../../testing/memory-store.ts";
import type { Executor } from "../protocol/executor.ts";
import { type ContractRun, type ContractRunOptions, runContract } from "./contract-run.ts";
import { bytesOf, watch } from "./watched-executor.ts";

export interface CheckpointContractOptions {
  readonly executorOf: () => Executor;
  /** Registers a test. */
  readonly promise: (what: string, check: () => Promise<void>) => void;
}

/** The part of the executor contract about checkpoints. */
export function checkpointContract({ executorOf, promise }: CheckpointContractOptions): void {
  const run = (more: Omit<ContractRunOptions, "executor">): Promise<ContractRun> =>
    runContract({ executor: executorOf(), ...more });

  promise(
    "a trial goes on from its last checkpoint after a kill, and its result does not show it",
    async () => {
      const undisturbed = await run({
        experiments: ["saving"],
        performers: { default: async () => ({ response: null }) },
      });
      assert.is(undisturbed.summary.status, "complete");
      const watched = watch(executorOf());
      const store = memoryStore();
      const reached: number[] = [];
      const { trials, summary } = await runContract({
        executor: watched.executor,
        experiments: ["saving"],
        store,
        performers: {
          default: async (request) => {
            const { step } = request as { step: number };
            reached.push(step);
            if (step === 10 && reached.filter((each) => each === 10).length === 1) {
              watched.killAll();
              return new Promise(() => undefined);
            }
            return { response: null };
          },
        },
      });
      assert.is(summary.status, "complete");
      assert.equal(bytesOf(trials("saving")), bytesOf(undisturbed.trials("saving")));
      assert.ok(trials("saving").some(({ telemetry }) => telemetry.attempt === 2));
      // A step that was reached before the last checkpoint is not reached again, in any of the four trials.
      assert.is(reached.filter((step) => step === 0).length, 4);
      assert.is(store.saved.size, 0);
    },
  );

  promise(
    "a loop of steps that is killed twice ends as if undisturbed, and never goes back far",
    async () => {
      const undisturbed = await run({
        experiments: ["stepping"],
        performers: { default: async () => ({ response: null }) },
      });
      assert.is(undisturbed.summary.status, "complete");
      assert.equal(
        undisturbed.trials("stepping").map(({ result }) => result.metrics.done),
        Array(8).fill(47),
      );
      const watched = watch(executorOf());
      const killed = new Set<number>();
      const { trials, summary, events } = await runContract({
        executor: watched.executor,
        experiments: ["stepping"],
        performers: {
          default: async (request) => {
            const { index } = request as { index: number };
            // A third kill in one run would convict the trials.
            if (killed.has(index) || index % 20 === 9) return { response: null };
            killed.add(index);
            watched.killAll();
            return new Promise(() => undefined);
          },
        },
      });
      assert.is(summary.status, "complete");
      assert.equal(bytesOf(trials("stepping")), bytesOf(undisturbed.trials("stepping")));
      assert.equal([...killed], [19, 39]);
      const telemetry = trials("stepping").map(({ telemetry }) => telemetry);
      assert.ok(telemetry.some(({ attempt }) => attempt > 1));
      assert.ok(telemetry.some(({ extras }) => (extras?.checkpoints ?? 0) > 0));
      assert.ok(telemetry.every(({ extras }) => (extras?.checkpointBytes ?? 40_000) >= 40_000));
      const told = events.flatMap((event) => (event.type === "trial-progress" ? [event] : []));
      assert.ok(told.some(({ done, total }) => done >= 5 && total === 60));
      assert.ok(
        told.every(
          ({ trial, experiment, replicate }) => trial !== "" && experiment === "stepping" && replicate < 2,
        ),
      );
    },
  );

  promise("random programs over many streams, stopped at random points, end as if undisturbed", async () => {
    const undisturbed = await run({
      experiments: ["wandering"],
      performers: { default: async () => ({ response: null }) },
    });
    assert.is(undisturbed.summary.status, "complete");
    const chance = randomFrom("stops");
    const store = memoryStore();
    let restored = 0;
    for (let stops = 0; stops < 6; stops++) {
      let stop = (): void => undefined;
      let left = chance.integer(1, 30);
      const { summary } = await run({
        experiments: ["wandering"],
        store,
        during: (running) => {
          stop = () => running.stop("test");
        },
        performers: {
          default: async () => {
            left -= 1;
            if (left > 0) return { response: null };
            stop();
            return new Promise(() => undefined);
          },
        },
      });
      restored += store.saved.size;
      assert.is(summary.status, "stopped");
    }
    assert.ok(restored >= 4, `${restored} trials were stopped behind a checkpoint`);
    const last = await run({
      experiments: ["wandering"],
      store,
      performers: { default: async () => ({ response: null }) },
    });
    assert.is(last.summary.status, "complete");
    assert.equal(bytesOf(last.trials("wandering")), bytesOf(undisturbed.trials("wandering")));
  });

  promise("a watcher stops a restored trial at the row at which it would have stopped", async () => {
    const undisturbed = await run({
      experiments: ["watched"],
      performers: { default: async () => ({ response: null }) },
    });
    const watched = watch(executorOf());
    let isKilled = false;
    const { trials, summary } = await runContract({
      executor: watched.executor,
      experiments: ["watched"],
      performers: {
        default: async (request) => {
          if (isKilled || (request as { step: number }).step < 10) return { response: null };
          isKilled = true;
          watched.killAll();
          return new Promise(() => undefined);
        },
      },
    });
    assert.is(summary.status, "complete");
    assert.ok(trials("watched").some(({ telemetry }) => telemetry.attempt === 2));
    assert.equal(
      trials("watched").map(({ result }) => result.metrics.seen),
      [17, 17, 17, 17],
    );
    assert.equal(bytesOf(trials("watched")), bytesOf(undisturbed.trials("watched")));
  });

  promise("a checkpoint of 10 MB comes back whole", async () => {
    const { trials, summary } = await run({ experiments: ["heavy"] });
    assert.is(summary.status, "complete");
    const results = trials("heavy").map(({ result }) => result);
    assert.is(results[0]?.metrics.kept, 1);
    const { outcome } = results[1]!;
    assert.match(
      outcome.kind === "failed" ? outcome.message : "",
      /a checkpoint of \d+ bytes; expected at most 10485760/,
    );
  });
}
