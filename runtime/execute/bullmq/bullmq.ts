// The engine of any number of machines that reach one Redis: workers offer themselves there, runs claim them, and no disk is shared.
import { type Checked, failed, ok, warning } from "../../doctor/check.ts";
import type { Engine, LabelNeed } from "../engine/engine.ts";
import { labelChecks } from "../engine/label-checks.ts";
import { unknownOptions } from "../engine/unknown-options.ts";
import { farmExecutor } from "./farm-executor.ts";
import { farmKeys, type WorkerCard } from "./farm-keys.ts";
import { refusalOf, startWords, workersOf } from "./farm-workers.ts";
import {
  addressProblems,
  defaultPool,
  type RedisAddress,
  UnusableRedis,
  withoutSecret,
  withRedis,
} from "./redis-address.ts";

export interface BullmqOptions {
  /**
   * `redis://host:6379`, or `rediss://` with TLS. The password comes from `LAB_REDIS_PASSWORD`, the user from `LAB_REDIS_USER`, where it has none.
   */
  readonly redis: string;
  /** Workers and runs of one pool know each other: "lab" unless told. */
  readonly pool?: string;
}

/**
 * Trials run on the workers that `lab worker --redis ...` has started anywhere; a run takes those that are free, and waits where there are none.
 *
 * @example
 * import { bullmq, defineConfig } from "labwright/config";
 * export default defineConfig({ engine: bullmq({ redis: "rediss://queue.lab.example:6380" }) });
 */
export function bullmq(given: BullmqOptions): Engine {
  const { redis: url, pool = defaultPool } = given;
  const address: RedisAddress = { url, pool };
  return {
    kind: "labwright/engine",
    name: "bullmq",
    hasLabels: true,
    problems: [...unknownOptions(given, ["redis", "pool"]), ...addressProblems(address)],
    check: (_, needs) => checked(address, needs),
    threads: () => freeThreads(address),
    executor: () => farmExecutor(address),
  };
}

async function checked(address: RedisAddress, needs: readonly LabelNeed[]): Promise<readonly Checked[]> {
  const check = `redis ${withoutSecret(address.url)}`;
  const keys = farmKeys(address.pool);
  try {
    const workers = await withRedis(address, (redis) => workersOf(redis, keys), keys.worker("probe"));
    return [ok(check, "answers"), ...checkedWorkers(address, workers, needs)];
  } catch (error) {
    if (!(error instanceof UnusableRedis)) throw error;
    return [failed(check, error.message, error.remedy)];
  }
}

/** Those of workers that a run would have at once; null while there is none. */
async function freeThreads(address: RedisAddress): Promise<number | null> {
  const keys = farmKeys(address.pool);
  try {
    const workers = await withRedis(address, (redis) => workersOf(redis, keys));
    const free = workers.filter((card) => card.state === "free" && refusalOf(card) === null);
    return free.length === 0 ? null : threadsOf(free);
  } catch (error) {
    if (!(error instanceof UnusableRedis)) throw error;
    return null;
  }
}

function checkedWorkers(
  address: RedisAddress,
  workers: readonly WorkerCard[],
  needs: readonly LabelNeed[],
): readonly Checked[] {
  if (workers.length === 0)
    return [warning("workers", "none yet; the run waits for one", startWords(address, []))];
  const refused = workers.flatMap((card) => refusalOf(card) ?? []);
  const usable = workers.filter((card) => refusalOf(card) === null);
  return [
    usable.length === 0
      ? failed("workers", refused[0] ?? "", `None of ${workers.length} can work for this run.`)
      : ok("workers", `${usable.length} with ${threadsOf(usable)} threads`),
    // Where none can work, the first is told above.
    ...refused
      .slice(usable.length === 0 ? 1 : 0)
      .map((words) => warning("workers", words, "It is not used.")),
    ...labelChecks(needs, {
      machines: usable.map(({ labels }) => labels),
      mayCome: true,
      remedyOf: (labels) => startWords(address, labels),
    }),
  ];
}

function threadsOf(workers: readonly WorkerCard[]): number {
  return workers.reduce((sum, { threads }) => sum + threads, 0);
}
