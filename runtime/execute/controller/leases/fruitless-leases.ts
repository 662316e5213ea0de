// Leases that hosts hand back untouched, counted in a row for each host.

/** Leases in a row that a host hands back untouched before it is taken for broken. */
const fruitlessLeasesMax = 100;

export class FruitlessLeases {
  readonly #counts = new Map<string, number>();

  /** The host has done something, or is gone. */
  forget(host: string): void {
    this.#counts.delete(host);
  }

  /** Counts one more; in words that follow "it" why the host is taken for broken, or null. */
  count(host: string): string | null {
    const count = (this.#counts.get(host) ?? 0) + 1;
    this.#counts.set(host, count);
    return count > fruitlessLeasesMax ? `handed back ${fruitlessLeasesMax} leases untouched` : null;
  }
}
