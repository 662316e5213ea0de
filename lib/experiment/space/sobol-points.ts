// Points of Sobol's sequence by index, in Gray-code order (Antonov and Saleev 1979), 32 bits a coordinate: the order and the numbers of
// SciPy's qmc.Sobol. Scrambling is a random lower-triangular linear map with a digital shift (Matousek 1998, J. Complexity 14).
import { randomFrom } from "../../random/random.ts";
import { sobolDirections } from "./sobol-directions.ts";

/** How many dimensions the table covers. */
export const sobolDimensionsMax = sobolDirections.length + 1;

const bits = 32;

/** Coordinate of point `index` (0 to 2^32-1) in one dimension, 0 <= x < 1. */
export type SobolDimension = (index: number) => number;

export interface SobolScramble {
  readonly seed: number;
}

/** One dimension, counted from 0, scrambled or (null) as defined. */
export function sobolDimensionOf(dimension: number, scramble: SobolScramble | null): SobolDimension {
  const plain = directionNumbersOf(dimension);
  if (scramble === null) return (index) => combine(plain, index, 0);
  const random = randomFrom(scramble.seed).stream("sobol scramble", dimension);
  // Row k of the matrix makes digit k (from the most significant) out of the digits above it and itself.
  const matrix = Array.from({ length: bits }, (_, k) => {
    const above = k === 0 ? 0 : (random.uint32() & ~(0xffffffff >>> k)) >>> 0;
    return (above | (1 << (bits - 1 - k))) >>> 0;
  });
  const shift = random.uint32();
  const scrambled = Uint32Array.from(plain, (word) => {
    let result = 0;
    for (let k = 0; k < bits; k++) {
      if (isOdd((matrix[k] ?? 0) & word)) result |= 1 << (bits - 1 - k);
    }
    return result >>> 0;
  });
  return (index) => combine(scrambled, index, shift);
}

function combine(directions: Uint32Array, index: number, shift: number): number {
  let gray = (index ^ (index >>> 1)) >>> 0;
  let word = shift;
  for (let bit = 0; gray !== 0; bit++, gray >>>= 1) {
    if ((gray & 1) !== 0) word ^= directions[bit] ?? 0;
  }
  return (word >>> 0) / 4294967296;
}

/** The 32 direction numbers v_1 ... v_32 of a dimension, each shifted to 32 bits (Joe and Kuo 2008, equation 2). */
function directionNumbersOf(dimension: number): Uint32Array {
  const v = new Uint32Array(bits);
  if (dimension === 0) {
    for (let i = 0; i < bits; i++) v[i] = 1 << (bits - 1 - i);
    return v;
  }
  const row = sobolDirections[dimension - 1];
  if (row === undefined) throw new RangeError(`sobol: at most ${sobolDimensionsMax} dimensions`);
  const [a = 0, ...m] = row;
  const degree = m.length;
  for (let i = 0; i < bits; i++) {
    if (i < degree) {
      v[i] = (m[i] ?? 0) << (bits - 1 - i);
      continue;
    }
    let word = (v[i - degree] ?? 0) ^ ((v[i - degree] ?? 0) >>> degree);
    for (let k = 1; k < degree; k++) {
      if (((a >>> (degree - 1 - k)) & 1) !== 0) word ^= v[i - k] ?? 0;
    }
    v[i] = word;
  }
  return v;
}

function isOdd(word: number): boolean {
  let x = word ^ (word >>> 16);
  x ^= x >>> 8;
  x ^= x >>> 4;
  x ^= x >>> 2;
  x ^= x >>> 1;
  return (x & 1) !== 0;
}
