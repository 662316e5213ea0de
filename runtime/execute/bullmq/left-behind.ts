// What hosts of a run's earlier controllers have finished since nobody listened. What they have under way is let end first, within limits: it need
// not be computed twice.
import type { Redis } from "ioredis";
import type { HostDemand } from "../protocol/executor.ts";
import type { FromHost } from "../protocol/protocol.ts";
import { FrameReader } from "../protocol/wire.ts";
import { claimLivesMs, type FarmKeys, farmKeys, runKey } from "./farm-keys.ts";
import { workersOf } from "./farm-workers.ts";
import { fieldsIn, parcelOf, text } from "./parcel.ts";
import { connectorOf, type RedisAddress } from "./redis-address.ts";

/** Leases under way are waited for so long; where a trial waits for an answer that nobody can give any more, so long. */
const endingMs = 10_000;
const stuckMs = 1500;
const lookMs = 150;

/** Record batches, in the order in which they were sent; some may be recorded by now. */
export async function leftBehind(
  address: RedisAddress,
  { code, session }: Pick<HostDemand, "code" | "session">,
): Promise<readonly Uint8Array[]> {
  const redis = (await connectorOf(address))();
  try {
    const keys = farmKeys(address.pool);
    const run = runKey(code, session);
    await untilEnded(redis, keys, run);
    return await batchesIn(redis, keys.from(run));
  } finally {
    redis.disconnect();
  }
}

/** Resolves when no worker has a lease of the run under way that may end by itself, or it has been waited for long enough. */
async function untilEnded(redis: Redis, keys: FarmKeys, run: string): Promise<void> {
  const started = performance.now();
  for (;;) {
    const busy = (await workersOf(redis, keys)).filter((card) => card.run === run && card.leases > 0);
    const waitedMs = performance.now() - started;
    const isStuck = busy.every(({ stuck }) => stuck > 0);
    if (busy.length === 0 || waitedMs > (isStuck ? stuckMs : endingMs)) return;
    // Meanwhile no other run takes them.
    for (const { id } of busy) {
      await redis.set(keys.claim(id), run, "PX", claimLivesMs, "NX");
      if ((await redis.get(keys.claim(id))) === run) await redis.pexpire(keys.claim(id), claimLivesMs);
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
