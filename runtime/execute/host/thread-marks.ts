// What a worker thread writes into shared memory about the unit it runs, so that the host's main thread can see a thread that
// spins, name the unit that took a thread down, and stop a thread between two units.

/** Slots of the shared Int32Array. */
const slot = { lease: 0, unit: 1, running: 2, calls: 3, held: 4, taken: 5 } as const;

/** Bytes of shared memory a thread needs: six 32-bit slots and two doubles. */
const markBytes = 40;

/** A unit that has returned a promise and not ended. */
export interface WaitingUnit {
  readonly lease: number;
  readonly unit: number;
  readonly since: number;
}

/** One thread's marks. Written by the thread, except `call`, which the host writes. */
export class ThreadMarks {
  readonly memory: SharedArrayBuffer;
  readonly #slots: Int32Array;
  /** Since when the current unit runs, and when the thread last gave a sign of life; milliseconds since the epoch. */
  readonly #times: Float64Array;
  /** On the thread's side: leases not ended, and units that wait, of all of them. */
  readonly #leases = new Set<number>();
  readonly #waiting = new Set<WaitingUnit>();
  #callsHeard = 0;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(markBytes)) {
    this.memory = memory;
    this.#slots = new Int32Array(memory, 0, 6);
    this.#times = new Float64Array(memory, 24, 2);
  }

  /** Lease of the unit started last, or of one that waits still; 0 when idle. */
  get lease(): number {
    return Atomics.load(this.#slots, slot.lease);
  }

  /** The unit started last; when it has ended, one that waits still. */
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

  /** MB that the thread held when it last looked, while units waited; 0 when it has not looked since a unit began. */
  get heldMb(): number {
    return Atomics.load(this.#slots, slot.held);
  }

  /** MB that the thread took when it last looked, whatever it was doing; 0 before it has. */
  get takenMb(): number {
    return Atomics.load(this.#slots, slot.taken);
  }

  take(takenMb: number): void {
    Atomics.store(this.#slots, slot.taken, takenMb);
  }

  beginLease(lease: number, now: number): void {
    this.#times[1] = now;
    if (this.#leases.size === 0) this.#slots[slot.running] = 0;
    this.#leases.add(lease);
    Atomics.store(this.#slots, slot.lease, lease);
  }

  endLease(lease: number): void {
    this.#leases.delete(lease);
    const [other] = this.#leases;
    Atomics.store(this.#slots, slot.lease, other ?? 0);
    this.#point();
  }

  /** On the hot path: plain writes, which other threads see soon enough. */
  beginUnit(lease: number, unit: number, now: number): void {
    this.#slots[slot.lease] = lease;
    this.#slots[slot.unit] = unit;
    this.#slots[slot.running] = (this.#slots[slot.running] ?? 0) + 1;
    this.#slots[slot.held] = 0;
    this.#times[0] = now;
    this.#times[1] = now;
  }

  /** The unit begun last has returned a promise; `endUnit` takes what this returns. */
  unitWaits(): WaitingUnit {
    const waiting = {
      lease: this.#slots[slot.lease] ?? 0,
      unit: this.#slots[slot.unit] ?? 0,
      since: this.sinceMs,
    };
    this.#waiting.add(waiting);
    return waiting;
  }

  /** `waiting` is null for a unit that never waited. */
  endUnit(waiting: WaitingUnit | null): void {
    this.#slots[slot.running] = (this.#slots[slot.running] ?? 1) - 1;
    if (waiting !== null) this.#waiting.delete(waiting);
    this.#point();
  }

  /** Names a unit that waits still: were it the last one, it alone would be to blame. */
  #point(): void {
    if (this.#waiting.size === 0) return;
    for (const { lease, unit, since } of this.#waiting) {
      this.#slots[slot.lease] = lease;
      this.#slots[slot.unit] = unit;
      this.#times[0] = since;
      return;
    }
  }

  /** Says that the thread's event loop turns. */
  beat(now: number): void {
    this.#times[1] = now;
  }

  /** Says how many MB the thread holds. */
  hold(heldMb: number): void {
    Atomics.store(this.#slots, slot.held, heldMb);
  }

  /** Asks the thread to hear what has been posted to it, though its event loop does not turn. */
  call(): void {
    Atomics.add(this.#slots, slot.calls, 1);
  }

  /** Whether the thread was called since it asked last. On the hot path: one read. */
  wasCalled(): boolean {
    const calls = this.#slots[slot.calls] ?? 0;
    if (calls === this.#callsHeard) return false;
    this.#callsHeard = calls;
    return true;
  }
}
