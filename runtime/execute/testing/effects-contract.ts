// What every executor promises of effects that the controller performs: queues that cost no time-out, signals that end calls nobody
// waits for, budgets that stop a run and let it go on, and answers that belong to their request.
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Performer } from "../../effects/performer.ts";
import { memoryStore } from "../../testing/memory-store.ts";
import type { Executor } from "../protocol/executor.ts";
import { type ContractRun, type ContractRunOptions, runContract } from "./contract-run.ts";
import { bytesOf, watch } from "./watched-executor.ts";

/** Registers the tests with uvu; the caller runs them. */
export function effectsContract(name: string, options: { readonly executorOf: () => Executor }): void {
  const run = (more: Omit<ContractRunOptions, "executor">): Promise<ContractRun> =>
    runContract({ executor: options.executorOf(), ...more });
  const promise = (what: string, check: () => Promise<void>): void => test(`${name}: ${what}`, check);
  const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

  promise("five hundred trials wait at once in one thread", async () => {
    let waiting = 0;
    let open = (): void => undefined;
    const all = new Promise<void>((resolve) => {
      open = resolve;
    });
    const ask: Performer = async (request) => {
      waiting += 1;
      // Nobody is answered before all have asked.
      if (waiting === 500) open();
      await all;
      return { response: (request as { index: number }).index };
    };
    const { summary, trials } = await run({ experiments: ["crowd"], threads: 1, performers: { ask } });
    assert.is(summary.status, "complete");
    assert.equal(
      trials("crowd").map(({ result }) => result.metrics.got),
      Array.from({ length: 500 }, (_, index) => index),
    );
  });

  promise(
    "a time-out stands still while an effect waits for its turn, and runs while it is worked on",
    async () => {
      const outcomes = async (ask: Performer): Promise<readonly string[]> => {
        const { trials } = await run({
          experiments: ["asking"],
          performers: { ask },
          limits: { timeoutMs: 600 },
        });
        return trials("asking").map(({ result: { outcome } }) =>
          outcome.kind === "failed" ? `${outcome.reason}: ${outcome.message}` : outcome.kind,
        );
      };
      const queues = await outcomes(async (_, { queued }) => {
        await queued(after(1500));
        return { response: 1 };
      });
      assert.equal(queues, Array(8).fill("measured"));
      const works = await outcomes(async () => {
        await after(1500);
        return { response: 1 };
      });
      assert.equal(works, Array(8).fill("time-out: took longer than the time-out of 600 ms"));
    },
  );

  promise(
    "a call ends by its signal once nobody waits: at a time-out, a stop and the loss of its host",
    async () => {
      const aborted: string[] = [];
      let asked = 0;
      const hangs: Performer = (_, { signal }) =>
        new Promise((_resolve, reject) => {
          asked += 1;
          signal.addEventListener("abort", () => {
            aborted.push(String(signal.reason.message));
            reject(signal.reason);
          });
        });
      await run({ experiments: ["asking"], performers: { ask: hangs }, limits: { timeoutMs: 50 } });
      // A trial may be over before its performer was asked: then it is not asked.
      assert.ok(asked > 0);
      assert.equal(aborted.splice(0), Array(asked).fill("the trial is over"));
      asked = 0;

      let stop = (): void => undefined;
      await run({
        experiments: ["asking"],
        during: (running) => {
          stop = () => running.stop("test");
        },
        performers: {
          ask: (request, context) => {
            const answer = hangs(request, context);
            stop();
            return answer;
          },
        },
      });
      assert.ok(asked > 0);
      assert.is(aborted.splice(0).length, asked, "a stop ends them");

      const watched = watch(options.executorOf());
      const attempts: number[] = [];
      const { summary } = await runContract({
        executor: watched.executor,
        experiments: ["asking"],
        performers: {
          ask: (request, context) => {
            attempts.push(context.attempt);
            if (attempts.length > 1) return Promise.resolve({ response: 1 });
            const answer = hangs(request, context);
            watched.killAll();
            return answer;
          },
        },
      });
      assert.is(summary.status, "complete");
      assert.equal(aborted, ["the trial is over"]);
      assert.ok(attempts.includes(2), "the trial asks again with its next attempt");
    },
  );

  promise(
    "a budget that is spent stops the run, whatever the trial makes of it, and the run goes on later",
    async () => {
      const store = memoryStore();
      let left = 5;
      const ask: Performer = async (request) => {
        if (left === 0) return { budget: "5 calls are spent" };
        left -= 1;
        return { response: (request as { index: number }).index };
      };
      const first = await run({ experiments: ["stubborn"], store, performers: { ask } });
      assert.is(first.summary.status, "budget");
      assert.is(first.summary.reason, "5 calls are spent");
      const kinds = first.trials("stubborn").map(({ result }) => result.outcome.kind);
      assert.is(kinds.filter((kind) => kind === "measured").length, 5);
      assert.ok(kinds.every((kind) => kind === "measured" || kind === "budget-stopped"));
      assert.is(first.summary.remaining, 7, "what a budget stopped is left to do");
      left = 100;
      const second = await run({ experiments: ["stubborn"], store, performers: { ask } });
      assert.is(second.summary.status, "complete");
      assert.is(100 - left, 7, "what was answered is not asked for again");
    },
  );

  promise("trials that a stop finds waiting are recorded as cancelled, and run again on resume", async () => {
    const store = memoryStore();
    const answers = { ask: async () => ({ response: 1 }) };
    const undisturbed = await run({ experiments: ["asking"], performers: answers });
    let asked = 0;
    let stop = (): void => undefined;
    const first = await run({
      experiments: ["asking"],
      store,
      during: (running) => {
        stop = () => running.stop("test");
      },
      performers: {
        ask: () => {
          asked += 1;
          if (asked === 3) stop();
          return asked === 1 ? answers.ask() : new Promise(() => undefined);
        },
      },
    });
    const outcomes = first.trials("asking").map(({ result: { outcome } }) => outcome);
    const cancelled = outcomes.filter(({ kind }) => kind === "cancelled");
    assert.equal(cancelled[0], { kind: "cancelled", reason: "the run was stopped" });
    assert.is(cancelled.length + first.summary.done, outcomes.length);
    assert.is(first.summary.status, "stopped");
    assert.is(first.summary.remaining, 8 - first.summary.done, "what was cancelled is left to do");
    const second = await run({ experiments: ["asking"], store, performers: answers });
    assert.is(second.summary.status, "complete");
    assert.equal(bytesOf(second.trials("asking")), bytesOf(undisturbed.trials("asking")));
  });

  promise("an answer is handed out for its own request only", async () => {
    const store = memoryStore();
    const answers: Performer = async () => ({ response: 1 });
    const first = await run({ experiments: ["fickle"], store, performers: { ask: answers } });
    assert.is(first.trials("fickle")[0]?.result.outcome.kind, "measured");
    const again = memoryStore();
    for (const [key, entry] of store.effects) again.effects.set(key, entry);
    const second = await run({ experiments: ["fickle"], store: again, performers: { ask: answers } });
    const { outcome } = second.trials("fickle")[0]!.result;
    assert.match(
      outcome.kind === "failed" ? `${outcome.reason}: ${outcome.message}` : "",
      /^effect: effect `call`: its request is not the one in the journal: `\.bids\[1\]` was [\d.]+ and is [\d.]+; what a trial asks for must follow/,
    );
  });

  promise("what answers took is summed up over the trial, as telemetry that no result knows of", async () => {
    const store = memoryStore();
    const ask: Performer = async (_, { key }) => ({
      response: 2,
      ...(key === "a" && { usage: { tokens: 7, costUsd: 0.5 } }),
    });
    const first = await run({ experiments: ["counted"], store, performers: { ask } });
    const extras = { calls: 3, tokens: 107, costUsd: 0.5 };
    assert.equal(
      first.trials("counted").map(({ telemetry }) => telemetry.extras),
      [extras, extras, extras],
    );
    const again = memoryStore();
    for (const [key, entry] of store.effects) again.effects.set(key, entry);
    const second = await run({ experiments: ["counted"], store: again });
    assert.equal(second.trials("counted")[0]?.telemetry.extras, extras, "it took what it took");
    assert.equal(second.trials("counted")[0]?.result, first.trials("counted")[0]?.result);
  });

  promise("what a performer returns is read under guard", async () => {
    const messageOf = async (ask: Performer): Promise<string> => {
      const { trials } = await run({ experiments: ["fickle"], performers: { ask } });
      const { outcome } = trials("fickle")[0]!.result;
      return outcome.kind === "failed" ? outcome.message : outcome.kind;
    };
    const wrong: readonly (readonly [unknown, string])[] = [
      [undefined, 'the performer of kind "ask" returned undefined; expected { response } or { budget }'],
      [7, 'the performer of kind "ask" returned 7; expected { response } or { budget }'],
      [
        { response: () => 1 },
        'the performer of kind "ask" returned a response that is a function; expected JSON data, which can be journalled',
      ],
      [
        { response: 1, usage: { cost: -1 } },
        'the performer of kind "ask" gave -1 as usage.cost; expected a finite number from 0',
      ],
      [
        { response: 1, usage: { "to ken": 1 } },
        'the performer of kind "ask" gave a usage named "to ken"; expected a name such as tokens or costUsd',
      ],
    ];
    // What a performer in JavaScript may return.
    for (const [value, words] of wrong)
      assert.is(await messageOf((async () => value) as unknown as Performer), `effect \`call\`: ${words}`);
    assert.is(
      await messageOf(() => {
        throw new Error("no route");
      }),
      "effect `call`: no route",
    );
  });
}
