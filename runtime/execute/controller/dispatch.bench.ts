// How many trivial trials a second, durable in the ledger, from 10^4 to 10^7; peak memory of controller and host; how long a resumed
// run takes to see that all is done. In the same run: Python's multiprocessing.Pool as a peer, and bare piscina as a floor.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { openStore } from "../../store/project-store.ts";
import { localExecutor } from "../host/local-host.ts";
import type { Executor } from "../protocol/executor.ts";
import * as sizes from "../testing/dispatch-experiment.ts";
import { type DispatchFigures, dispatchRun } from "../testing/dispatch-run.ts";
import { mapMessages } from "../testing/watched-executor.ts";

const threads = 2;

interface Figures extends DispatchFigures {
  readonly controllerMb: number;
  readonly hostMb: number;
  readonly resumeSeconds: number;
}

/** Runs one size in this process. */
async function measure(size: keyof typeof sizes): Promise<Figures> {
  let hostMb = 0;
  let controllerMb = 0;
  let resumeSeconds = 0;
  const figures = await dispatchRun({
    size,
    executor: watchMemory((mb) => {
      hostMb = Math.max(hostMb, mb);
    }),
    demand: { hosts: 1, threads },
    async look(root, plan) {
      controllerMb = Math.round(process.resourceUsage().maxRSS / 1024);
      const again = performance.now();
      await openStore(root).recordsOf(plan, plan.jobs[0]!);
      resumeSeconds = (performance.now() - again) / 1000;
    },
  });
  return { ...figures, hostMb, controllerMb, resumeSeconds };
}

function watchMemory(see: (mb: number) => void): Executor {
  const executor = localExecutor();
  const patience = { ...executor.patience, heartbeatMs: 50, silentMs: 60_000 };
  return mapMessages({ ...executor, patience }, (message) => {
    if (message.type === "heartbeat") see(message.memoryMb);
    return [message];
  });
}

/** The floor: piscina, a thousand jobs a task, a transferred Float64Array back, nothing kept. */
async function piscinaPerSecond(trials: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "labwright-floor-"));
  const filename = join(folder, "floor.mjs");
  writeFileSync(
    filename,
    `import { move } from ${JSON.stringify(import.meta.resolve("piscina"))};
    export default ({ start, count }) => {
      const out = new Float64Array(count * 3);
      for (let i = 0; i < count; i++) {
        let x = start + i, sum = 0, max = 0;
        for (let step = 0; step < 100; step++) { x = (Math.imul(x, 1664525) + 1013904223) >>> 0; sum += x; if (x > max) max = x; }
        out[3 * i] = x; out[3 * i + 1] = sum; out[3 * i + 2] = max;
      }
      return move(out);
    };`,
  );
  const pool = new Piscina({
    filename,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 2,
  });
  const drive = async (count: number): Promise<number> => {
    const started = performance.now();
    const waiting = new Set<Promise<unknown>>();
    for (let start = 0; start < count; start += 1000) {
      const task = pool.run({ start, count: 1000 }).finally(() => waiting.delete(task));
      waiting.add(task);
      if (waiting.size >= 16) await Promise.race(waiting);
    }
    await Promise.all(waiting);
    return (count * 1000) / (performance.now() - started);
  };
  await drive(trials / 10);
  const perSecond = await drive(trials);
  await pool.destroy();
  rmSync(folder, { recursive: true });
  return perSecond;
}

/** The peer: multiprocessing.Pool, chunks of a thousand, nothing kept; null where python3 is missing. */
function pythonPerSecond(trials: number): number | null {
  const program = `
import time
from multiprocessing import Pool
def job(start):
    x = start; total = 0; most = 0
    for _ in range(100):
        x = (x * 1664525 + 1013904223) & 0xffffffff
        total += x
        if x > most: most = x
    return (x, total, most)
if __name__ == "__main__":
    with Pool(${threads}) as pool:
        pool.map(job, range(1000), chunksize=100)
        started = time.time()
        for _ in pool.imap(job, range(${trials}), chunksize=1000): pass
        print(${trials} / (time.time() - started))
`;
  const { status, stdout } = spawnSync("python3", ["-c", program], { encoding: "utf8" });
  return status === 0 ? Number(stdout) : null;
}

const only = process.argv[2];
if (only !== undefined && only in sizes) {
  // `only` was just seen to be a key.
  process.stdout.write(`${JSON.stringify(await measure(only as keyof typeof sizes))}\n`);
} else {
  const floor = await piscinaPerSecond(1e6);
  const peer = pythonPerSecond(1e5);
  const rows: Figures[] = [];
  for (const name of ["dispatch4", "dispatch5", "dispatch6", "dispatch7"]) {
    // A process of its own for each size: peak memory is the process's.
    const script = fileURLToPath(import.meta.url);
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", script, name], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    rows.push(JSON.parse(stdout) as Figures);
  }
  console.log(`${threads} threads; trials of 100 steps, three metrics, every record durable`);
  console.log("    trials       seconds   trials/s   steady/s  start-up s  controller MB  host MB  resume s");
  for (const row of rows) {
    const cells = [
      row.trials.toLocaleString("en").padStart(10),
      row.seconds.toFixed(2).padStart(13),
      Math.round(row.trials / row.seconds)
        .toLocaleString("en")
        .padStart(10),
      Math.round(row.steadyPerSecond).toLocaleString("en").padStart(10),
      row.startupSeconds.toFixed(2).padStart(11),
      String(row.controllerMb).padStart(14),
      String(row.hostMb).padStart(8),
      row.resumeSeconds.toFixed(3).padStart(9),
    ];
    console.log(cells.join(" "));
  }
  const million = rows[2]!;
  const perSecond = million.trials / million.seconds;
  console.log(
    `floor, bare piscina: ${Math.round(floor).toLocaleString("en")}/s; labwright is ${(perSecond / floor).toFixed(2)} of it at 10^6 (${(million.steadyPerSecond / floor).toFixed(2)} once started)`,
  );
  if (peer !== null)
    console.log(
      `peer, Python multiprocessing.Pool: ${Math.round(peer).toLocaleString("en")}/s; labwright is ${(perSecond / peer).toFixed(1)} times it`,
    );
  const out = process.env.BENCH_OUT;
  if (out !== undefined) writeFileSync(out, `${JSON.stringify({ threads, floor, peer, rows }, null, 2)}\n`);
}
