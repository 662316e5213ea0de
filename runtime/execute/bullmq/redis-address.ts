// Where the Redis of a farm is. Its password is a secret: it may stand in the environment or in lab.config.ts, never in what is typed, since
// every user of a machine can read the arguments of its processes.
import type { Redis } from "ioredis";
import type { EngineProblem } from "../engine/engine.ts";

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

/** Rejects, in words, when the server does not answer soon, or takes nothing under the key of `probe`. */
export async function reached(redis: Redis, probe: string | null = null): Promise<void> {
  let last = `no answer in ${reachMs / 1000} s${redis.options.tls ? "; does it speak TLS there?" : ""}`;
  const note = (error: Error): void => {
    last = wordsOf(error);
  };
  redis.on("error", note);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(last)), reachMs);
  });
  try {
    const { db = 0 } = redis.options;
    // A database that there is not would be taken for the first one.
    const answers = db === 0 ? redis.ping() : redis.select(db);
    const takes = async (key: string): Promise<void> => void (await redis.set(key, "", "PX", 1));
    const isThere = answers.then(() => (probe === null ? undefined : takes(probe)));
    await Promise.race([isThere, late]).catch((error: unknown) => {
      throw new Error(error instanceof Error ? wordsOf(error) : String(error));
    });
  } finally {
    clearTimeout(timer);
    redis.off("error", note);
  }
}

function wordsOf({ message }: Error): string {
  const [code = ""] = message.split(" ");
  const known = refusals[code];
  return known === undefined ? message : `${known} (${code})`;
}

const refusals: Readonly<Record<string, string>> = {
  NOAUTH: "it asks for a password",
  NOPERM: "its user may not do what labwright needs",
  OOM: "its memory is full",
  READONLY: "it is a replica, which takes nothing",
  MISCONF: "it cannot write to its disk, and takes nothing",
};

/** Why the server has refused a command; null where it did not answer, which is tried again. */
export function refusalIn(error: unknown): string | null {
  return error instanceof Error && error.name === "ReplyError" ? wordsOf(error) : null;
}

/** The address as people may see it. */
export function withoutSecret(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//");
}
