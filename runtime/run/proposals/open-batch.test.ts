// Promise: a run of batches that somebody has stopped is not begun again by the next batch.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openBatchOf } from "./open-batch.ts";

test("after a stop batches are refused in words, those under way and those that come later", async () => {
  let begun = 0;
  const ends: ((outcome: string) => void)[] = [];
  const begin = (): Promise<string> => {
    begun += 1;
    return new Promise((resolve) => ends.push(resolve));
  };
  const batch = openBatchOf(
    { experiment: "tune", by: "test", isStopped: (outcome) => outcome === "stopped" },
    begin,
  );
  const wordsOf = (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => "answered",
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
  const first = wordsOf(batch.evaluate([{ alpha: 0.1 }]));
  ends[0]?.("stopped");
  await batch.stopped;
  assert.match(await first, /the run was stopped/);
  assert.match(await wordsOf(batch.evaluate([{ alpha: 0.2 }])), /the run was stopped/);
  assert.is(begun, 1);
  assert.is(await batch.close(), "stopped");
});

test.run();
