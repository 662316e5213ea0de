// Looks for something again and again: soon after there was something, and ever more seldom while there is nothing.

export interface LooksOptions {
  /** Between two looks once there was something. */
  readonly quickMs: number;
  /** Between two looks at most. */
  readonly idleMs: number;
  /** Whether there was something; never rejects. */
  readonly look: () => Promise<boolean>;
}

export class Looks {
  readonly #options: LooksOptions;
  #pauseMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isStopped = false;

  constructor(options: LooksOptions) {
    this.#options = options;
    this.#pauseMs = options.quickMs;
    this.#plan();
  }

  /** Something is expected soon. */
  hurry(): void {
    this.#pauseMs = this.#options.quickMs;
    if (!this.#isLooking) this.#plan();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #plan(): void {
    clearTimeout(this.#timer);
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#look(), this.#pauseMs);
  }

  async #look(): Promise<void> {
    const { quickMs, idleMs, look } = this.#options;
    this.#isLooking = true;
    this.#pauseMs = (await look()) ? quickMs : Math.min(idleMs, this.#pauseMs * 1.3);
    this.#isLooking = false;
    this.#plan();
  }
}
