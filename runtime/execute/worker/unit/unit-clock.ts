// The time-out of one unit that waits: stands still while an effect of the unit waits for its turn, and while the process sleeps, and goes
// on from there.

export interface UnitClockOptions {
  readonly limitMs: number;
  /** Milliseconds that the process has been awake (awake-clock.ts). */
  readonly awake: () => number;
  /** Called once the clock has run for `limitMs`. */
  readonly onOver: () => void;
}

/** What is left is waited for in steps of at least this, in ms: the awake clock itself moves in steps of 50. */
const stepMs = 10;

export class UnitClock {
  readonly #options: UnitClockOptions;
  #leftMs: number;
  #since = 0;
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;
  #holds = 0;

  constructor(options: UnitClockOptions) {
    this.#options = options;
    this.#leftMs = options.limitMs;
    this.#run();
  }

  /** Stands still until each hold has been followed by a release. */
  hold(): void {
    this.#holds += 1;
    if (this.#holds > 1 || this.#isStopped) return;
    this.#pause();
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds > 0 || this.#isStopped) return;
    this.#run();
  }

  /** Runs no more, whatever is held or released. */
  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #run(): void {
    this.#since = this.#options.awake();
    this.#timer = setTimeout(() => this.#look(), Math.max(stepMs, this.#leftMs));
  }

  #pause(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#leftMs -= this.#options.awake() - this.#since;
  }

  /** The timer has gone off: what was slept through is waited for. */
  #look(): void {
    this.#pause();
    if (this.#leftMs > 0) this.#run();
    else this.#options.onOver();
  }
}
