// How many workers a run will have is what its engine has, not the cores of the machine that starts it; where that is not known, nothing is said.
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { slurm } from "../slurm/slurm.ts";
import { ssh } from "../ssh/ssh.ts";
import { sshExecutor } from "../ssh/ssh-executor.ts";
import type { Engine } from "./engine.ts";
import { threads } from "./threads.ts";

const threadsOf = (engine: Engine, jobs: number | null, trials = 1000): Promise<number | null> =>
  engine.threads({ threads: jobs }, trials);

test("threads of this machine, of named machines, of elements", async () => {
  assert.is(await threadsOf(threads(), null), availableParallelism());
  assert.is(await threadsOf(threads(), 3), 3);
  assert.is(await threadsOf(ssh({ hosts: ["a:8", { host: "b", threads: 4 }] }), 3), 12);
  assert.is(await threadsOf(ssh({ hosts: ["a:8", "b"] }), 3), 11);
  assert.is(
    await threadsOf(ssh({ hosts: ["a:8", "b"] }), null),
    null,
    "b has not said how many cores it has",
  );
  assert.is(await threadsOf(slurm({ elements: 4, threads: 2, arrayChunk: 100 }), null), 8);
  assert.is(await threadsOf(slurm({ elements: 4, threads: 2, arrayChunk: 100 }), null, 120), 4);
  assert.is(await threadsOf(slurm({ arrayChunk: 100 }), 3, 1), 3);
});

test("machines of ssh come with every part of a run, not with its first alone", async () => {
  const started: string[] = [];
  const machines = ["a", "b"].map((host) => ({ host, threads: 1, folder: null, lab: null, labels: {} }));
  const executor = sshExecutor(machines, ({ host }) => {
    started.push(host);
    return spawn("true", { stdio: ["pipe", "pipe", "pipe"] });
  });
  const demand = { hosts: 1, threads: 1, memoryMb: null, code: "/", session: "r1/1", labels: [[]] };
  for (const times of [1, 2]) {
    const supply = executor.open(demand, {
      onHost: () => ({ onMessage: () => undefined, onExit: () => undefined }),
      onMissing: () => undefined,
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    supply.close();
    assert.equal([...new Set(started)].sort(), ["a", "b"]);
    assert.ok(started.length >= 2 * times, `${started} after part ${times}`);
    if (times === 1) started.length = 2;
  }
});

test.run();
