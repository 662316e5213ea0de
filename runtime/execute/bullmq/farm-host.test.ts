// What a server loses or refuses is told in words, and is no trial's fault.
import { Queue } from "bullmq";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hasRedis, type RedisServer, startRedis } from "../../testing/services/redis.ts";
import { labwrightVersion } from "../../version.ts";
import type { HostExit } from "../protocol/executor.ts";
import { bullmq } from "./bullmq.ts";
import { ConnectionNews } from "./connection-news.ts";
import { FarmHost } from "./farm-host.ts";
import { farmKeys } from "./farm-keys.ts";
import type { LeaseJob } from "./line-end.ts";
import { connectorOf, reached, UnusableRedis, withRedis } from "./redis-address.ts";

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
      assert.is(await told, "has no memory left (OOM)");
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

  test("a server that cannot be used is called what it is", async () => {
    const url = server?.url ?? "";
    const redis = (await connectorOf({ url, pool: "lab" }))();
    const states: readonly (readonly [found: string, begin: string, end: string | null, address?: string])[] =
      [
        ["has no memory left (OOM)", "CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0"],
        ["is a replica, which takes nothing (READONLY)", "REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE"],
        ["has as many clients as it takes", "CONFIG SET maxclients 1", "CONFIG SET maxclients 100"],
        [
          "does not let its user do what labwright needs (NOPERM)",
          "ACL SETUSER default -set",
          "ACL SETUSER default +set",
        ],
        ["has no database of this number", "PING", null, `${url}/99`],
        [
          "knows no such user with this password (WRONGPASS)",
          "PING",
          null,
          url.replace("//", "//nobody:guessed@"),
        ],
        ["asks for a password (NOAUTH)", "CONFIG SET requirepass secret", "ACL SETUSER default nopass"],
      ];
    try {
      for (const [found, begin, end, address = url] of states) {
        const [command = "", ...rest] = begin.split(" ");
        await redis.call(command, ...rest);
        const used = withRedis({ url: address, pool: "lab" }, async () => "usable", "labwright:probe");
        const words = await used.catch((error: unknown) =>
          error instanceof UnusableRedis && error.remedy !== "" ? error.message : String(error),
        );
        assert.is(words, found);
        if (end !== null) {
          const [after = "", ...others] = end.split(" ");
          await redis.call(after, ...others);
        }
      }
      assert.is(await withRedis({ url, pool: "lab" }, async () => "usable", "labwright:probe"), "usable");
    } finally {
      redis.disconnect();
    }
  });

  test("a connection that cannot be had again is told once with the reason, and so is its return; a copy of it counts, one that was closed does not", async () => {
    const connect = await connectorOf({ url: server?.url ?? "", pool: "lab" });
    const redis = connect();
    const told: string[] = [];
    let hear: () => void = () => undefined;
    const next = (): Promise<void> =>
      new Promise((resolve) => {
        hear = resolve;
      });
    const tell = (words: string): void => {
      told.push(words);
      hear();
    };
    const news = new ConnectionNews({ onLost: tell, onBack: () => tell("is back") }, 30);
    const followed = news.follow(connect());
    const [closed, copy] = [news.follow(connect()), followed.duplicate()];
    try {
      for (const each of [redis, followed, closed, copy]) await each.ping();
      const id = await copy.client("ID");
      closed.disconnect();
      await redis.config("SET", "maxclients", "1");
      const lost = next();
      await redis.call("CLIENT", "KILL", "ID", `${id}`);
      await lost;
      await new Promise((resolve) => setTimeout(resolve, 200));
      const back = next();
      await redis.config("SET", "maxclients", "100");
      await back;
      assert.equal(told, ["has as many clients as it takes", "is back"]);
    } finally {
      for (const each of [redis, followed, closed, copy]) each.disconnect();
    }
  });

  test("the workers of a run to come are those that are free and like it", async () => {
    const address = { url: server?.url ?? "", pool: "counted" };
    const engine = bullmq({ redis: address.url, pool: address.pool });
    const threads = (): Promise<number | null> => engine.threads({ threads: 2 }, 1000);
    assert.is(await threads(), null, "nobody is there yet");
    const same = { labwright: labwrightVersion(), node: process.versions.node };
    await withRedis(address, async (redis) => {
      const keys = farmKeys(address.pool);
      for (const [id, card] of Object.entries({
        a: { ...same, threads: 4, state: "free" },
        b: { ...same, threads: 8, state: "free" },
        busy: { ...same, threads: 16, state: "working" },
        old: { ...same, labwright: "0.0.1", threads: 32, state: "free" },
      })) {
        await redis.sadd(keys.workers, id);
        await redis.set(keys.worker(id), JSON.stringify({ id, name: id, labels: {}, ...card }));
      }
    });
    assert.is(await threads(), 12);
  });
} else test("farm host", () => console.log("skipped: needs redis-server"));

test.run();
