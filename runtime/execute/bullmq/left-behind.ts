// What hosts of a run's earlier controllers have finished since nobody listened. What they have under way goes on: it is held until the next
// controller, which is about to open, has called them.
import type { Redis } from "ioredis";
import type { HostDemand } from "../protocol/executor.ts";
import type { FromHost } from "../protocol/protocol.ts";
import { FrameReader } from "../protocol/wire.ts";
import { type Asked, type FarmKeys, farmKeys, runKey } from "./farm-keys.ts";
import { workersOf } from "./farm-workers.ts";
import { fieldsIn, parcelOf, text } from "./parcel.ts";
import { connectorOf, type RedisAddress } from "./redis-address.ts";

/** Workers that do not say within this time that they hold what they have are not waited for. */
const holdingMs = 3000;
const lookMs = 50;

/** Record batches, in the order in which they were sent; some may be recorded by now. */
export async function leftBehind(
  address: RedisAddress,
  { code, session }: Pick<HostDemand, "code" | "session">,
): Promise<readonly Uint8Array[]> {
  const redis = (await connectorOf(address))();
  try {
    const keys = farmKeys(address.pool);
    const run = runKey(code, session);
    await allHold(redis, keys, run);
    return await batchesIn(redis, keys.from(run));
  } finally {
    redis.disconnect();
  }
}

/** Resolves when no worker says anything more of the run's leases: what it says from then on it says to the next controller. */
async function allHold(redis: Redis, keys: FarmKeys, run: string): Promise<void> {
  const started = performance.now();
  const asked = new Set<string>();
  for (;;) {
    const busy = (await workersOf(redis, keys)).filter((card) => card.run === run && !card.isHeld);
    if (busy.length === 0 || performance.now() - started > holdingMs) return;
    for (const { id } of busy) {
      if (asked.has(id)) continue;
      asked.add(id);
      await redis.rpush(keys.calls(id), JSON.stringify({ hold: run } satisfies Asked));
    }
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

async function batchesIn(redis: Redis, key: string): Promise<readonly Uint8Array[]> {
  const batches: Uint8Array[] = [];
  const readers = new Map<string, FrameReader>();
  for (const [, flat] of await redis.xrangeBuffer(key, "-", "+")) {
    const entry = fieldsIn(flat);
    if (text(entry, "k") !== "data") continue;
    const line = text(entry, "l");
    const { isFirst, bytes } = parcelOf(entry);
    // The first entries of a line may be gone, in the middle of a message.
    if (isFirst) {
      readers.set(
        line,
        new FrameReader((message) => {
          const heard = message as FromHost;
          if (heard.type === "records") batches.push(heard.batch.slice());
        }),
      );
    }
    readers.get(line)?.push(bytes);
  }
  return batches;
}
