// Promise: trials that wait for answers, however many and however long, keep nobody from computing, and cost little each.
import { spawn } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, projectOf } from "./project.ts";

const talks = (name: string): string => `import { defineExperiment, metric, replicate } from "labwright";
export default defineExperiment({
  name: "${name}",
  parameters: { rounds: 2 },
  replicates: replicate(300, { seed: 1 }),
  metrics: { answers: metric.integer() },
  async trial({ parameters: { rounds }, replicate: { index }, effect }) {
    let answers = 0;
    for (let round = 0; round < rounds; round++) answers += await effect<number>("round-" + round, { index }, { kind: "held" });
    return { answers };
  },
});
`;

const work = `import { defineExperiment, metric, replicate } from "labwright";
export default defineExperiment({
  name: "work",
  parameters: { steps: 100_000 },
  replicates: replicate(200, { seed: 1 }),
  metrics: { sum: metric.number() },
  trial({ parameters: { steps }, random }) {
    let sum = 0;
    for (let step = 0; step < steps; step++) sum += random.float();
    return { sum };
  },
});
`;

/** Answers nobody until the computing experiment is complete and 300 calls wait: were either kept from it, the program would never end. */
const program = `import { run } from "labwright/run";
let free;
const isFree = new Promise((resolve) => { free = resolve; });
let held = 0;
let isWorked = false;
const look = () => { if (isWorked && held >= 300) free(); };
const outcome = await run({
  threads: Number(process.argv[2]),
  performers: {
    async held() {
      held += 1;
      look();
      await isFree;
      return { response: 1 };
    },
  },
  listener: (event) => {
    if (event.type === "job-finished" && event.experiment === "work") { isWorked = true; look(); }
  },
});
console.log(JSON.stringify({ status: outcome.status, done: outcome.done, unmeasured: outcome.unmeasured }));
`;

test("an experiment that computes is done while hundreds of trials of others, planned before it, wait for answers", async () => {
  for (const threads of [1, 2]) {
    const project = projectOf({
      "a-talk.experiment.ts": talks("a-talk"),
      "b-talk.experiment.ts": talks("b-talk"),
      "work.experiment.ts": work,
      "main.mjs": program,
    });
    try {
      const child = spawn(process.execPath, ["main.mjs", String(threads)], {
        cwd: project.root,
        stdio: ["ignore", "pipe", "pipe"],
        timeout: 60_000,
      });
      const { code, stdout, all } = await ended(child);
      assert.is(code, 0, `with ${threads} threads: ${all}`);
      const told = JSON.parse(stdout);
      assert.equal([told.status, told.done, told.unmeasured], ["complete", 800, 0], all);
    } finally {
      project.remove();
    }
  }
});

test.run();
