// Farms for the contracts: a real Redis, a pool for each executor, and real workers as processes, as many as hosts are asked for.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bullmq } from "../bullmq/bullmq.ts";
import type { Executor } from "../protocol/executor.ts";

const lab = fileURLToPath(new URL("../../../dist/runtime/cli/lab.js", import.meta.url));
let pools = 0;

/** A farm of its own at this server. */
export function farmOf(redis: string): Executor {
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
