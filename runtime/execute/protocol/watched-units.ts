// Units whose rows somebody looks at, in memory that the threads of a host share: a trial that never waits sees them too. The host's main
// thread writes them, worker threads read them.
import type { WatchedUnit } from "../protocol/protocol.ts";

/** More are not looked at at once. */
const unitsMost = 8;
const wordsEach = 3;

export class WatchedUnits {
  readonly memory: SharedArrayBuffer;
  /** How many there are, then job, unit and number of the asking of each. */
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(4 * (1 + wordsEach * unitsMost))) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  /** These from now on; of too many the last. */
  set(units: readonly WatchedUnit[]): void {
    const kept = units.slice(-unitsMost);
    Atomics.store(this.#words, 0, 0);
    for (const [index, { job, unit, ask }] of kept.entries())
      this.#words.set([job, unit, ask], 1 + index * wordsEach);
    Atomics.store(this.#words, 0, kept.length);
  }

  /** The number of the asking; 0 for a unit that nobody looks at. */
  askOf(job: number, unit: number): number {
    const words = this.#words;
    const end = 1 + Atomics.load(words, 0) * wordsEach;
    for (let at = 1; at < end; at += wordsEach)
      if (words[at] === job && words[at + 1] === unit) return words[at + 2] ?? 0;
    return 0;
  }
}
