// Calls that performers work on, by the lease whose unit made them: each has a signal, which aborts when nobody waits any more.

export class CallsUnderWay {
  readonly #calls = new Map<number, { readonly lease: number; readonly abort: AbortController }>();
  #onEmpty: (() => void) | null = null;
  #closed: string | null = null;

  /** Does the work of a call, which is under way until it settles. */
  async during<T>(
    { lease, call }: { readonly lease: number; readonly call: number },
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const abort = new AbortController();
    this.#calls.set(call, { lease, abort });
    if (this.#closed !== null) abort.abort(new Error(this.#closed));
    try {
      return await work(abort.signal);
    } finally {
      this.#calls.delete(call);
      if (this.#calls.size === 0) this.#onEmpty?.();
    }
  }

  /** `call` null means all calls of the lease. */
  abandon(lease: number, call: number | null, reason: string): void {
    for (const [number, each] of this.#calls)
      if (each.lease === lease && (call === null || call === number)) each.abort.abort(new Error(reason));
  }

  /** Resolves when no call is under way, at the latest after `graceMs`. */
  async close(reason: string, graceMs: number): Promise<void> {
    this.#closed = reason;
    for (const { abort } of this.#calls.values()) abort.abort(new Error(reason));
    if (this.#calls.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
