// Work that is done again and again while a run goes on, in a small share of its time: ever more seldom while it fails, and never twice at once.

export interface TurnsOptions {
  readonly work: () => Promise<void>;
  /** Hears of the first of several failures in a row. */
  readonly onFailure: (words: string) => void;
}

const firstMs = 1000;
/** Between two turns, at least; and so many times as long as the last one took. */
const apartMs = 2000;
const apartTimes = 5;
const apartMaxMs = 60_000;

export class Turns {
  readonly #options: TurnsOptions;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #isOver = false;
  #failures = 0;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#next(firstMs);
  }

  /** No turn begins from now on; resolves once the one under way has ended. */
  async end(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#timer);
    await this.#turn;
  }

  #next(waitMs: number): void {
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.#turn = this.#take();
    }, waitMs).unref();
  }

  async #take(): Promise<void> {
    const from = performance.now();
    try {
      await this.#options.work();
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === 1 && !this.#isOver) this.#options.onFailure(wordsOf(error));
    }
    const tookMs = performance.now() - from;
    this.#next(Math.min(apartMaxMs, Math.max(apartMs * 2 ** this.#failures, apartTimes * tookMs)));
  }
}

export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
