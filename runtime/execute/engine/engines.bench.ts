// Trivial trials a second on each engine, every record durable, beside the threads of this machine in the same run; how long a lease takes there
// and back; how soon a run on a farm goes on after a worker was killed. Skips what this machine has no server for.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasRedis, startRedis } from "../../testing/services/redis.ts";
import { hasSshd, startSshd } from "../../testing/services/sshd.ts";
import { bullmq } from "../bullmq/bullmq.ts";
import { connectorOf } from "../bullmq/redis-address.ts";
import type { Executor } from "../protocol/executor.ts";
import { ssh } from "../ssh/ssh.ts";
import { dispatchRun } from "../testing/dispatch-run.ts";
import { throughDoor } from "../testing/watched-executor.ts";
import { threads } from "./threads.ts";

const lab = join(process.env.BENCH_ROOT ?? ".", "dist/runtime/cli/lab.js");
const setting = { threads: null };
const repeats = 3;

interface Row {
  readonly engine: string;
  readonly workers: number;
  readonly perSecond: number;
  readonly startupSeconds: number;
  /** Median and 95th percentile from a lease's sending to its end, in a run of ten thousand trials, in ms. */
  readonly leaseMs: number;
  readonly leaseMs95: number;
}

/** The same executor, with the times of its leases. */
function timed(executor: Executor, times: number[]): Executor {
  const sent = new Map<number, number>();
  return throughDoor(executor, (door) => ({
    ...door,
    onHost(host) {
      const { send } = host;
      host.send = (message) => {
        if (message.type === "lease") sent.set(message.lease, performance.now());
        send.call(host, message);
      };
      const listener = door.onHost(host);
      return {
        ...listener,
        onMessage(message) {
          const at = message.type === "lease-ended" ? sent.get(message.lease) : undefined;
          if (at !== undefined) times.push(performance.now() - at);
          listener.onMessage(message);
        },
        onExit: (exit) => listener.onExit(exit),
      };
    },
  }));
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** The best of several runs of a million trials, and the leases of a small one. */
async function measured(
  engine: string,
  workers: number,
  executorOf: () => Executor,
  demand: { readonly hosts: number; readonly threads: number },
): Promise<Row> {
  const runs = [];
  for (let i = 0; i < repeats; i++)
    runs.push(await dispatchRun({ size: "dispatch6", executor: executorOf(), demand }));
  const times: number[] = [];
  await dispatchRun({ size: "dispatch4", executor: timed(executorOf(), times), demand });
  process.stderr.write(`${engine} with ${workers}: measured\n`);
  const best = runs.reduce((a, b) => (a.steadyPerSecond > b.steadyPerSecond ? a : b));
  return {
    engine,
    workers,
    perSecond: best.steadyPerSecond,
    startupSeconds: quantile(
      runs.map(({ startupSeconds }) => startupSeconds),
      0.5,
    ),
    leaseMs: quantile(times, 0.5),
    leaseMs95: quantile(times, 0.95),
  };
}

/** Processor time in microseconds: of this process, which is the coordinator, and of a Redis server. */
interface ServiceTimes {
  readonly coordinatorPerLease: number;
  readonly coordinatorPerTrial: number;
  readonly redisPerLease: number;
}

/** Upper bounds: of leases with one trial, and of leases with thousands, whose whole time is counted as their trials'. */
async function serviceTimes(redis: string): Promise<ServiceTimes> {
  const client = (await connectorOf({ url: redis, pool: "lab" }))();
  const redisUs = async (): Promise<number> => {
    const text = await client.info("cpu");
    const seconds = ["used_cpu_user", "used_cpu_sys"].map((name) =>
      Number(new RegExp(`${name}:([\\d.]+)`).exec(text)?.[1] ?? 0),
    );
    return 1e6 * seconds.reduce((sum, each) => sum + each, 0);
  };
  const of = async (size: "dispatch6" | "dispatchLong") => {
    const times: number[] = [];
    const begun = { us: process.cpuUsage(), leases: 0 };
    const redisBefore = await redisUs();
    const { trials } = await dispatchRun({
      size,
      executor: timed(bullmq({ redis }).executor(setting), times),
      demand: { hosts: 2, threads: 1 },
      during() {
        begun.us = process.cpuUsage();
        begun.leases = times.length;
      },
    });
    const { user, system } = process.cpuUsage(begun.us);
    const leases = times.length - begun.leases;
    return { leases, trials, us: user + system, redisUs: (await redisUs()) - redisBefore };
  };
  const [single, many] = [await of("dispatchLong"), await of("dispatch6")];
  client.disconnect();
  const coordinatorPerLease = single.us / single.leases;
  return {
    coordinatorPerLease,
    coordinatorPerTrial: many.us / many.trials,
    redisPerLease: single.redisUs / single.leases,
  };
}

function startWorker(redis: string, name: string): ChildProcess {
  const folder = mkdtempSync(join(tmpdir(), "labwright-bench-"));
  mkdirSync(join(folder, ".lab"));
  const options = ["--redis", redis, "-j", "1", "--name", name, "--folder", folder];
  return spawn(process.execPath, [lab, "worker", ...options], { stdio: ["ignore", "ignore", "pipe"] });
}

function saidReady(worker: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    worker.stderr?.on("data", (bytes: Buffer) => {
      text += bytes.toString();
      if (text.includes("for runs of pool")) resolve();
    });
    worker.once("exit", () => reject(new Error(`the worker ended: ${text}`)));
  });
}

