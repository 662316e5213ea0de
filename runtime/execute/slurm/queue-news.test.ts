// Whoever follows a run on Slurm hears once why elements wait, and that Slurm is away and back; what passes soon is not told.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { QueueNews } from "./queue-news.ts";
import type { ListedElement } from "./slurm-commands.ts";

function newsOf() {
  const told: string[] = [];
  let now = 0;
  const news = new QueueNews(
    (text) => told.push(text),
    () => now,
  );
  const elements = (reasons: readonly string[]): readonly ListedElement[] =>
    reasons.map((reason, task) => ({ array: "7", task, isOnNode: reason === "None", reason }));
  return {
    told,
    after(ms: number, ...reasons: string[]) {
      now += ms;
      news.heard(elements(reasons));
    },
    fail: () => news.heard("slurm_load_jobs error: Unable to contact slurm controller"),
  };
}

test("elements that wait are told once for each reason, after ten seconds", () => {
  const { told, after } = newsOf();
  after(0, "None", "Priority", "Resources");
  after(9000, "None", "Priority", "Resources");
  assert.equal(told, []);
  after(2000, "None", "Priority", "Resources");
  after(60_000, "None", "Priority", "Resources");
  assert.equal(told, ["2 of 3 elements wait in Slurm's queue (Priority, Resources)"]);
  after(1000, "None", "None", "None");
  after(1000, "JobHeldUser");
  after(20_000, "JobHeldUser");
  assert.equal(told.slice(1), ["the element waits in Slurm's queue (JobHeldUser)"]);
});

test("one question without an answer is an accident; Slurm is away after two, and back once it answers", () => {
  const { told, after, fail } = newsOf();
  fail();
  after(1000);
  assert.equal(told, []);
  fail();
  fail();
  fail();
  after(1000);
  assert.equal(told, [
    "Slurm does not answer: slurm_load_jobs error: Unable to contact slurm controller. Elements go on; none is submitted meanwhile",
    "Slurm answers again",
  ]);
});

test.run();
