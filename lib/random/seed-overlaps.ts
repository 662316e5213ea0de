// replicate.seed of a condition's replicates is a run of consecutive numbers, permuted. Two conditions whose runs overlap would share
// seeds; this finds such conditions and moves the later one, so that every trial of an experiment has a seed of its own.

/**
 * How far conditions must move so that no two of them share a `replicate.seed`: index in `hashes` to salt. `hashes[i]` is the first
 * word of condition i's hash; replicates is their number. Nearly always empty: with 1,000 conditions of 1,000 replicates one in 4 runs
 * moves any. Of two that overlap the later moves, to the next free place. A design that needs more than half of all seeds has its
 * runs side by side in the order of the conditions, since nothing else surely fits.
 * @throws RangeError when hashes.length * replicates exceeds 2^32.
 */
export function resolveSeedOverlaps(hashes: Uint32Array, replicates: number): Map<number, number> {
  const needed = hashes.length * replicates;
  if (needed > circle) {
    throw new RangeError(
      `${hashes.length} conditions of ${replicates} replicates have no unique 32-bit seeds: expected at most 2^32 trials`,
    );
  }
  if (needed > circle / 2) return sideBySide(hashes, replicates);
  const order = sortedIndexes(hashes);
  const crowded = crowdedIndexes(hashes, order, replicates);
  const salts = new Map<number, number>();
  if (crowded.length === 0) return salts;
  const isCrowded = new Set(crowded);
  const taken = new Starts(hashes.length);
  for (const index of order) if (!isCrowded.has(index)) taken.insert(hashes[index] ?? 0);
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

function sideBySide(hashes: Uint32Array, replicates: number): Map<number, number> {
  const salts = new Map<number, number>();
  for (const [index, hash] of hashes.entries()) {
    const salt = (index * replicates - hash) >>> 0;
    if (salt !== 0) salts.set(index, salt);
  }
  return salts;
}

/** Starts of runs that are placed, sorted, in buckets by their high bits: a million are looked up and joined in no time. */
class Starts {
  readonly #buckets: number[][];
  readonly #shift: number;
  #count = 0;

  /** `expected` is about how many there will be. */
  constructor(expected: number) {
    const bits = Math.min(20, Math.max(0, Math.ceil(Math.log2(Math.max(1, expected / 4)))));
    this.#shift = 32 - bits;
    this.#buckets = Array.from({ length: 2 ** bits }, () => []);
  }

  /** Places a run at `start` unless it would touch another; says whether it did. */
  place(start: number, length: number): boolean {
    const free = this.#nextFree(start, length) === start;
    if (free) this.insert(start);
    return free;
  }

  /** Places a run at the first start from `wanted` on, around the circle, that touches no other; returns it. */
  placeFrom(wanted: number, length: number): number {
    let start = wanted;
    // Runs that fill at most half of the circle leave a gap for one more, which is met on the way round.
    for (let next = this.#nextFree(start, length); next !== start; next = this.#nextFree(start, length))
      start = next;
    this.insert(start);
    return start;
  }

  insert(start: number): void {
    const bucket = this.#buckets[this.#bucketOf(start)]!;
    bucket.splice(firstNotBelow(bucket, start), 0, start);
    this.#count += 1;
  }

  /** `start` itself when a run there touches no other; else the end of a run that it touches. */
  #nextFree(start: number, length: number): number {
    if (this.#count === 0) return start;
    const after = this.#atOrAfter(start);
    if ((after - start + circle) % circle < length) return (after + length) % circle;
    const before = this.#before(start);
    if ((start - before + circle) % circle < length) return (before + length) % circle;
    return start;
  }

  #atOrAfter(start: number): number {
    const first = this.#bucketOf(start);
    const own = this.#buckets[first]!;
    const found = own[firstNotBelow(own, start)];
    if (found !== undefined) return found;
    for (let step = 1; ; step += 1) {
      const [lowest] = this.#buckets[(first + step) % this.#buckets.length]!;
      if (lowest !== undefined) return lowest;
    }
  }

  #before(start: number): number {
    const last = this.#bucketOf(start);
    const own = this.#buckets[last]!;
    const found = own[firstNotBelow(own, start) - 1];
    if (found !== undefined) return found;
    for (let step = 1; ; step += 1) {
      const highest = this.#buckets[(last - step + this.#buckets.length * 2) % this.#buckets.length]!.at(-1);
      if (highest !== undefined) return highest;
    }
  }

  #bucketOf(start: number): number {
    return this.#shift === 32 ? 0 : start >>> this.#shift;
  }
}

function firstNotBelow(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
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
