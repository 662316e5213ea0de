// Events as they come, for a loop that takes them one after another. A loop that is slower than the run is not queued for without end:
// what it could not be handed is counted.
import type { RunEvent } from "../event/event.ts";

/** Events that were not handed on, because so many waited already. */
export interface MissedEvents {
  readonly type: "missed";
  readonly count: number;
}

export type HeardEvent = RunEvent | MissedEvents;

/** Events that wait for a loop at most. */
export const waitingMost = 10_000;

/** One loop over the events of a run, from when it was made to the run's end. */
export class HeardEvents implements AsyncIterableIterator<HeardEvent> {
  #waiting: HeardEvent[] = [];
  #missed = 0;
  #end: { readonly error: unknown } | "open" | "ended" = "open";
  #wake: (() => void) | null = null;
  readonly #leave: () => void;

  /** `leave` is called when the loop is left. */
  constructor(leave: () => void) {
    this.#leave = leave;
  }

  hear(event: RunEvent): void {
    if (this.#waiting.length >= waitingMost && event.type !== "run-finished") {
      this.#missed += 1;
      return;
    }
    if (this.#missed > 0) this.#waiting.push({ type: "missed", count: this.#missed });
    this.#missed = 0;
    this.#waiting.push(event);
    this.#wake?.();
  }

  /** No more events come; the loop ends, or throws. */
  end(thrown: { readonly error: unknown } | null): void {
    this.#end = thrown ?? "ended";
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<HeardEvent, undefined>> {
    while (this.#waiting.length === 0 && this.#end === "open")
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#wake = null;
    const value = this.#waiting.shift();
    if (value !== undefined) return { done: false, value };
    const end = this.#end;
    this.#end = "ended";
    if (typeof end === "object") throw end.error;
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<HeardEvent, undefined>> {
    this.#waiting = [];
    this.#end = "ended";
    this.#leave();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
