// Where the Redis of a farm is. Its password is a secret: it may stand in the environment or in lab.config.ts, never in what is typed, since
// every user of a machine can read the arguments of its processes.
import type { Redis } from "ioredis";
import type { EngineProblem } from "../engine/engine.ts";
import { type RedisTrouble, refusalIn, refusalOnSight, troubleIn } from "./redis-trouble.ts";

export interface RedisAddress {
  /** `redis://host:6379`, `rediss://` with TLS; user and password are `LAB_REDIS_USER` and `LAB_REDIS_PASSWORD` where it has none. */
  readonly url: string;
  /** Farms of one server that know nothing of each other. */
  readonly pool: string;
}

/** Of the environment or of `.env`: the whole address, and its secret parts. */
export const redisVariables = {
  address: "LAB_REDIS",
  user: "LAB_REDIS_USER",
  password: "LAB_REDIS_PASSWORD",
} as const;

const reachMs = 5000;

export const defaultPool = "lab";

export function addressProblems({ url, pool }: RedisAddress): readonly EngineProblem[] {
  const problems: EngineProblem[] = [];
  if (!isAddress(url))
    problems.push({
      found: `redis "${withoutSecret(url)}"`,
      expected: "an address such as redis://host:6379 or rediss://host:6380",
    });
  if (!/^[\w-]{1,64}$/.test(pool))
    problems.push({ found: `pool "${pool}"`, expected: "letters, digits, - and _, at most 64" });
  return problems;
}

/** The path is the number of a database. */
function isAddress(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, pathname } = new URL(url);
  return ["redis:", "rediss:"].includes(protocol) && hostname !== "" && /^(\/\d{0,4})?$/.test(pathname);
}

/** Why an address may not be typed; null where it may. */
export function typedSecret(url: string): string | null {
  return URL.canParse(url) && new URL(url).password !== ""
    ? "the address has a password, which every user of this machine could read"
    : null;
}

/** Makes connections, each of which connects again by itself: commands wait while the server is away. */
export async function connectorOf(address: RedisAddress): Promise<() => Redis> {
  const { Redis } = await import("ioredis");
  const options = optionsOf(address, process.env);
  return () => {
    const redis = new Redis(options);
    // Whoever waits for an answer is told by its promise.
    redis.on("error", () => undefined);
    return redis;
  };
}

function optionsOf({ url }: RedisAddress, environment: NodeJS.ProcessEnv) {
  const { hostname, port, protocol, username, password, pathname } = new URL(url);
  const user = decodeURIComponent(username) || environment[redisVariables.user];
  const secret = decodeURIComponent(password) || environment[redisVariables.password];
  return {
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? 6379 : Number(port),
    db: Number(pathname.slice(1) || 0),
    ...(user ? { username: user } : {}),
    ...(secret ? { password: secret } : {}),
    ...(protocol === "rediss:" ? { tls: {} } : {}),
    maxRetriesPerRequest: null,
    retryStrategy: (tries: number) => Math.min(50 * 2 ** tries, 1000),
    enableAutoPipelining: true,
  };
}

/** A server that cannot be used: `message` follows its name. */
export class UnusableRedis extends Error {
  readonly remedy: string;

  constructor({ found, remedy }: RedisTrouble) {
    super(found);
    this.remedy = remedy;
  }
}

/** Rejects with UnusableRedis when the server does not answer soon, or takes nothing under the key of `probe`. */
export async function reached(redis: Redis, probe: string | null = null): Promise<void> {
  let last = new Error(
    `no answer in ${reachMs / 1000} s${redis.options.tls ? "; does it speak TLS there?" : ""}`,
  );
  const note = (error: Error): void => {
    last = error;
  };
  redis.on("error", note);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(last), reachMs);
    redis.once("close", () => {
      // No command of ours is answered then, and the words are lost.
      void refusalOnSight(redis).then((refusal) => refusal !== null && reject(new UnusableRedis(refusal)));
    });
  });
  try {
    const { db = 0 } = redis.options;
    // A database that there is not would be taken for the first one.
    const answers = db === 0 ? redis.ping() : redis.select(db);
    const takes = async (key: string): Promise<void> => void (await redis.set(key, "", "PX", 1));
    const isThere = answers.then(() => (probe === null ? undefined : takes(probe)));
    await Promise.race([isThere, late]);
  } catch (error) {
    throw error instanceof UnusableRedis ? error : new UnusableRedis(await troubleIn(error, redis));
  } finally {
    clearTimeout(timer);
    redis.off("error", note);
  }
}

/** Uses a server once. Rejects with UnusableRedis where it cannot be: it does not answer, or refuses what is asked of it. */
export async function withRedis<T>(
  address: RedisAddress,
  use: (redis: Redis) => Promise<T>,
  probe: string | null = null,
): Promise<T> {
  const redis = (await connectorOf(address))();
  try {
    await reached(redis, probe);
    return await use(redis);
  } catch (error) {
    const isTold = error instanceof UnusableRedis || refusalIn(error) === null;
    throw isTold ? error : new UnusableRedis(await troubleIn(error, redis));
  } finally {
    redis.disconnect();
  }
}

/** The address as people may see it. */
export function withoutSecret(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//");
}