/** Seconds from the death of one of two workers until what it ran has been recorded by the other. */
async function recoverySeconds(redis: string): Promise<number> {
  const pair = ["left", "right"].map((name) => startWorker(redis, name));
  await Promise.all(pair.map((worker) => saidReady(worker)));
  let killedAt = 0;
  let lostAt = 0;
  const executor = throughDoor(bullmq({ redis }).executor(setting), (door) => ({
    ...door,
    onHost(host) {
      const listener = door.onHost(host);
      return {
        ...listener,
        onMessage: (message) => listener.onMessage(message),
        onExit(exit) {
          if (killedAt > 0 && lostAt === 0) lostAt = performance.now();
          listener.onExit(exit);
        },
      };
    },
  }));
  await dispatchRun({
    size: "dispatch6",
    executor,
    demand: { hosts: 2, threads: 1 },
    during: () => {
      killedAt = performance.now();
      pair[1]?.kill("SIGKILL");
    },
  });
  for (const worker of pair) worker.kill("SIGKILL");
  return (lostAt - killedAt) / 1000;
}

const rows: Row[] = [];
for (const workers of [1, 2])
  rows.push(
    await measured("threads", workers, () => threads().executor(setting), { hosts: 1, threads: workers }),
  );
if (hasSshd()) {
  const server = await startSshd(["machine-1", "machine-2"]);
  const { options } = server;
  for (const workers of [1, 2]) {
    const hosts = ["machine-1", "machine-2"].slice(0, workers).map((host) => ({ host, threads: 1, lab }));
    const executorOf = (): Executor => ssh({ hosts, options }).executor(setting);
    rows.push(await measured("ssh", workers, executorOf, { hosts: workers, threads: 1 }));
  }
  server.stop();
}
let recovery: number | null = null;
let service: ServiceTimes | null = null;
if (hasRedis()) {
  const server = await startRedis();
  const farm: ChildProcess[] = [];
  for (const workers of [1, 2]) {
    const worker = startWorker(server.url, `worker-${workers}`);
    await saidReady(worker);
    farm.push(worker);
    const executorOf = (): Executor => bullmq({ redis: server.url }).executor(setting);
    rows.push(await measured("bullmq", workers, executorOf, { hosts: workers, threads: 1 }));
  }
  service = await serviceTimes(server.url);
  for (const worker of farm) worker.kill("SIGKILL");
  recovery = await recoverySeconds(server.url);
  await server.stop();
}
console.log(
  `a million trials of 100 steps, three metrics, every record durable; the best of ${repeats} runs each`,
);
console.log("engine    workers   trials/s  of threads  start-up s  lease ms  95 % ms");
for (const row of rows) {
  const peer = rows.find(({ engine, workers }) => engine === "threads" && workers === row.workers)!;
  console.log(
    [
      row.engine.padEnd(9),
      String(row.workers).padStart(7),
      Math.round(row.perSecond).toLocaleString("en").padStart(10),
      (row.perSecond / peer.perSecond).toFixed(2).padStart(11),
      row.startupSeconds.toFixed(2).padStart(11),
      row.leaseMs.toFixed(1).padStart(9),
      row.leaseMs95.toFixed(1).padStart(8),
    ].join(" "),
  );
}
if (recovery !== null)
  console.log(`bullmq: ${recovery.toFixed(1)} s from the kill of a worker until its leases run elsewhere`);
if (service !== null)
  console.log(
    `bullmq, processor time: the coordinator ${service.coordinatorPerLease.toFixed(0)} us a lease and ${service.coordinatorPerTrial.toFixed(2)} us a trial, Redis ${service.redisPerLease.toFixed(0)} us a lease`,
  );
const out = process.env.BENCH_OUT;
if (out !== undefined) writeFileSync(out, `${JSON.stringify({ rows, service, recovery }, null, 2)}\n`);
process.exit(0);
