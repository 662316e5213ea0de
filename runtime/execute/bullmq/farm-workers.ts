// The workers of a farm, for whoever is no run: who they are, and how one is asked to leave.
import type { Redis } from "ioredis";
import { UserError } from "../../diagnostic/user-error.ts";
import { unlikeHere } from "../engine/host-check.ts";
import { type Asked, type FarmKeys, farmKeys, type WorkerCard } from "./farm-keys.ts";
import { defaultPool, type RedisAddress, UnusableRedis, withoutSecret, withRedis } from "./redis-address.ts";

/** Throws UserError when the server cannot be used. */
export function workersAt(address: RedisAddress): Promise<readonly WorkerCard[]> {
  const keys = farmKeys(address.pool);
  return usable(
    address,
    withRedis(address, (redis) => workersOf(redis, keys)),
  );
}

/** Throws UserError when the server cannot be used. */
export function askToDrain(address: RedisAddress, workers: readonly WorkerCard[]): Promise<void> {
  const keys = farmKeys(address.pool);
  const ask = async (redis: Redis): Promise<void> => {
    for (const { id } of workers)
      await redis.rpush(keys.calls(id), JSON.stringify({ drain: true } satisfies Asked));
  };
  return usable(address, withRedis(address, ask));
}

/** Throws UserError where the server of a farm cannot be used. */
export async function usable<T>({ url }: RedisAddress, used: Promise<T>): Promise<T> {
  return used.catch((error: unknown) => {
    if (!(error instanceof UnusableRedis)) throw error;
    throw new UserError(`${withoutSecret(url)} ${error.message}`, { hint: error.remedy });
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
