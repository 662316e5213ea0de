// What a worker thread writes into shared memory about the unit it runs, so that the host's main thread can see a thread that
// spins, name the unit that took a thread down, and stop a thread between two units.

/** Slots of the shared Int32Array. */
const slot = { lease: 0, unit: 1, running: 2, cancelled: 3 } as const;

/** Bytes of shared memory a thread needs: four 32-bit slots, and two doubles. */
const markBytes = 32;

/** One thread's marks. Written by the thread, except `cancel`, which the host writes. */
export class ThreadMarks {
  readonly memory: SharedArrayBuffer;
  readonly #slots: Int32Array;
  /** Since when the current unit runs, and when the thread last gave a sign of life; milliseconds since the epoch. */
  readonly #times: Float64Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(markBytes)) {
    this.memory = memory;
    this.#slots = new Int32Array(memory, 0, 4);
    this.#times = new Float64Array(memory, 16, 2);
  }

  /** Lease being run; 0 when idle. */
  get lease(): number {
    return Atomics.load(this.#slots, slot.lease);
  }

  /** The unit started last. */
  get unit(): number {
    return Atomics.load(this.#slots, slot.unit) >>> 0;
  }

  /** Units started and not ended. */
  get running(): number {
    return Atomics.load(this.#slots, slot.running);
  }

  get sinceMs(): number {
    return this.#times[0] ?? 0;
  }

  get aliveMs(): number {
    return this.#times[1] ?? 0;
  }

  beginLease(lease: number, now: number): void {
    this.#times[1] = now;
    this.#slots[slot.running] = 0;
    Atomics.store(this.#slots, slot.lease, lease);
  }

  endLease(): void {
    Atomics.store(this.#slots, slot.lease, 0);
  }

  /** On the hot path: plain writes, which other threads see soon enough. */
  beginUnit(unit: number, now: number): void {
    this.#slots[slot.unit] = unit;
    this.#slots[slot.running] = (this.#slots[slot.running] ?? 0) + 1;
    this.#times[0] = now;
    this.#times[1] = now;
  }

  endUnit(): void {
    this.#slots[slot.running] = (this.#slots[slot.running] ?? 1) - 1;
  }

  /** Says that the thread's event loop turns. */
  beat(now: number): void {
    this.#times[1] = now;
  }

  cancel(lease: number): void {
    Atomics.store(this.#slots, slot.cancelled, lease);
  }

  isCancelled(lease: number): boolean {
    return this.#slots[slot.cancelled] === lease;
  }
}
