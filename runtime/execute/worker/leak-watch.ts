// Whether what a thread holds grows from trial to trial: something that trials leave behind, which would in the end take down one that is
// not to blame. A thread that has grown too far is replaced between two leases.
import { collectGarbage, heldMb } from "./held-memory.ts";

/** Looked at no more often than this, in ms. */
const lookMs = 200;
/** The least of so many looks is what stays whatever is collected meanwhile. */
const windowLooks = 5;
/** Growth that is too much, in MB, where no limit says what a thread may hold. */
const growthMbMax = 512;

export interface Growth {
  readonly fromMb: number;
  readonly toMb: number;
}

export interface LeakWatchOptions {
  /** What the thread may hold, in MB; null for no limit. */
  readonly limitMb: number | null;
  /** MB that are held now, and after a collection. */
  readonly held?: () => number;
  readonly collect?: () => void;
}

export class LeakWatch {
  readonly #growthMb: number;
  readonly #held: () => number;
  readonly #collect: () => void;
  /** MB that were held at the last look. */
  heldMb = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #window: number[] = [];
  #baseMb: number | null = null;

  constructor({ limitMb, held = heldMb, collect = collectGarbage }: LeakWatchOptions) {
    this.#growthMb = limitMb === null ? growthMbMax : Math.min(growthMbMax, limitMb / 2);
    this.#held = held;
    this.#collect = collect;
  }

  /** Called between two leases, `now` in ms; how far the thread has grown once that is too far. */
  look(now: number): Growth | null {
    if (now - this.#lookedAt < lookMs) return null;
    this.#lookedAt = now;
    this.heldMb = this.#held();
    this.#window.push(this.heldMb);
    const least = Math.min(...this.#window);
    if (this.#baseMb !== null && this.heldMb > this.#baseMb + this.#growthMb) {
      // The garbage of the last trials is no growth.
      this.#collect();
      const toMb = this.#held();
      if (toMb > this.#baseMb + this.#growthMb) return { fromMb: this.#baseMb, toMb };
      this.#window.push(toMb);
    }
    if (this.#window.length < windowLooks) return null;
    this.#baseMb ??= least;
    this.#window = [];
    return null;
  }
}
