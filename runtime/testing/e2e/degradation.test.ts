// Promise: a machine that sleeps, a clock that jumps, a disk and a memory that are full lose nothing and blame no healthy trial.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type MemoryGroup, memoryGroupOf } from "../services/memory-group.ts";
import { ended, type Project, projectOf, resultOf } from "./project.ts";

/** Trials that wait and trials that compute, half a second each; a series of some size. */
const steady = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "steady",
  parameters: { waits: sweep([true, false]) },
  replicates: replicate(4, { seed: 31 }),
  metrics: { value: metric.number() },
  series: { path: z.object({ x: z.number() }) },
  async trial({ parameters, random, record, steps, log }) {
    log("begins");
    const end = await steps({
      total: 40,
      checkpoint: 10,
      initial: () => ({ x: random.float(), seen: new Float64Array(64_000) }),
      step(state, index) {
        for (let turn = 0; turn < 300_000; turn++) state.x = (state.x * 3.9 * (1 - state.x)) % 1;
        state.seen[index] = state.x;
        for (let row = 0; row < 20; row++) record("path", { x: state.x });
        return parameters.waits ? new Promise((resolve) => setTimeout(() => resolve(state), 10)) : undefined;
      },
    });
    return { value: end.x };
  },
});
`;

function resultsOf(project: Project): string {
  const { stdout, code, all } = project.lab("export", "json", "steady");
  assert.is(code, 0, all);
  const rows = project.lab("export", "json", "steady", "--series", "path").stdout;
  return [...(JSON.parse(stdout) as object[]), ...(JSON.parse(rows) as object[])]
    .map((row) => JSON.stringify(resultOf(row)))
    .join("\n");
}

const undisturbed = ((): string => {
  const project = projectOf({ "steady.experiment.ts": steady });
  const run = project.lab("run", "-j", "2", "--quiet");
  assert.is(run.code, 0, run.all);
  const results = resultsOf(project);
  project.remove();
  return results;
})();

test("trials under way when the machine falls asleep for longer than their time-out end as if it had not", async () => {
  const project = projectOf({ "steady.experiment.ts": steady });
  const child = project.start(["run", "-j", "2", "--timeout", "8s", "--json"]);
  const end = ended(child);
  let begun = 0;
  await new Promise<void>((resolve) => {
    child.stdout?.on("data", (bytes) => {
      begun += String(bytes).split('"begins"').length - 1;
      if (begun >= 2) resolve();
    });
  });
  const group = -(child.pid ?? 0);
  process.kill(group, "SIGSTOP");
  const asleepUntil = performance.now() + 9000;
  await new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (performance.now() < asleepUntil) return;
      clearInterval(look);
      resolve();
    }, 50);
  });
  process.kill(group, "SIGCONT");
  const { code, all } = await end;
  assert.is(code, 0, all);
  assert.not.match(all, /time-out|sign of life/);
  assert.is(resultsOf(project), undisturbed);
  project.remove();
});

/** Wall clocks of every process and thread go an hour forward or back every tenth of a second. */
const jumping = `const now = Date.now;
Date.now = () => now() + [0, 3600000, -3600000][Math.floor(performance.now() / 100) % 3];
`;

test("a wall clock that jumps by hours ends no trial and changes no result", async () => {
  const project = projectOf({ "steady.experiment.ts": steady, "jumping.mjs": jumping });
  const environment = { NODE_OPTIONS: `--import=${project.path("jumping.mjs")}` };
  const { code, all, stdout } = await ended(
    project.start(["run", "-j", "2", "--timeout", "20s", "--json"], environment),
  );
  assert.is(code, 0, all);
  assert.not.match(all, /time-out|sign of life/);
  const last = stdout.trim().split("\n").at(-1) ?? "{}";
  const { durationMs } = JSON.parse(last) as { readonly durationMs: number };
  assert.ok(durationMs > 0 && durationMs < 600_000, last);
  assert.is(resultsOf(project), undisturbed);
  project.remove();
});

const lab = fileURLToPath(new URL("../../../dist/runtime/cli/lab.js", import.meta.url));

/** Runs `lab` in a shell that has confined itself so. */
function confined(project: Project, confine: string, ...args: string[]): ReturnType<typeof ended> {
  const words = [process.execPath, lab, ...args].map((word) => `'${word}'`).join(" ");
  return ended(
    spawn("bash", ["-c", `${confine}; exec ${words}`], {
      cwd: project.root,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", CI: "" },
    }),
  );
}

/** Where no file may grow beyond so many kilobytes, as on a disk that is full. */
function cramped(project: Project, kilobytes: number, ...args: string[]): ReturnType<typeof ended> {
  return confined(project, `trap '' XFSZ; ulimit -f ${kilobytes}`, ...args);
}

test("a disk without room for saved states is told in the log, and the trials end all the same", async () => {
  const project = projectOf({ "steady.experiment.ts": steady });
  assert.is(project.lab("build").code, 0);
  const { code, all, stdout } = await cramped(project, 400, "run", "-j", "2", "--json");
  assert.is(code, 0, all);
  assert.match(stdout, /the state after step 10 could not be saved: /);
  assert.is(resultsOf(project), undisturbed);
  project.remove();
});

test("a disk without room for records ends the run in words; what was recorded is kept, and the next run goes on", async () => {
  const project = projectOf({ "steady.experiment.ts": steady });
  assert.is(project.lab("build").code, 0);
  const full = await cramped(project, 16, "run", "-j", "2");
  assert.is.not(full.code, 0, full.all);
  assert.match(full.all, /stopped|EFBIG|room|large/i);
  const last = project.lab("run", "-j", "2");
  assert.is(last.code, 0, last.all);
  assert.is(resultsOf(project), undisturbed);
  project.remove();
});

/** Ten trials that take little, among them one that takes all the memory there is. */
const hungry = `import { setTimeout as pause } from "node:timers/promises";
import { defineExperiment, metric, sweep } from "labwright";

