// What a server loses or refuses is told in words, and is no trial's fault.
import { Queue } from "bullmq";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hasRedis, type RedisServer, startRedis } from "../../testing/services/redis.ts";
import type { HostExit } from "../protocol/executor.ts";
import { FarmHost } from "./farm-host.ts";
import { farmKeys } from "./farm-keys.ts";
import type { LeaseJob } from "./line-end.ts";
import { connectorOf, reached } from "./redis-address.ts";

if (hasRedis()) {
  let server: RedisServer | null = null;
  test.before(async () => {
    server = await startRedis();
  });
  test.after(async () => server?.stop());

  test("a host whose messages the server has lost is given up, and no trial is to blame; what the server refuses is told", async () => {
    const redis = (await connectorOf({ url: server?.url ?? "", pool: "lab" }))();
    const keys = farmKeys("lab");
    const leases = new Queue<LeaseJob>(keys.leases("a"), { connection: redis, prefix: keys.bull });
    try {
      let refused: (words: string | null) => void = () => undefined;
      const told = new Promise<string | null>((resolve) => {
        refused = resolve;
      });
      const exits: HostExit[] = [];
      const host = new FarmHost({
        ...{ name: "far-1", line: "a", hasWork: false, keys, redis, leases },
        onRefused: (words) => refused(words),
        hears: () => true,
        onGone: () => undefined,
      });
      host.listener = { onMessage: () => assert.unreachable(), onExit: (exit) => exits.push(exit) };
      await reached(redis, keys.worker("probe"));
      await redis.config("SET", "maxmemory", "1");
      host.send({ type: "drain" });
      assert.is(await told, "its memory is full (OOM)");
      const refusal = await reached(redis, keys.worker("probe")).catch((error: Error) => error.message);
      assert.is(refusal, "its memory is full (OOM)");
      await redis.config("SET", "maxmemory", "0");
      const entry = { l: "a", s: "3", g: "0", t: "0", k: "data" };
      host.hear(new Map(Object.entries(entry).map(([name, value]) => [name, Buffer.from(value)])));
      assert.equal(exits, [
        { reason: "was given up: messages 1 to 2 of it were lost by the server", isTaken: true },
      ]);
    } finally {
      await leases.close();
      redis.disconnect();
    }
  });
} else test("farm host", () => console.log("skipped: needs redis-server"));

test.run();
