// A set of small whole numbers at one bit each: bit i is bit `i & 7` of byte `i >> 3`. The layout is the one that builds and
// the store write to disk, so a bitmap read from a file is used as it is. Numbers go up to 2^32 - 1.

/** Bit i is bit `i & 7` of byte `i >>> 3`; bits past the end read as unset. */
export type Bitmap = Uint8Array;

/** An empty bitmap with room for the numbers 0 to `size - 1`. */
export function bitmapOf(size: number): Bitmap {
  return new Uint8Array(Math.ceil(size / 8));
}

/** A bitmap of the numbers 0 to `size - 1`, all set. */
export function fullBitmap(size: number): Bitmap {
  const bitmap = bitmapOf(size).fill(0xff);
  if (size % 8 !== 0) bitmap[bitmap.length - 1] = (1 << (size % 8)) - 1;
  return bitmap;
}

export function hasBit(bitmap: Bitmap, index: number): boolean {
  return ((bitmap[index >>> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

/** Sets a bit; the caller has made room for it. */
export function setBit(bitmap: Bitmap, index: number): void {
  const byte = index >>> 3;
  bitmap[byte] = (bitmap[byte] ?? 0) | (1 << (index & 7));
}

export function clearBit(bitmap: Bitmap, index: number): void {
  const byte = index >>> 3;
  bitmap[byte] = (bitmap[byte] ?? 0) & ~(1 << (index & 7));
}

/** A copy with room for `size` numbers; the same bitmap when it has room already. */
export function grownBitmap(bitmap: Bitmap, size: number): Bitmap {
  const bytes = Math.ceil(size / 8);
  if (bitmap.length >= bytes) return bitmap;
  const grown = new Uint8Array(bytes);
  grown.set(bitmap);
  return grown;
}

const onesOf = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) ones += 1;
  return ones;
});

/** How many bits are set. */
export function countBits(bitmap: Bitmap): number {
  let count = 0;
  for (let i = 0; i < bitmap.length; i++) count += onesOf[bitmap[i] ?? 0] ?? 0;
  return count;
}

/** How many bits are set in `bitmap` and not in `without`. */
export function countBitsWithout(bitmap: Bitmap, without: Bitmap): number {
  let count = 0;
  for (let i = 0; i < bitmap.length; i++) count += onesOf[(bitmap[i] ?? 0) & ~(without[i] ?? 0)] ?? 0;
  return count;
}

/** The numbers that are set, ascending. */
export function* bitsOf(bitmap: Bitmap): Generator<number> {
  for (let byte = 0; byte < bitmap.length; byte++) {
    for (let rest = bitmap[byte] ?? 0; rest !== 0; rest &= rest - 1) {
      yield byte * 8 + (31 - Math.clz32(rest & -rest));
    }
  }
}
