// Promise: whoever listens hears of every count: the last of a burst a tenth of a second later, or when the run ends.
import { setTimeout as pause } from "node:timers/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { RunEvent } from "../../event/event.ts";
import { bitmapOf, setBit } from "../../plan/bitmap.ts";
import { planOfDefinitions } from "../../testing/plan-of-definitions.ts";
import * as contractExperiments from "../testing/contract-experiments.ts";
import { plannedJobsOf } from "./jobs/planned-jobs.ts";
import { JobProgress } from "./run-progress.ts";

function heard() {
  const definition = { definition: contractExperiments.plain, exportName: "plain" };
  const [planned] = plannedJobsOf(
    planOfDefinitions([definition], { folder: "c0ffee000001", bundle: "bundle.mjs" }),
  );
  const wanted = bitmapOf(120);
  for (let unit = 0; unit < 120; unit++) setBit(wanted, unit);
  const told: number[] = [];
  const listener = (event: RunEvent): void => void (event.type === "progress" && told.push(event.done));
  return { progress: new JobProgress(planned!, wanted, bitmapOf(120)), listener, told };
}
const burst = ({ progress, listener }: ReturnType<typeof heard>): void => {
  for (const unit of [0, 1, 2]) {
    progress.count([unit], []);
    progress.tell(listener);
  }
};

test("the last count of a burst is told though nothing follows it", async () => {
  const run = heard();
  burst(run);
  assert.equal(run.told, [1]);
  for (let waited = 0; run.told.length < 2 && waited < 500; waited += 1) await pause(10);
  assert.equal(run.told, [1, 3]);
});

test("a run that ends tells what waited, once", async () => {
  const run = heard();
  burst(run);
  run.progress.close(run.listener);
  run.progress.close(run.listener);
  assert.equal(run.told, [1, 3]);
  await pause(150);
  assert.equal(run.told, [1, 3], "its timer is gone");
});

test.run();
