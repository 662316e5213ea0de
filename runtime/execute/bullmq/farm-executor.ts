// Hosts behind Redis: workers are claimed as they come, each gets a line of its own, and what all of them say is read from one stream of the run.
import { randomBytes } from "node:crypto";
import type { Queue } from "bullmq";
import type { Redis } from "ioredis";
import type { Executor, HostDemand, HostDoor, Patience } from "../protocol/executor.ts";
import { hasLabels } from "../protocol/labels.ts";
import { ConnectionNews } from "./connection-news.ts";
import { FarmHost } from "./farm-host.ts";
import {
  type Asked,
  type Call,
  claimLivesMs,
  type FarmKeys,
  farmKeys,
  runKey,
  type WorkerCard,
} from "./farm-keys.ts";
import { refusalOf, startCommand, startWords, workersOf } from "./farm-workers.ts";
import { leftBehind } from "./left-behind.ts";
import type { LeaseJob } from "./line-end.ts";
import { text } from "./parcel.ts";
import { connectorOf, type RedisAddress } from "./redis-address.ts";
import { type Entry, StreamReader } from "./stream-reader.ts";

/** A queue may keep a run waiting for as long as it takes; a worker that is dead is missed within five seconds. */
const farmPatience: Patience = { heartbeatMs: 500, silentMs: 3500, startingMs: 60_000, fruitlessMax: null };
/** A lease is some ten milliseconds on its way there and back. */
const farmLeaseMs = 50;
const lookMs = 300;
const leaveMs = 2000;
/** Entries are kept for so long after they were read: one who takes the run up reads them again. */
const keptMs = 10_000;

export function farmExecutor(address: RedisAddress): Executor {
  return {
    name: "bullmq",
    isElsewhere: true,
    moreBy: startCommand(address, []),
    leaseMs: farmLeaseMs,
    patience: farmPatience,
    open(demand, door) {
      const farm = new Farm(address, demand, door);
      farm.open().catch((error: unknown) => {
        // Whoever has closed it wants nothing of it any more.
        if (farm.isOver) return;
        const words = error instanceof Error ? error.message : String(error);
        door.onMissing(`could not be had: ${words}`);
      });
      return { close: () => farm.close() };
    },
    leftBehind: (demand) => leftBehind(address, demand),
    remedyOf: (labels) => startWords(address, labels),
  };
}

class Farm {
  readonly #address: RedisAddress;
  readonly #demand: HostDemand;
  readonly #door: HostDoor;
  readonly #keys: FarmKeys;
  readonly #run: string;
  readonly #hosts = new Map<
    string,
    { readonly host: FarmHost; readonly worker: string; readonly leases: Queue<LeaseJob> }
  >();
  /** Workers that were told why they are not taken. */
  readonly #refused = new Set<string>();
  #redis: Redis | null = null;
  #reader: StreamReader | null = null;
  #started = 0;
  #isClosed = false;
  #isOver = false;
  #refusal: string | null = null;
  /** What is being taken away behind hosts that are gone. */
  readonly #tidying = new Set<Promise<unknown>>();

  constructor(address: RedisAddress, demand: HostDemand, door: HostDoor) {
    this.#address = address;
    this.#demand = demand;
    this.#door = door;
    this.#keys = farmKeys(address.pool);
    this.#run = runKey(demand.code, demand.session);
  }

