// How many simulations may be started: as many as the orchestrator says that it has workers free, beside those of ours that it runs already.
// Whoever waits is let in in the order in which they came.
import type { GateReading, Outage } from "../event/services.ts";

export interface WorkerPlace {
  /** Gives it back; more than once is as once. */
  leave(): void;
}

export class FreeWorkers {
  readonly #waiting: ((place: WorkerPlace) => void)[] = [];
  readonly #most: number;
  #running = 0;
  #allowed = 0;

  /** `most` of ours at a time, whatever is free. */
  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when a simulation may be started; rejects when the signal aborts. */
  enter(signal: AbortSignal): Promise<WorkerPlace> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const admit = (place: WorkerPlace): void => {
        signal.removeEventListener("abort", abort);
        resolve(place);
      };
      const abort = (): void => {
        const index = this.#waiting.indexOf(admit);
        if (index >= 0) this.#waiting.splice(index, 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", abort, { once: true });
      this.#waiting.push(admit);
      this.#admit();
    });
  }

  /** The place of a simulation that runs already: nobody is asked. */
  take(): WorkerPlace {
    this.#running += 1;
    let isLeft = false;
    return {
      leave: () => {
        if (isLeft) return;
        isLeft = true;
        this.#running -= 1;
        this.#admit();
      },
    };
  }

  /** So many workers were free while so many simulations of ours ran. */
  report(free: number, running: number): void {
    this.#allowed = Math.min(running, this.#running) + free;
    this.#admit();
  }

  /** The orchestrator has refused the one who has this place, for lack of room: it is given back, and goes to nobody else. */
  refuse(place: WorkerPlace): void {
    this.#allowed = Math.min(this.#allowed, this.#running - 1);
    place.leave();
  }

  reading(outage: Outage): GateReading {
    const most = Math.min(this.#most, Math.max(this.#allowed, this.#running));
    return {
      windowMs: 60_000,
      requests: null,
      tokens: null,
      calls: { taken: this.#running, most },
      waiting: this.#waiting.length,
      share: 1,
      closedMs: 0,
      outage,
    };
  }

  #admit(): void {
    while (this.#running < Math.min(this.#allowed, this.#most)) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next(this.take());
    }
  }
}
