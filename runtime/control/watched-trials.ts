// Trials of a run whose rows somebody looks at now: told to the run's hosts, and forgotten soon after the last asking, so that nothing is
// told that nobody reads.
import type { WatchedUnit } from "../execute/protocol/protocol.ts";

/** Whoever goes on looking asks again within so long. */
const patienceMs = 15_000;

export class WatchedTrials {
  readonly #watched = new Map<string, WatchedUnit & { readonly timer: NodeJS.Timeout }>();
  readonly #changed: () => void;
  #asks = 0;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get units(): readonly WatchedUnit[] {
    return [...this.#watched.values()].map(({ job, unit, ask }) => ({ job, unit, ask }));
  }

  /** Somebody looks at a unit; `isNew` for one who has none of its rows and is told them all. */
  look(job: number, unit: number, isNew: boolean): void {
    const key = `${job}/${unit}`;
    const known = this.#watched.get(key);
    clearTimeout(known?.timer);
    const isAsked = known === undefined || isNew;
    if (isAsked) this.#asks += 1;
    const timer = setTimeout(() => {
      this.#watched.delete(key);
      this.#changed();
    }, patienceMs);
    timer.unref();
    this.#watched.delete(key);
    this.#watched.set(key, { job, unit, ask: isAsked ? this.#asks : known.ask, timer });
    if (isAsked) this.#changed();
  }

  close(): void {
    for (const { timer } of this.#watched.values()) clearTimeout(timer);
    this.#watched.clear();
  }
}
