// The time-out of one unit that waits: stands still while an effect of the unit waits for its turn, and goes on from there.

export class UnitClock {
  readonly #onOver: () => void;
  #leftMs: number;
  #since: number;
  #timer: NodeJS.Timeout | null;
  #holds = 0;

  /** Calls `onOver` once the clock has run for `limitMs`. */
  constructor(limitMs: number, onOver: () => void) {
    this.#onOver = onOver;
    this.#leftMs = limitMs;
    this.#since = performance.now();
    this.#timer = setTimeout(onOver, limitMs);
  }

  /** Stands still until each hold has been followed by a release. */
  hold(): void {
    this.#holds += 1;
    if (this.#holds > 1 || this.#timer === null) return;
    clearTimeout(this.#timer);
    this.#leftMs -= performance.now() - this.#since;
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds > 0 || this.#timer === null) return;
    this.#since = performance.now();
    this.#timer = setTimeout(this.#onOver, Math.max(0, this.#leftMs));
  }

  /** Runs no more, whatever is held or released. */
  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
