// What this thread holds: its heap and, beside it, what the heap's limit does not see (Buffers, typed arrays). Asked for while units
// wait, and between two units, so that the garbage of one is not held against the next.
import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Between two units it is looked at no more often than this, in ms. */
const betweenMs = 50;

export class HeldMemory {
  readonly #limitMb: number;
  readonly #collect: () => void;
  #lookedAt = 0;

  /** For a thread that may hold so many MB. */
  constructor(limitMb: number) {
    this.#limitMb = limitMb;
    this.#collect = collectorOf();
  }

  /** MB that are held; above the limit, only once a collection has shown that they are no garbage. */
  look(): number {
    const held = heldMb();
    if (held <= this.#limitMb) return held;
    this.#collect();
    return heldMb();
  }

  /** A unit has ended: frees what it left where that is much. `now` in ms. */
  between(now: number): void {
    if (now - this.#lookedAt < betweenMs) return;
    this.#lookedAt = now;
    if (heldMb() > this.#limitMb / 2) this.#collect();
  }
}

/** Collects all garbage of this thread. */
export function collectGarbage(): void {
  collectorOf()();
}

function collectorOf(): () => void {
  setFlagsFromString("--expose-gc");
  // A new context has the function that the flag exposes; it takes no argument for a full collection.
  return runInNewContext("gc") as () => void;
}

/** MB of this thread's heap and, beside it, of Buffers and typed arrays. */
export function heldMb(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return Math.round((heap + external) / 2 ** 20);
}
