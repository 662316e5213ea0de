// What every executor promises of code that misbehaves: one failed record with a sentence, and the run goes on.
import * as assert from "uvu/assert";
import type { Executor } from "../protocol/executor.ts";
import { runContract } from "./contract-run.ts";
import { misbehaviours } from "./misbehaving-experiments.ts";

export interface MisbehaviourContractOptions {
  readonly executorOf: () => Executor;
  /** Registers a test. */
  readonly promise: (what: string, check: () => Promise<void>) => void;
}

/** The part of the executor contract about what authors return and throw. */
export function misbehaviourContract({ executorOf, promise }: MisbehaviourContractOptions): void {
  promise("whatever a trial returns or throws is one failed record with a sentence", async () => {
    const { trials, summary, events } = await runContract({
      executor: executorOf(),
      experiments: ["misbehaving"],
    });
    const names = Object.keys(misbehaviours);
    const found = trials("misbehaving");
    assert.is(found.length, names.length);
    assert.is(summary.remaining, 0);
    for (const { unit, result, telemetry } of found) {
      const { outcome } = result;
      const way = names[unit]!;
      if (outcome.kind !== "failed") throw new Error(`${way}: ${outcome.kind}`);
      assert.ok(
        ["thrown", "invalid-metric", "invalid-row"].includes(outcome.reason),
        `${way}: ${outcome.reason}`,
      );
      assert.match(outcome.message, /\w/, way);
      assert.ok(outcome.message.length < 10_200, `${way}: ${outcome.message.length} characters`);
      assert.ok(
        (outcome.stack ?? "").length < 10_200,
        `${way}: a stack of ${outcome.stack?.length} characters`,
      );
      assert.is(telemetry.attempt, 1, way);
    }
    // A host may be late, and the run say that it waits: that is no word of a trial.
    const told = events.flatMap((event) =>
      event.type === "notice" && !/ waits for a worker/.test(event.text) ? [event.text] : [],
    );
    assert.equal(told, []);
    const messageOf = (way: string): string => {
      const { outcome } = found[names.indexOf(way)]!.result;
      return outcome.kind === "failed" ? outcome.message : "";
    };
    assert.is(messageOf("getter throws"), "what the trial returned cannot be read: touched");
    assert.is(messageOf("message is an object"), 'threw an error whose message is {"a":1}');
    assert.match(messageOf("throws 5,000,000 characters"), /\(4,990,000 of 5,000,000 characters left out\)/);
  });
}
