// The engine bullmq keeps the contract of executors over a real Redis and real workers.
import { test } from "uvu";
import { hasRedis, type RedisServer, startRedis } from "../../testing/services/redis.ts";
import type { Executor } from "../protocol/executor.ts";
import { executorContract } from "../testing/executor-contract.ts";
import { farmOf } from "../testing/farm.ts";

let server: RedisServer | null = null;
const executorOf = (): Executor => farmOf(server?.url ?? "");

if (hasRedis()) {
  test.before(async () => {
    server = await startRedis();
  });
  test.after(async () => server?.stop());
  executorContract("bullmq", { executorOf, threads: [1, 2] });
} else test("bullmq", () => console.log("skipped: needs redis-server"));

test.run();
