// A set of unit numbers as one bit each: what is wanted, done, or in flight. Ten million units are 1.25 MB.

/** Bytes that hold `count` bits, all clear. */
export function bitmapOf(count: number): Uint8Array {
  return new Uint8Array(Math.ceil(count / 8));
}

export function hasBit(bitmap: Uint8Array, index: number): boolean {
  return ((bitmap[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

export function setBit(bitmap: Uint8Array, index: number): void {
  bitmap[index >>> 3]! |= 1 << (index & 7);
}

export function clearBit(bitmap: Uint8Array, index: number): void {
  bitmap[index >>> 3]! &= ~(1 << (index & 7));
}

/** Sets the first `count` bits and clears the rest of the last byte. */
export function fillBits(bitmap: Uint8Array, count: number): void {
  bitmap.fill(0xff, 0, count >>> 3);
  if ((count & 7) !== 0) bitmap[count >>> 3] = (1 << (count & 7)) - 1;
}

const onesOf = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);

/** Clears every bit from `first` on. */
export function clearFrom(bitmap: Uint8Array, first: number): void {
  const byte = first >>> 3;
  if (byte >= bitmap.length) return;
  bitmap[byte]! &= (1 << (first & 7)) - 1;
  bitmap.fill(0, byte + 1);
}

/** How many bits are set. */
export function countBits(bitmap: Uint8Array): number {
  let total = 0;
  for (const byte of bitmap) total += onesOf[byte]!;
  return total;
}

/** How many bits are set in both. */
export function countShared(a: Uint8Array, b: Uint8Array): number {
  let total = 0;
  for (let at = Math.min(a.length, b.length) - 1; at >= 0; at -= 1) total += onesOf[a[at]! & b[at]!]!;
  return total;
}

/** How many bits are set in the first and not in the second. */
export function countWithout(bitmap: Uint8Array, without: Uint8Array): number {
  let total = 0;
  for (let at = 0; at < bitmap.length; at += 1) total += onesOf[bitmap[at]! & ~(without[at] ?? 0)]!;
  return total;
}

/** The same bitmap when it has room for `count` bits, else a longer copy. */
export function grownBitmap(bitmap: Uint8Array, count: number): Uint8Array {
  const bytes = Math.ceil(count / 8);
  if (bitmap.length >= bytes) return bitmap;
  const grown = new Uint8Array(bytes);
  grown.set(bitmap);
  return grown;
}

/** The set bits in ascending order. */
export function* bitsOf(bitmap: Uint8Array): Generator<number> {
  for (let at = 0; at < bitmap.length; at += 1) {
    const byte = bitmap[at]!;
    if (byte === 0) continue;
    for (let bit = 0; bit < 8; bit += 1) if ((byte & (1 << bit)) !== 0) yield at * 8 + bit;
  }
}
