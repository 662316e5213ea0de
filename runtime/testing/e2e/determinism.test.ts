// Promise: the same build and seed give the same results whatever the number of workers.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";
import { relay, spin, walk } from "./sample-experiments.ts";

function exportsWith(workers: number): string {
  const project = projectOf({
    "walk.experiment.ts": walk,
    "relay.experiment.ts": relay.replace("replicate(6", "replicate(2"),
    "spin.ts": spin,
  });
  try {
    const run = project.lab("run", "-j", String(workers), "--quiet");
    assert.is(run.code, 0, run.all);
    const columns = "experiment, condition, replicate, outcome";
    const trials = project.lab(
      "query",
      "--format",
      "csv",
      `select ${columns}, distance, turned, total, course from trials order by all`,
    );
    assert.is(trials.code, 0, trials.all);
    const path = project.lab("export", "csv", "walk", "--series", "path");
    assert.is(path.code, 0, path.all);
    return trials.stdout + path.stdout.split("\n").sort().join("\n");
  } finally {
    project.remove();
  }
}

test("one, two and four workers give the same bytes", () => {
  const one = exportsWith(1);
  assert.ok(one.split("\n").length > 500, "trials and series rows are compared");
  assert.is(exportsWith(2), one);
  assert.is(exportsWith(4), one);
});

test.run();