  async open(): Promise<void> {
    const { Queue } = await import("bullmq");
    const make = await connectorOf(this.#address);
    if (this.#isOver) return;
    const news = new ConnectionNews({
      onLost: (words) => this.#door.onNews?.(`redis ${words}; the run waits for it`),
      onBack: () => this.#door.onNews?.("redis answers again"),
    });
    const connect = (): Redis => news.follow(make());
    const redis = connect();
    this.#redis = redis;
    const key = this.#keys.from(this.#run);
    const [last] = await redis.xrevrange(key, "+", "-", "COUNT", 1);
    this.#reader = new StreamReader(connect(), {
      key,
      after: last?.[0] ?? "0",
      onEntry: (entry) => this.#hear(entry),
    });
    const queueOf = (line: string): Queue<LeaseJob> => {
      const queue = new Queue<LeaseJob>(this.#keys.leases(line), {
        connection: redis,
        prefix: this.#keys.bull,
      });
      queue.on("error", () => undefined);
      return queue;
    };
    let trimmedAt = performance.now();
    while (!this.#isOver) {
      try {
        if (!this.#isClosed) await this.#claim(redis, queueOf);
        for (const { worker } of this.#hosts.values())
          await redis.pexpire(this.#keys.claim(worker), claimLivesMs);
        if (performance.now() - trimmedAt > keptMs) {
          trimmedAt = performance.now();
          const [seconds = "0"] = await redis.time();
          await redis.xtrim(key, "MINID", "~", Number(seconds) * 1000 - keptMs);
        }
      } catch {
        // The server is away: hosts are neither claimed nor lost.
      }
      await pause(lookMs);
    }
  }

  /** Whether it has let go of the server. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Brings no more hosts; the connection goes when the last host has. */
  close(): void {
    this.#isClosed = true;
    if (this.#hosts.size === 0) void this.#leave();
  }

  /** Tidies up as far as the server answers, and lets go of it: nothing waits for one that is away. */
  async #leave(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reader?.close();
    const redis = this.#redis;
    if (redis === null) return;
    const tidy = Promise.allSettled([...this.#tidying, redis.del(this.#keys.from(this.#run))]);
    await Promise.race([tidy, pause(leaveMs)]);
    redis.disconnect();
  }

  async #claim(redis: Redis, queueOf: (line: string) => Queue<LeaseJob>): Promise<void> {
    const held = new Set([...this.#hosts.values()].map(({ worker }) => worker));
    const cards = await workersOf(redis, this.#keys);
    // First those that go on with what they had under way.
    for (const card of [...cards].sort((a, b) => Number(this.#hasWork(b)) - Number(this.#hasWork(a)))) {
      if (held.has(card.id) || this.#refused.has(card.id)) continue;
      if (card.state === "draining" && !this.#hasWork(card)) continue;
      // Whoever can run nothing of this run is left to others.
      if (!this.#demand.labels.some((needed) => hasLabels(card.labels, needed))) continue;
      const words = refusalOf(card);
      if (words !== null) {
        this.#refused.add(card.id);
        this.#door.onNews?.(`${words}; it is not used`);
        await redis.rpush(this.#keys.calls(card.id), JSON.stringify({ refused: words } satisfies Asked));
        continue;
      }
      const claim = this.#keys.claim(card.id);
      const isOurs =
        (await redis.set(claim, this.#run, "PX", claimLivesMs, "NX")) !== null ||
        // An earlier controller of this run had it.
        (await redis.get(claim)) === this.#run;
      if (!isOurs || this.#isClosed) continue;
      const line = randomBytes(8).toString("hex");
      const { session, memoryMb } = this.#demand;
      const call: Call = { line, run: this.#run, session, memoryMb };
      await redis.rpush(this.#keys.calls(card.id), JSON.stringify(call satisfies Asked));
      this.#bring(card, line, queueOf(line));
    }
  }

  /** Whether it has leases of an earlier coordinator of this run under way. */
  #hasWork({ run, session, leases }: WorkerCard): boolean {
    return run === this.#run && session !== this.#demand.session && leases > 0;
  }

  #bring(card: WorkerCard, line: string, leases: Queue<LeaseJob>): void {
    const redis = this.#redis;
    if (redis === null) return;
    this.#started += 1;
    const host = new FarmHost({
      name: `${card.name}-${this.#started}`,
      line,
      hasWork: this.#hasWork(card),
      keys: this.#keys,
      redis,
      leases,
      onRefused: (words) => this.#tellRefusal(words),
      hears: () => redis.status === "ready",
      onGone: () => this.#forget(line),
    });
    this.#hosts.set(line, { host, worker: card.id, leases });
    host.listener = this.#door.onHost(host);
  }

  /** Once: what is refused goes on being refused. */
  #tellRefusal(words: string | null): void {
    if (words === null || words === this.#refusal) return;
    this.#refusal = words;
    this.#door.onNews?.(`redis refuses what the run has to say: it ${words}`);
  }

  #forget(line: string): void {
    const entry = this.#hosts.get(line);
    if (entry === undefined) return;
    this.#hosts.delete(line);
    const { leases, worker } = entry;
    const tidied = (async () => {
      await leases.obliterate({ force: true });
      await this.#redis?.del(this.#keys.claim(worker));
      await leases.close();
    })()
      // What is left there expires.
      .catch(() => undefined)
      .finally(() => this.#tidying.delete(tidied));
    this.#tidying.add(tidied);
    if (this.#isClosed && this.#hosts.size === 0) void this.#leave();
  }

  #hear(entry: Entry): void {
    this.#hosts.get(text(entry, "l"))?.host.hear(entry);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
