// The jobs of leases that are over, the last few hundred: a line that is logged late still finds its trial.
import type { RunEvent } from "../../../event/event.ts";

const keptMax = 500;

export class EndedLeases {
  readonly #jobs = new Map<number, number>();

  remember(lease: number, job: number): void {
    this.#jobs.set(lease, job);
    if (this.#jobs.size > keptMax) this.#jobs.delete(this.#jobs.keys().next().value ?? 0);
  }

  /** Null for one that is forgotten, or not over. */
  jobOf(lease: number): number | null {
    return this.#jobs.get(lease) ?? null;
  }
}

/** What is said of a message that nobody waits for any more. */
export function tooLate(what: string): RunEvent {
  return { type: "notice", level: "info", text: `${what} came too late and was refused` };
}
