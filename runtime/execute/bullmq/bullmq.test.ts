// The engine bullmq keeps the contracts of executors, hosts and effects over a real Redis and real workers.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import { hasRedis, type RedisServer, startRedis } from "../../testing/services/redis.ts";
import type { Executor } from "../protocol/executor.ts";
import { effectsContract } from "../testing/effects-contract.ts";
import { executorContract } from "../testing/executor-contract.ts";
import { hostsContract } from "../testing/hosts-contract.ts";
import { bullmq } from "./bullmq.ts";

const lab = fileURLToPath(new URL("../../../dist/runtime/cli/lab.js", import.meta.url));
let server: RedisServer | null = null;
let pools = 0;

/** A farm of its own for each executor, with as many workers as hosts are asked for. */
function executorOf(): Executor {
  const redis = server?.url ?? "";
  pools += 1;
  const pool = `pool-${pools}`;
  const inner = bullmq({ redis, pool }).executor({ threads: null });
  return {
    ...inner,
    open(demand, door) {
      const workers = Array.from({ length: demand.hosts }, () =>
        startWorker({ redis, pool, threads: demand.threads, folder: machineWith(demand.code) }),
      );
      const supply = inner.open(demand, door);
      return {
        close() {
          supply.close();
          for (const worker of workers) worker.kill("SIGTERM");
        },
      };
    },
  };
}

function startWorker(of: {
  readonly redis: string;
  readonly pool: string;
  readonly threads: number;
  readonly folder: string;
}): ChildProcess {
  const options = ["--redis", of.redis, "--pool", of.pool, "-j", `${of.threads}`, "--folder", of.folder];
  return spawn(process.execPath, [lab, "worker", ...options], { stdio: "ignore" });
}

/** A project on the machine that has the code of this folder, and puts there what it is sent. */
function machineWith(code: string): string {
  const folder = mkdtempSync(join(tmpdir(), "labwright-machine-"));
  mkdirSync(join(folder, ".lab/hosts"), { recursive: true });
  mkdirSync(code, { recursive: true });
  symlinkSync(code, join(folder, ".lab/hosts/builds"));
  return folder;
}

if (hasRedis()) {
  test.before(async () => {
    server = await startRedis();
  });
  test.after(async () => server?.stop());
  executorContract("bullmq", { executorOf, threads: [1, 2] });
  hostsContract("bullmq", { executorOf });
  effectsContract("bullmq", { executorOf });
} else test("bullmq", () => console.log("skipped: needs redis-server"));

test.run();
