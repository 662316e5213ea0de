// A random permutation of 0..n-1 that is computed, not stored: A. Kensler (2013), "Correlated Multi-Jittered Sampling", Pixar
// Technical Memo 13-01, section 3.4. A design of ten million points needs no table.

/** Where `row` (0 to count-1) goes under the permutation that `key` (uint32) names; count from 1 to 2^32-1. */
export function permutedRow(row: number, count: number, key: number): number {
  let mask = count - 1;
  mask |= mask >>> 1;
  mask |= mask >>> 2;
  mask |= mask >>> 4;
  mask |= mask >>> 8;
  mask |= mask >>> 16;
  let i = row;
  do {
    i = scrambled(i, mask, key);
  } while (i >>> 0 >= count);
  return ((i >>> 0) + (key >>> 0)) % count;
}

/** A bijection of the numbers under the mask. */
function scrambled(word: number, mask: number, key: number): number {
  let i = word ^ key;
  i = Math.imul(i, 0xe170893d);
  i ^= key >>> 16;
  i ^= (i & mask) >>> 4;
  i ^= key >>> 8;
  i = Math.imul(i, 0x0929eb3f);
  i ^= key >>> 23;
  i ^= (i & mask) >>> 1;
  i = Math.imul(i, 1 | (key >>> 27));
  i = Math.imul(i, 0x6935fa69);
  i ^= (i & mask) >>> 11;
  i = Math.imul(i, 0x74dcb303);
  i ^= (i & mask) >>> 2;
  i = Math.imul(i, 0x9e501cc3);
  i ^= (i & mask) >>> 2;
  i = Math.imul(i, 0xc860a3df);
  i &= mask;
  return i ^ (i >>> 5);
}
