// The workers of a farm, for whoever is no run: who they are, and how one is asked to leave.
import type { Redis } from "ioredis";
import { UserError } from "../../diagnostic/user-error.ts";
import { unlikeHere } from "../engine/host-check.ts";
import { type Asked, type FarmKeys, farmKeys, type WorkerCard } from "./farm-keys.ts";
import {
  connectorOf,
  defaultPool,
  type RedisAddress,
  reached,
  refusalIn,
  withoutSecret,
} from "./redis-address.ts";

/** Throws UserError when the server does not answer. */
export function workersAt(address: RedisAddress): Promise<readonly WorkerCard[]> {
  return withRedis(address, (redis, keys) => workersOf(redis, keys));
}

export function askToDrain(address: RedisAddress, workers: readonly WorkerCard[]): Promise<void> {
  return withRedis(address, async (redis, keys) => {
    for (const { id } of workers)
      await redis.rpush(keys.calls(id), JSON.stringify({ drain: true } satisfies Asked));
  });
}

async function withRedis<T>(
  address: RedisAddress,
  use: (redis: Redis, keys: FarmKeys) => Promise<T>,
): Promise<T> {
  const redis = (await connectorOf(address))();
  try {
    await reached(redis).catch((error: unknown) => {
      throw unusable(address, error instanceof Error ? error.message : String(error));
    });
    return await use(redis, farmKeys(address.pool)).catch((error: unknown) => {
      const words = refusalIn(error);
      throw words === null ? error : unusable(address, words);
    });
  } finally {
    redis.disconnect();
  }
}

/** Why the server of a farm cannot be used. */
export function unusable({ url }: RedisAddress, words: string): UserError {
  return new UserError(`${withoutSecret(url)} does not answer: ${words}`, {
    hint: "Start Redis there, or correct the address; user and password come from LAB_REDIS_USER and LAB_REDIS_PASSWORD.",
  });
}

/** The workers that live, by name. */
export async function workersOf(redis: Redis, keys: FarmKeys): Promise<readonly WorkerCard[]> {
  const ids = await redis.smembers(keys.workers);
  if (ids.length === 0) return [];
  const cards = await redis.mget(ids.map((id) => keys.worker(id)));
  const gone = ids.filter((_, index) => cards[index] === null);
  if (gone.length > 0) await redis.srem(keys.workers, ...gone);
  return cards
    .flatMap((card) => (card === null || card === undefined ? [] : [JSON.parse(card) as WorkerCard]))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The command that starts a worker with these labels. */
export function startCommand({ url, pool }: RedisAddress, labels: readonly string[]): string {
  const options = [
    ...(pool === defaultPool ? [] : [`--pool ${pool}`]),
    ...(labels.length === 0 ? [] : [`--labels ${labels.join(",")}`]),
  ];
  return ["lab worker --redis", withoutSecret(url), ...options].join(" ");
}

/** How to start a worker with these labels, in a sentence. */
export function startWords(address: RedisAddress, labels: readonly string[]): string {
  return `Start one: ${startCommand(address, labels)}; lab workers lists those that there are.`;
}

/** Why a worker cannot work for this labwright; null where it can. */
export function refusalOf(card: WorkerCard): string | null {
  const unlike = unlikeHere(card);
  if (unlike === null) return null;
  return `worker ${card.name} has ${unlike.has}, the run ${unlike.here}: install ${unlike.needed} there`;
}
