// Promise: a program can do what the command line does, through the package's own doors.
import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";
import { walk } from "./sample-experiments.ts";

const program = `import { runExperiments } from "labwright/run";
import { openResults } from "labwright/results";
import { welch } from "labwright/stats";

const events = [];
const first = await runExperiments({ filter: { bias: [0] }, threads: 2, listener: (event) => events.push(event.type) });
const whole = await runExperiments({ experiments: ["walk"] });
const again = await runExperiments({});
const results = await openResults(".", whole.run);
const distances = (bias) => [...results.experiment("walk").rows({ measured: true })].filter((row) => row.parameters.bias === bias).map((row) => row.metrics.distance);
const { estimate } = welch({ x: distances(0.2), y: distances(0) });
const rows = await results.query("select count(*) as n from trials");
let wrong = null;
try {
  await runExperiments({ experiments: ["wlak"] });
} catch (error) {
  wrong = error.message;
}
console.log(JSON.stringify({ events: [...new Set(events)], first: first.done, whole: whole.done, again: again.done, reused: again.reused, estimate: estimate.value, n: Number(rows[0].n), wrong }));
`;

test("runExperiments, openResults and the statistics from a program", () => {
  const project = projectOf({ "walk.experiment.ts": walk, "main.mjs": program });
  try {
    const { stdout, stderr, status } = spawnSync(process.execPath, ["main.mjs"], {
      cwd: project.root,
      encoding: "utf8",
    });
    assert.is(status, 0, stderr);
    const told = JSON.parse(stdout);
    assert.equal([told.first, told.whole, told.again, told.reused, told.n], [10, 10, 0, 20, 20]);
    assert.ok(told.events.includes("run-started") && told.events.includes("run-finished"));
    assert.match(told.wrong, /no experiment "wlak"/);
    const rows = JSON.parse(project.lab("export", "json", "walk").stdout) as {
      bias: number;
      distance: number;
    }[];
    const mean = (bias: number): number =>
      rows.filter((row) => row.bias === bias).reduce((sum, row) => sum + row.distance, 0) / 10;
    assert.ok(Math.abs(told.estimate - (mean(0.2) - mean(0))) < 1e-12);
  } finally {
    project.remove();
  }
});

test("the types of every door of the package hold in a user's project", () => {
  const project = projectOf({
    "walk.experiment.ts": walk,
    "use.ts": `import { runExperiments, type RunOutcome } from "labwright/run";
import { openResults } from "labwright/results";
import { describe } from "labwright/stats";
import { logitMarket } from "labwright/environments/pricing";
import { qLearning } from "labwright/agents/q-learning";
import { memoryStore } from "labwright/testing/memory-store";

export const outcome: Promise<RunOutcome> = runExperiments();
export const mean: number = describe([1, 2, 3]).mean;
export const market = logitMarket({ firms: 2 });
export const doors = [openResults, qLearning, memoryStore];
// @ts-expect-error threads is a number
void runExperiments({ threads: "two" });
`,
  });
  try {
    const compiler = project.path("node_modules/labwright/node_modules/ts7/bin/tsc");
    const { stdout, status } = spawnSync(process.execPath, [compiler, "--noEmit", "-p", project.root], {
      encoding: "utf8",
    });
    assert.is(status, 0, stdout);
  } finally {
    project.remove();
  }
});

test.run();
