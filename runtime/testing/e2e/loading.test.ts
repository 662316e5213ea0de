// Promise: an author's module runs in a process of its own, and nothing of it is left behind: not when it hangs and `lab` is killed, not
// what it started.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, projectOf } from "./project.ts";

/** A module that starts a program, says who both are, and then does `then`. */
const module = (then: string): string => `import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { defineExperiment, metric } from "labwright";
const child = spawn("sleep", ["300"], { stdio: "ignore" });
writeFileSync(process.cwd() + "/pids", process.pid + " " + child.pid);
${then}
export default defineExperiment({
  name: "left",
  parameters: { scale: 1 },
  metrics: { score: metric.number() },
  trial: ({ parameters }) => ({ score: parameters.scale }),
});
`;

/** Polls, as a process that was killed is gone a moment later. */
async function until(holds: () => boolean, what: string): Promise<void> {
  const started = Date.now();
  while (!holds()) {
    assert.ok(Date.now() - started < 30_000, what);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function lives(pid: number): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", `${pid}`], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.startsWith("Z");
}

test("a module that spins ends with the lab that is killed, and so does what it started", async () => {
  const project = projectOf({ "left.experiment.ts": module("for (;;) {}") });
  try {
    const lab = project.start(["build"]);
    await until(() => existsSync(project.path("pids")), "the module was loaded");
    const pids = project.read("pids").split(" ").map(Number);
    assert.equal(pids.map(lives), [true, true]);
    lab.kill("SIGKILL");
    await ended(lab);
    await until(() => !pids.some(lives), "both are gone");
  } finally {
    project.remove();
  }
});

test("what a sound module started is gone when the build is", async () => {
  const project = projectOf({ "left.experiment.ts": module("") });
  try {
    const built = project.lab("build");
    assert.is(built.code, 0, built.all);
    const pids = project.read("pids").split(" ").map(Number);
    await until(() => !pids.some(lives), "both are gone");
  } finally {
    project.remove();
  }
});

test.run();
