// Promise: `--replicates` runs the replicates named and no other, by the indices that everything else names them with.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";
import { walk } from "./sample-experiments.ts";

const project = projectOf({ "walk.experiment.ts": walk });
test.after(() => project.remove());

test("replicates are chosen by index", () => {
  const { code, all } = project.lab("run", "-q", "--replicates", "0,2-3");
  assert.is(code, 0, all);
  const trials: readonly { readonly replicate: number }[] = JSON.parse(
    project.lab("export", "json", "walk").stdout,
  );
  assert.is(trials.length, 12);
  assert.equal([...new Set(trials.map(({ replicate }) => replicate))], [0, 2, 3]);
});

test("what is no index, is no replicate of the design, or is said twice is refused", () => {
  for (const wrong of [["3-1"], ["9"], ["0", "--filter", "replicate=1"]]) {
    const { code, all } = project.lab("plan", "--replicates", ...wrong);
    assert.is(code, 2, all);
  }
});

test.run();
