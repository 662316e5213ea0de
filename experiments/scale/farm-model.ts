// A farm as a closed network of queues: leases go from a coordinator over Redis to threads and back. The coordinator and Redis serve one message
// at a time; a thread runs one lease and has the next in hand. Events in order of time, ties in order of making.
import type { Random } from "labwright";

export interface Farm {
  /** Threads over all machines. */
  readonly threads: number;
  /** Mean time of a trial, in ms, and how much trials differ: standard deviation over mean. */
  readonly trialMs: number;
  readonly spread: number;
  /** The work that a lease aims at, in ms. */
  readonly leaseMs: number;
  /** Coordinators that share the trials, each with a ledger of its own. */
  readonly ledgers: number;
  /** Where records go: through Redis and the coordinator, or from the workers into an object storage. */
  readonly records: "ledger" | "object-storage";
  /** Processor time in microseconds, as measured: docs/scale.md. */
  readonly coordinatorUsPerLease: number;
  readonly coordinatorUsPerTrial: number;
  readonly redisUsPerLease: number;
  /** One way between machines. */
  readonly networkMs: number;
}

export interface Outcome {
  /** Trials recorded a second once the farm is under way. */
  readonly perSecond: number;
  /** Shares of the time in which they were busy. */
  readonly threadsBusy: number;
  readonly coordinatorBusy: number;
  readonly redisBusy: number;
}

/** Of what a lease takes of the coordinator, the part for its records: decoding, checking, appending. */
const recordsShare = 0.5;
/** Trials in a lease at most, as in labwright. */
const leaseTrialsMax = 20_000;

/** Serves one message after the other. */
class Station {
  #freeAt = 0;
  busyMs = 0;

  /** When a message that arrives at `at` has been served. */
  serve(at: number, takesMs: number): number {
    this.#freeAt = Math.max(at, this.#freeAt) + takesMs;
    this.busyMs += takesMs;
    return this.#freeAt;
  }
}

/** A lease that arrives somewhere: at its coordinator, at Redis on its way out, at its thread, at Redis on its way back. */
interface Arrival {
  readonly at: number;
  readonly thread: number;
  readonly where: "coordinator" | "out" | "thread" | "back";
}

/** Runs until every thread has had `rounds` leases; the first quarter is not counted. */
export function runFarm(farm: Farm, random: Random, rounds: number): Outcome {
  const trials = Math.max(1, Math.min(leaseTrialsMax, Math.floor(farm.leaseMs / farm.trialMs)));
  const isDirect = farm.records === "object-storage";
  const coordinatorMs =
    (farm.coordinatorUsPerLease * (isDirect ? 1 - recordsShare : 1) +
      (isDirect ? 0 : farm.coordinatorUsPerTrial * trials)) /
    1000;
  const redisMs = farm.redisUsPerLease / 1000;
  const coordinators = Array.from({ length: farm.ledgers }, () => new Station());
  const servers = Array.from({ length: farm.ledgers }, () => new Station());
  const threads = Array.from({ length: farm.threads }, () => new Station());
  const queue = new Heap<Arrival>((a, b) => a.at - b.at || a.thread - b.thread);
  // Two leases a thread: one that runs and one in hand.
  for (let thread = 0; thread < farm.threads; thread++)
    for (let lease = 0; lease < 2; lease++)
      queue.push({ at: random.float() * farm.leaseMs, thread, where: "coordinator" });
  const wanted = rounds * farm.threads;
  const warm = Math.floor(wanted / 4);
  let done = 0;
  let begun = { at: 0, threads: 0, coordinators: 0, servers: 0 };
  let now = 0;
  const busy = (stations: readonly Station[]): number =>
    stations.reduce((sum, { busyMs }) => sum + busyMs, 0);
  while (done < wanted) {
    const { at, thread, where } = queue.pop()!;
    const shard = thread % farm.ledgers;
    const arrives = (time: number, next: Arrival["where"]): void =>
      queue.push({ at: time, thread, where: next });
    if (where === "out") arrives(servers[shard]!.serve(at, redisMs / 2) + farm.networkMs, "thread");
    else if (where === "thread")
      arrives(threads[thread]!.serve(at, workMs(farm, trials, random)) + farm.networkMs, "back");
    else if (where === "back")
      arrives(servers[shard]!.serve(at, redisMs / 2) + farm.networkMs, "coordinator");
    else {
      // A lease's end has come back: it is recorded, and the next is sent.
      now = coordinators[shard]!.serve(at, coordinatorMs);
      arrives(now + farm.networkMs, "out");
      done += 1;
      if (done === warm)
        begun = { at: now, threads: busy(threads), coordinators: busy(coordinators), servers: busy(servers) };
    }
  }
  const spanMs = now - begun.at;
  return {
    perSecond: (1000 * trials * (done - warm)) / spanMs,
    threadsBusy: Math.min(1, (busy(threads) - begun.threads) / (spanMs * farm.threads)),
    coordinatorBusy: Math.min(1, (busy(coordinators) - begun.coordinators) / (spanMs * farm.ledgers)),
    redisBusy: Math.min(1, (busy(servers) - begun.servers) / (spanMs * farm.ledgers)),
  };
}

/** Of as many trials in a row: normal by the central limit, never below a tenth of its mean. */
function workMs({ trialMs, spread }: Farm, trials: number, random: Random): number {
  const mean = trialMs * trials;
  return Math.max(mean / 10, mean + random.normal() * trialMs * spread * Math.sqrt(trials));
}

/** Gives the least first. */
class Heap<T> {
  readonly #items: T[] = [];
  readonly #compare: (a: T, b: T) => number;

  constructor(compare: (a: T, b: T) => number) {
    this.#compare = compare;
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (this.#compare(items[up]!, item) <= 0) break;
      items[at] = items[up]!;
      at = up;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (items.length === 0 || last === undefined) return first;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= items.length) break;
      if (down + 1 < items.length && this.#compare(items[down + 1]!, items[down]!) < 0) down += 1;
      if (this.#compare(items[down]!, last) >= 0) break;
      items[at] = items[down]!;
      at = down;
    }
    items[at] = last;
    return first;
  }
}
