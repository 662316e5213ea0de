// How long this process has been awake, in shared memory: time in which the machine or the process was asleep does not count against a
// trial, and a wall clock that is set back or forward changes nothing. The main thread moves it on; worker threads read it.

/** Between two looks no more than this counts, in ms: whoever looks every 50 ms and comes late by more has slept. */
const countedMsMax = 1000;

export class AwakeClock {
  readonly #ms: Float64Array;
  #lookedAt: number | null = null;

  /** Over eight bytes of memory from `offset`. */
  constructor(memory: SharedArrayBuffer, offset = 0) {
    this.#ms = new Float64Array(memory, offset, 1);
  }

  /** Milliseconds awake. */
  get ms(): number {
    return this.#ms[0] ?? 0;
  }

  /** Moves it on; `now` is a steady clock's, in ms. Returns how much counts since it was moved last. */
  tick(now: number): number {
    const passed = this.#lookedAt === null ? 0 : now - this.#lookedAt;
    this.#lookedAt = now;
    const counted = Math.min(Math.max(0, passed), countedMsMax);
    this.#ms[0] = this.ms + counted;
    return counted;
  }
}
