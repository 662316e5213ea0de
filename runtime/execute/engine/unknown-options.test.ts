// Promise: an option that an engine does not have is told, with the nearest that it has; all that it has are known.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { bullmq } from "../bullmq/bullmq.ts";
import { slurm } from "../slurm/slurm.ts";
import { ssh } from "../ssh/ssh.ts";
import type { Engine } from "./engine.ts";
import { threads } from "./threads.ts";

/** As a file whose types nobody has checked would call it. */
const made = (engine: (options: never) => Engine, options: object): readonly string[] =>
  engine(options as never).problems.map(({ found, expected }) => `${found}: ${expected}`);

test("an option that an engine does not have is told with the nearest that it has", () => {
  assert.equal(made(slurm, { partiton: "main" }), ['option "partiton": partition']);
  assert.equal(made(threads, { partition: "main" }), ['option "partition": labels']);
  assert.equal(made(bullmq, { redis: "redis://a", hosts: [] }), ['option "hosts": one of redis, pool']);
  assert.equal(made(ssh, { hosts: ["a"], option: [] }), ['option "option": options']);
  assert.equal(made(ssh, { hosts: [{ host: "a", thread: 4 }] }), ['option "thread": threads']);
  assert.match(made(ssh, { hosts: "a" }).join(), /^hosts "a": a list/);
});

test("every option that an engine has is known", () => {
  const labels = ["gpu"];
  const places = { folder: "/a", lab: "/b" };
  const array = {
    account: "a",
    partition: "b",
    time: "1:00",
    mem: "4G",
    arrayChunk: 5,
    elements: 2,
    warnSeconds: 60,
  };
  assert.equal(made(slurm, { ...array, ...places, threads: 2, labels, sbatch: [], setup: [] }), []);
  assert.equal(made(threads, { labels }), []);
  assert.equal(made(bullmq, { redis: "redis://a", pool: "b" }), []);
  assert.equal(made(ssh, { hosts: [{ host: "a", threads: 4, labels, ...places }], options: ["-4"] }), []);
});

test.run();