export default defineExperiment({
  name: "hungry",
  parameters: { place: sweep([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) },
  metrics: { value: metric.number() },
  async trial({ parameters, random }) {
    const eaten = [];
    while (parameters.place === 4) {
      eaten.push(Buffer.alloc(10_000_000, eaten.length));
      await pause(1);
    }
    return { value: random.float() };
  },
});
`;

async function outgrowsTheMachine(group: MemoryGroup): Promise<void> {
  const project = projectOf({ "hungry.experiment.ts": hungry });
  const undisturbed = project.lab("run", "--filter", "place=1,2,3,5,6,7,8,9,10", "--json");
  assert.is(undisturbed.code, 0, undisturbed.all);
  const valuesOf = (): string =>
    project.lab("query", "--format", "csv", "select place, value from trials where place <> 4 order by place")
      .stdout;
  const values = valuesOf();
  const { code, all } = await confined(
    project,
    `echo $$ > ${group.membersFile}`,
    "run",
    "-j",
    "2",
    "--force",
  );
  group.remove();
  assert.is(code, 3, all);
  const failed = project.lab(
    "query",
    "--format",
    "json",
    "select place, reason, message from trials where outcome = 'failed'",
  );
  assert.equal(JSON.parse(failed.stdout), [
    {
      place: 4,
      reason: "memory",
      message: "took its host down: it was killed by the kernel for lack of memory",
    },
  ]);
  assert.is(valuesOf(), values);
  project.remove();
}

// A right of the machine, no package: where it is not given, that a host was killed for want of memory is tried in limits.test.ts alone.
const group = memoryGroupOf(700);
test("a trial that takes all the memory of the machine is killed by the kernel and told so; no other is lost", () =>
  group === null
    ? console.log("left out: no control group of memory may be made on this machine")
    : outgrowsTheMachine(group));

test.run();
