// The engine of any number of machines that reach one Redis: workers offer themselves there, runs claim them, and no disk is shared.
import { type Checked, failed, ok, warning } from "../../doctor/check.ts";
import type { Engine, LabelNeed } from "../engine/engine.ts";
import { labelChecks } from "../engine/label-checks.ts";
import { unknownOptions } from "../engine/unknown-options.ts";
import { farmExecutor } from "./farm-executor.ts";
import { farmKeys } from "./farm-keys.ts";
import { refusalOf, startWords, workersOf } from "./farm-workers.ts";
import {
  addressProblems,
  connectorOf,
  defaultPool,
  type RedisAddress,
  reached,
  withoutSecret,
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
    executor: () => farmExecutor(address),
  };
}

async function checked(address: RedisAddress, needs: readonly LabelNeed[]): Promise<readonly Checked[]> {
  const redis = (await connectorOf(address))();
  const at = withoutSecret(address.url);
  try {
    const keys = farmKeys(address.pool);
    await reached(redis, keys.worker("probe"));
    const workers = await workersOf(redis, keys);
    if (workers.length === 0)
      return [
        ok(`redis ${at}`, "answers"),
        warning("workers", "none yet; the run waits for one", startWords(address, [])),
      ];
    const refused = workers.flatMap((card) => refusalOf(card) ?? []);
    const usable = workers.length - refused.length;
    return [
      ok(`redis ${at}`, "answers"),
      usable === 0
        ? failed("workers", refused[0] ?? "", `None of ${workers.length} can work for this run.`)
        : ok("workers", `${usable} with ${workers.reduce((sum, { threads }) => sum + threads, 0)} threads`),
      ...refused.map((words) => warning("workers", words, "It is not used.")),
      ...labelChecks(needs, {
        machines: workers.filter((card) => refusalOf(card) === null).map(({ labels }) => labels),
        mayCome: true,
        remedyOf: (labels) => startWords(address, labels),
      }),
    ];
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return [
      failed(
        `redis ${at}`,
        `does not answer: ${words}`,
        "Start it, or correct the address; user and password come from LAB_REDIS_USER and LAB_REDIS_PASSWORD.",
      ),
    ];
  } finally {
    redis.disconnect();
  }
}
