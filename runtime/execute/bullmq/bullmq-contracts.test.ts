// The engine bullmq keeps the contracts of hosts and effects over a real Redis and real workers.
import { test } from "uvu";
import { hasRedis, type RedisServer, startRedis } from "../../testing/services/redis.ts";
import type { Executor } from "../protocol/executor.ts";
import { effectsContract } from "../testing/effects-contract.ts";
import { farmOf } from "../testing/farm.ts";
import { hostsContract } from "../testing/hosts-contract.ts";

let server: RedisServer | null = null;
const executorOf = (): Executor => farmOf(server?.url ?? "");

if (hasRedis()) {
  test.before(async () => {
    server = await startRedis();
  });
  test.after(async () => server?.stop());
  hostsContract("bullmq", { executorOf });
  effectsContract("bullmq", { executorOf });
} else test("bullmq", () => console.log("skipped: needs redis-server"));

test.run();
