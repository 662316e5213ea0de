// What the controller promises of what it keeps: nothing that cannot be read, and everything in the order in which a kill at any moment
// does no harm.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { idOfUnit } from "../../../plan/trial-id.ts";
import { checkedBatch } from "../../../record/check-batch.ts";
import { readBatch } from "../../../record/record-batch.ts";
import { memoryStore } from "../../../testing/memory-store.ts";
import { inlineExecutor } from "../../host/inline.ts";
import { runContract } from "../../testing/contract-run.ts";
import { orderedStore, type StoreCall } from "../../testing/ordered-store.ts";
import { mapMessages } from "../../testing/watched-executor.ts";

test("records that cannot be read condemn their units, and no segment ever holds them", async () => {
  const store = memoryStore();
  const spoilt = 7;
  const executor = mapMessages(inlineExecutor(), (message) => {
    if (message.type !== "records" || !readBatch(message.batch).unit.includes(spoilt)) return [message];
    const batch = message.batch.slice();
    // The last bytes are the texts, as a trial would have spoilt them that replaces JSON.stringify.
    batch.fill(63, batch.length - 16);
    return [{ ...message, batch }];
  });
  const { summary, trials } = await runContract({ executor, experiments: ["slow"], store });
  assert.is(summary.remaining, 0);
  const failed = trials("slow").filter(({ result }) => result.outcome.kind !== "measured");
  assert.equal(
    failed.map(({ unit, result: { outcome } }) => [unit, outcome.kind === "failed" && outcome.message]),
    [[spoilt, "made records that cannot be read (its texts are no JSON that labwright wrote)"]],
  );
  for (const batch of store.batches) checkedBatch(batch, 1);
});

test("a kill at any moment finds what is named: artifacts first, checkpoints until the record is durable, intents before calls", async () => {
  const { store, calls } = orderedStore(memoryStore());
  const performed: number[] = [];
  const { summary, trials, opened } = await runContract({
    executor: inlineExecutor(),
    experiments: ["saving"],
    store,
    performers: {
      default: async () => {
        performed.push(calls.length);
        return { response: null };
      },
    },
  });
  assert.is(summary.status, "complete");
  const { jobs, planned, space } = opened.experiments[0]!;
  const { job } = jobs[0]!;
  const idOf = (unit: number): string => idOfUnit({ job, unit, space, replicates: planned.replicates });
  const first = (is: (call: StoreCall) => boolean, from = 0): number =>
    calls.findIndex((call, at) => at >= from && is(call));

  for (const { result, unit } of trials("saving")) {
    const trial = idOf(unit);
    for (const { hash } of result.artifacts) {
      const kept = first(({ what, when, subject }) => what === "put" && when === "ends" && subject === hash);
      const saved = first((call) => call.what === "save" && call.when === "begins" && call.names(hash));
      const recorded = first((call) => call.what === "append" && call.names(hash));
      assert.ok(
        kept >= 0 && kept < saved,
        `the artifact of ${trial} is kept before the checkpoint that names it`,
      );
      assert.ok(kept < recorded, `the artifact of ${trial} is kept before the record that names it`);
    }
    const appended = first(({ what, units }) => what === "append" && units.includes(unit));
    const removed = first(({ what, subject }) => what === "remove" && subject === trial);
    const begun = first(({ what, when }) => what === "sync" && when === "begins", appended);
    const durable = first(({ what, when }) => what === "sync" && when === "ends", begun);
    assert.ok(appended >= 0 && begun > appended, `${trial} is appended and then synced`);
    assert.ok(durable > begun && durable < removed, `${trial} is durable before its checkpoint goes`);
    const answered = calls.filter(({ what, subject }) => what === "respond" && subject === trial);
    const lastAnswer = calls.lastIndexOf(answered.at(-1)!);
    assert.ok(lastAnswer >= 0 && lastAnswer < appended, `${trial} goes on only once its answers are durable`);
  }
  for (const at of performed) {
    const open = calls.slice(0, at).filter(({ what, when }) => what === "intend" && when === "ends").length;
    assert.ok(open > performed.indexOf(at), "each call is preceded by its durable intent");
  }
});

test.run();
