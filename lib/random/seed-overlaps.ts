// replicate.seed of a condition's replicates is a run of consecutive numbers, permuted. Two conditions whose runs overlap would share
// seeds; this finds such conditions and moves the later one, so that every seed is unique within a run.

/**
 * How far conditions must move so that no two of them share a `replicate.seed`: index in `hashes` to salt. `hashes[i]` is the first
 * word of condition i's hash; replicates is their number. Nearly always empty: with 1,000 conditions of 1,000 replicates one in 4 runs
 * moves any. Of two that
 * overlap the later moves, to the next free place.
 * @throws RangeError when hashes.length * replicates exceeds 2^32.
 */
export function resolveSeedOverlaps(hashes: Uint32Array, replicates: number): Map<number, number> {
  if (hashes.length * replicates > 2 ** 32) {
    throw new RangeError(
      `${hashes.length} conditions of ${replicates} replicates have no unique 32-bit seeds: expected at most 2^32 trials`,
    );
  }
  const order = sortedIndexes(hashes);
  const crowded = crowdedIndexes(hashes, order, replicates);
  const salts = new Map<number, number>();
  if (crowded.length === 0) return salts;
  const isCrowded = new Set(crowded);
  const taken = new Starts(order.filter((index) => !isCrowded.has(index)).map((index) => hashes[index] ?? 0));
  // By index and own places first, so that a condition appended to the design moves none that stands at its own place.
  crowded.sort((one, other) => one - other);
  const displaced = crowded.filter((index) => !taken.place(hashes[index] ?? 0, replicates));
  for (const index of displaced) {
    const wanted = hashes[index] ?? 0;
    salts.set(index, (taken.placeFrom(wanted, replicates) - wanted) >>> 0);
  }
  return salts;
}

const circle = 2 ** 32;

/** Indexes of the conditions whose run of seeds overlaps a neighbour's. */
function crowdedIndexes(hashes: Uint32Array, order: Uint32Array, replicates: number): number[] {
  const crowded = new Set<number>();
  for (let i = 0; i < order.length && order.length > 1; i++) {
    const here = order[i] ?? 0;
    const next = order[(i + 1) % order.length] ?? 0;
    if (((hashes[next] ?? 0) - (hashes[here] ?? 0)) >>> 0 < replicates) crowded.add(here).add(next);
  }
  return [...crowded];
}

/** Sorted starts of runs that are placed. */
class Starts {
  readonly #starts: number[];

  constructor(sorted: Uint32Array) {
    this.#starts = [...sorted];
  }

  /** Places a run at `start` unless it would touch another; says whether it did. */
  place(start: number, length: number): boolean {
    const free = this.#nextFree(start, length) === start;
    if (free) this.#insert(start);
    return free;
  }

  /** Places a run at the first start from `wanted` on, around the circle, that touches no other; returns it. */
  placeFrom(wanted: number, length: number): number {
    let start = wanted;
    for (let tries = 0; tries <= 2 * this.#starts.length + 2; tries++) {
      const next = this.#nextFree(start, length);
      if (next === start) {
        this.#insert(start);
        return start;
      }
      start = next;
    }
    throw new RangeError("no free run of 32-bit seeds is left: expected fewer replicates or conditions");
  }

  /** `start` itself when a run there touches no other; else the end of a run that it touches. */
  #nextFree(start: number, length: number): number {
    const at = this.#firstNotBelow(start);
    const count = this.#starts.length;
    const before = this.#starts[(at - 1 + count) % count];
    const after = this.#starts[at % count];
    if (before === undefined || after === undefined) return start;
    if ((start - before + circle) % circle < length) return (before + length) % circle;
    if ((after - start + circle) % circle < length) return (after + length) % circle;
    return start;
  }

  #insert(start: number): void {
    this.#starts.splice(this.#firstNotBelow(start), 0, start);
  }

  #firstNotBelow(value: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Indexes in ascending order of their hash, ties by index: two passes of a counting sort over 16 bits. */
function sortedIndexes(hashes: Uint32Array): Uint32Array {
  let order = Uint32Array.from({ length: hashes.length }, (_, i) => i);
  for (const shift of [0, 16]) {
    const offsets = new Uint32Array(65537);
    for (const hash of hashes)
      offsets[((hash >>> shift) & 0xffff) + 1] = (offsets[((hash >>> shift) & 0xffff) + 1] ?? 0) + 1;
    for (let digit = 0; digit < 65536; digit++) {
      offsets[digit + 1] = (offsets[digit + 1] ?? 0) + (offsets[digit] ?? 0);
    }
    const sorted = new Uint32Array(hashes.length);
    for (const index of order) {
      const digit = ((hashes[index] ?? 0) >>> shift) & 0xffff;
      const at = offsets[digit] ?? 0;
      sorted[at] = index;
      offsets[digit] = at + 1;
    }
    order = sorted;
  }
  return order;
}
