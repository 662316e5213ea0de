// The jobs of leases that are over, the last few hundred: a line that is logged late still finds its trial.

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
