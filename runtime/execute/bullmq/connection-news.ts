// What becomes of connections that are made again by themselves: it is told when one of them cannot be had for a while, and why, and when all of them
// can again.
import type { Redis } from "ioredis";
import { troubleIn } from "./redis-trouble.ts";

/** A server that is started again is back by then. */
const usualPatienceMs = 2000;

export interface ConnectionListener {
  /** Hears why, in words that follow the server's name. */
  readonly onLost: (words: string) => void;
  readonly onBack: () => void;
}

interface Lost {
  readonly timer: NodeJS.Timeout;
  error: unknown;
}

export class ConnectionNews {
  readonly #listener: ConnectionListener;
  readonly #patienceMs: number;
  readonly #lost = new Map<Redis, Lost>();
  #told: string | null = null;

  constructor(listener: ConnectionListener, patienceMs = usualPatienceMs) {
    this.#listener = listener;
    this.#patienceMs = patienceMs;
  }

  /** Follows a connection, and those that are made after its likeness, until they are closed for good. */
  follow(redis: Redis): Redis {
    const duplicate = redis.duplicate.bind(redis);
    redis.duplicate = (override) => this.follow(duplicate(override));
    redis.on("close", () => this.#lose(redis));
    redis.on("error", (error) => {
      const lost = this.#lost.get(redis);
      if (lost !== undefined) lost.error = error;
    });
    redis.on("ready", () => this.#have(redis, true));
    redis.on("end", () => this.#have(redis, false));
    return redis;
  }

  #lose(redis: Redis): void {
    if (this.#lost.has(redis)) return;
    const timer = setTimeout(() => void this.#look(redis), this.#patienceMs);
    this.#lost.set(redis, { timer, error: new Error("the connection was closed") });
  }

  async #look(redis: Redis): Promise<void> {
    const lost = this.#lost.get(redis);
    if (lost === undefined) return;
    const { found } = await troubleIn(lost.error, redis);
    if (this.#lost.get(redis) !== lost || found === this.#told) return;
    this.#told = found;
    this.#listener.onLost(found);
  }

  #have(redis: Redis, isReady: boolean): void {
    const lost = this.#lost.get(redis);
    if (lost === undefined) return;
    clearTimeout(lost.timer);
    this.#lost.delete(redis);
    if (!isReady || this.#lost.size > 0 || this.#told === null) return;
    this.#told = null;
    this.#listener.onBack();
  }
}
