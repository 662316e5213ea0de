// What every executor promises, whatever runs behind it: the same records to the byte, each unit once, every way to fail as a
// record. An executor's test is this suite and whatever is its own.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { outcomeCodes } from "../../record/outcome.ts";
import { readBatch } from "../../record/record-batch.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import { memoryStore } from "../../testing/memory-store.ts";
import type { PlanRun } from "../controller/controller-options.ts";
import type { Executor } from "../protocol/executor.ts";
import type { FromHost } from "../protocol/protocol.ts";
import { checkpointContract } from "./checkpoint-contract.ts";
import { type ContractRun, type ContractRunOptions, runContract } from "./contract-run.ts";
import { misbehaviourContract } from "./misbehaviour-contract.ts";
import { bytesOf, mapMessages, watch } from "./watched-executor.ts";

export interface ExecutorContractOptions {
  readonly executorOf: () => Executor;
  /** Threads that the byte-identity test runs with, one run each. */
  readonly threads: readonly number[];
}

/** Registers the contract's tests with uvu; the caller runs them. */
export function executorContract(name: string, options: ExecutorContractOptions): void {
  const { executorOf } = options;
  const run = (more: Omit<ContractRunOptions, "executor">): Promise<ContractRun> =>
    runContract({ executor: executorOf(), ...more });
  const promise = (what: string, check: () => Promise<void>): void => test(`${name}: ${what}`, check);

  promise("results are the same to the byte, whatever the number of threads and hosts", async () => {
    let first: readonly string[] | null = null;
    for (const threads of options.threads) {
      const done = await run({
        experiments: ["plain"],
        threads,
        hosts: threads === 2 ? 2 : 1,
      });
      assert.is(done.summary.status, "complete");
      assert.is(done.summary.done, 120);
      const results = bytesOf(done.trials("plain"));
      first ??= results;
      assert.equal(results, first);
    }
  });

  promise("every ending becomes its outcome, with words", async () => {
    const { trials, summary } = await run({ experiments: ["endings"] });
    const outcomes = trials("endings")
      .slice(0, 15)
      .map(({ result: { outcome, metrics } }) =>
        outcome.kind === "failed"
          ? `${outcome.reason}: ${outcome.message}`
          : `${outcome.kind} ${JSON.stringify(metrics)}`,
      );
    assert.equal(outcomes, [
      'measured {"score":1,"steps":2}',
      "thrown: RangeError: no root in 0..1",
      "thrown: rejected later",
      "invalid-metric: metric `score` is missing; expected a finite number from 0 to 10 (declare it optional if it may be missing)",
      "invalid-metric: metric `score` is NaN; expected a finite number from 0 to 10 (declare it optional if it may be missing)",
      "invalid-metric: metric `steps` is 1.5; expected a whole number",
      "invalid-metric: metric `score` is 11; expected a finite number from 0 to 10",
      "invalid-metric: the trial returned `scoer`, which is not a declared metric; the metrics are `score`, `steps`",
      "invalid-row: a row of series `rows`: `x`: Invalid input: expected number, received string",
      "invalid-row: a row of series `rows`: `x`: Invalid input: expected number, received Infinity",
      'refused {"score":null,"steps":null}',
      'censored {"score":null,"steps":4}',
      'measured {"score":3,"steps":null}',
      'measured {"score":1,"steps":1}',
      "effect: request.f of effect `call` is a function; expected JSON data, which can be journalled",
    ]);
    assert.is(summary.status, "complete");
    assert.equal([summary.unmeasured, summary.failed], [24, 20]);
    assert.is(trials("endings")[12]?.result.series.rows?.length, 4);
  });

  promise("a failure is told with its trial and how to replay it", async () => {
    const { events } = await run({ experiments: ["endings"] });
    const told = events.filter((event) => event.type === "trial-ended");
    assert.is(told.length, 24);
    for (const event of told) assert.is(event.replay, `lab run --trial ${event.trial} --inline`);
    const refused = told.find((event) => event.outcome === "refused");
    assert.equal([refused?.condition, refused?.message], [{ way: "refused" }, "no market"]);
    const censored = told.find((event) => event.outcome === "censored");
    assert.is(censored?.message, "score is known only to be at least 9");
  });

  promise("a trial that waits for ever ends at its time-out", async () => {
    const { trials } = await run({ experiments: ["hanging"], limits: { timeoutMs: 150 } });
    const outcomes = trials("hanging").map(({ result }) => result.outcome);
    const failed = outcomes.filter((outcome) => outcome.kind === "failed");
    assert.equal(
      failed.map(({ reason, message }) => `${reason}: ${message}`),
      ["time-out: took longer than the time-out of 150 ms"],
    );
    assert.is(outcomes.filter((outcome) => outcome.kind === "measured").length, 5);
  });

  promise("trials are handed what earlier stages and other experiments returned", async () => {
    const { trials, stage } = await run({ experiments: ["staged", "pooled"] });
    const base = (stage("staged", "prepare")[0]!.result.value as { base: number }).base;
    const rows = trials("staged").map(({ result }) => result);
    for (const [unit, level] of [1, 2, 3, 1, 2, 3].entries()) {
      const { outcome, metrics } = rows[unit]!;
      if (level === 2) assert.is(outcome.kind === "failed" && outcome.reason, "upstream");
      else assert.is(Math.floor(Number(metrics.score)), 2 * base + 10 * level);
    }
    const sum = [0, 2, 3, 5].reduce(
      (total, unit) => total + Number(rows[unit]!.metrics.score) * ((unit % 3) + 1),
      0,
    );
    const pooled = trials("pooled").map(({ result }) => result.metrics.sum);
    assert.equal(pooled, [sum, sum * 10]);
  });

  promise("effects are journalled: answered once, never asked again", async () => {
    const store = memoryStore();
    let asked = 0;
    const performers = {
      default: async (request: unknown) => {
        asked += 1;
        return { response: { price: (request as { bid: number }).bid * 3 } };
      },
    };
    const first = await run({ experiments: ["waiting"], store, performers });
    assert.is(asked, 24);
    const kinds = first.trials("waiting").map(({ result }) => result.outcome.kind);
    assert.is(kinds.filter((kind) => kind === "measured").length, 36);
    const again = memoryStore();
    for (const [key, entry] of store.effects) again.effects.set(key, entry);
    const never = {
      default: async () => {
        throw new Error("a journalled effect was asked for again");
      },
    };
    const second = await run({ experiments: ["waiting"], store: again, performers: never });
    assert.equal(bytesOf(second.trials("waiting")), bytesOf(first.trials("waiting")));
    assert.is(store.effects.size, again.effects.size);
  });

  promise("an effect in doubt is sent again under the same key, or fails, as declared", async () => {
    for (const experiment of ["doubting", "certain"] as const) {
      const store = memoryStore();
      const keys: string[] = [];
      let stop = (): void => undefined;
      const first = await run({
        experiments: [experiment],
        store,
        threads: 1,
        during: (running) => {
          stop = () => running.stop("test");
        },
        performers: {
          default: async (_, { idempotencyKey }) => {
            keys.push(idempotencyKey);
            stop();
            return new Promise(() => undefined);
          },
        },
      });
      assert.is(first.summary.status, "stopped");
      const performers = {
        default: async (_: unknown, { idempotencyKey }: { readonly idempotencyKey: string }) => {
          keys.push(idempotencyKey);
          return { response: 5 };
        },
      };
      const second = await run({ experiments: [experiment], store, performers, threads: 1 });
      const [{ outcome, metrics }] = second.trials(experiment).map(({ result }) => result) as [
        TrialRecord["result"],
      ];
      if (experiment === "doubting") {
        assert.equal([metrics.got, keys], [5, [keys[0], keys[0]]]);
      } else {
        assert.is(keys.length, 1);
        assert.match(outcome.kind === "failed" ? outcome.message : "", /answer was lost/);
      }
    }
  });

  checkpointContract({ promise, executorOf });
  misbehaviourContract({ promise, executorOf });

  promise("a stopped run keeps what it has, ends soon, and is resumed by running again", async () => {
    const store = memoryStore();
    let asked = 0;
    const first = await run({
      experiments: ["slow"],
      store,
      during: (running) => {
        const timer = setInterval(() => {
          if (store.batches.length < 3) return;
          clearInterval(timer);
          asked = performance.now();
          running.stop("test");
        }, 5);
      },
    });
    assert.ok(performance.now() - asked < 10_000, "it ends soon");
    assert.is(first.summary.status, "stopped");
    assert.ok(first.summary.remaining > 0 && first.summary.done > 0);
    const second = await run({ experiments: ["slow"], store });
    assert.is(second.summary.status, "complete");
    assert.is(second.summary.reused + second.summary.done, 100);
    assert.ok([...store.rowsByUnit(0).values()].every((rows) => rows === 1));
  });

  promise("a draining run finishes what it started and starts nothing more", async () => {
    const store = memoryStore();
    let started: PlanRun | null = null;
    const { summary, events } = await run({
      experiments: ["slow"],
      store,
      during: (running) => {
        started = running;
      },
      ledger: {
        ...store.ledger,
        append(batch) {
          store.ledger.append(batch);
          started?.drain("Ctrl-C");
        },
      },
    });
    assert.is(summary.status, "stopped");
    assert.is(summary.reason, "Ctrl-C");
    assert.is(summary.done + summary.remaining, 100);
    assert.ok(summary.done >= 1 && summary.done < 60, `${summary.done} done`);
    assert.is(events.filter((event) => event.type === "draining").length, 1);
  });

  promise(
    "a trial that its host ends without having been asked is run again, and what else came with it stands",
    async () => {
      let ended = 0;
      const { store, trials, summary } = await runContract({
        executor: mapMessages(executorOf(), (message) => {
          if (message.type !== "records" || ended > 0) return [message];
          ended = 1;
          return [{ ...message, batch: firstRowCancelled(message.batch) }];
        }),
        experiments: ["plain"],
      });
      const undisturbed = await run({ experiments: ["plain"] });
      assert.equal([ended, summary.status, summary.done], [1, "complete", 120]);
      assert.ok([...store.rowsByUnit(0).values()].every((rows) => rows === 1));
      assert.equal(bytesOf(trials("plain")), bytesOf(undisturbed.trials("plain")));
    },
  );

  promise("records that come twice are refused the second time", async () => {
    const doubled = mapMessages(executorOf(), (message) =>
      message.type === "records" ? [message, copyOf(message)] : [message],
    );
    const { store, summary } = await runContract({ executor: doubled, experiments: ["plain"] });
    assert.is(summary.done, 120);
    assert.ok([...store.rowsByUnit(0).values()].every((rows) => rows === 1));
    assert.is(store.rowsByUnit(0).size, 120);
  });

  promise("units are run again when a host is lost, and no result changes", async () => {
    const undisturbed = await run({ experiments: ["plain"] });
    const watched = watch(executorOf());
    let batches = 0;
    const { trials, summary } = await runContract({
      executor: mapMessages(watched.executor, (message) => {
        if (message.type !== "records") return [message];
        batches += 1;
        if (batches !== 3) return [message];
        watched.killAll();
        return [];
      }),
      experiments: ["plain"],
    });
    assert.is(summary.status, "complete");
    assert.equal(bytesOf(trials("plain")), bytesOf(undisturbed.trials("plain")));
  });

  promise("a host of another version is refused in words", async () => {
    const other = mapMessages(executorOf(), (message) => [
      message.type === "ready" ? { ...message, protocol: 99 } : message,
    ]);
    const { summary } = await runContract({ executor: other, experiments: ["plain"] });
    assert.is(summary.status, "aborted");
    assert.match(summary.reason ?? "", /speaks protocol 99/);
  });
}

function copyOf(message: Extract<FromHost, { type: "records" }>): FromHost {
  return { ...message, batch: message.batch.slice() };
}

/** The batch, its first row that of a trial which was ended early. */
function firstRowCancelled(bytes: Uint8Array): Uint8Array {
  const batch = readBatch(bytes.slice());
  batch.outcome[0] = outcomeCodes.cancelled;
  return batch.bytes;
}
