// Uniform numbers strictly between 0 and 1 from a state of plain words, so that a learner, its WebAssembly kernel and
// a checkpoint can all hold it. Two generators: xoshiro128** (ours) and ran2 of Numerical Recipes (of older papers).

/** Words kept by ran2: idum, idum2, iy and the 32 of its shuffle table. xoshiro128** uses the first four. */
export const streamWords = 35;

/** A generator's name and its whole state; `nextUniform` changes the words in place. */
export interface UniformStream {
  readonly generator: "xoshiro128**" | "ran2";
  /** 35 unsigned 32-bit words. */
  readonly words: Uint32Array;
}

/**
 * The stream that goes on from a generator's state: four 32-bit words, not all zero, as `random.state()` gives them.
 * @example const exploration = xoshiroStream(random.stream("exploration").state());
 * @throws RangeError unless the state is four whole numbers from 0 to 2^32 - 1, one of them above 0.
 */
export function xoshiroStream(state: ArrayLike<number>): UniformStream {
  const given = Array.from(state);
  const areWords = given.every((word) => Number.isInteger(word) && word >= 0 && word < 2 ** 32);
  if (given.length !== 4 || !areWords || given.every((word) => word === 0)) {
    throw new RangeError(
      `xoshiroStream: expected 4 words from 0 to 4294967295, not all zero, got [${given.join(", ")}]`,
    );
  }
  const words = new Uint32Array(streamWords);
  words.set(given);
  return { generator: "xoshiro128**", words };
}

const modulus1 = 2147483563;
const modulus2 = 2147483399;

/**
 * ran2: L'Ecuyer's combined generator with a Bays-Durham shuffle (Press et al., Numerical Recipes in Fortran 77, 2nd
 * ed., section 7.1), in double precision, begun by a call with idum = -seed and idum2 set to the seed.
 * @param options.seed whole number, 1 to 2147483562
 * @param options.skip how many numbers to pass over first; 0 unless told
 * @example nextUniform(ran2Stream({ seed: 1 })); // 0.28538089...
 * @throws RangeError on a seed outside that range, or a `skip` that is not a whole number of at least 0.
 */
export function ran2Stream(options: { readonly seed: number; readonly skip?: number }): UniformStream {
  const { seed, skip = 0 } = options;
  if (!Number.isInteger(seed) || seed < 1 || seed >= modulus1) {
    throw new RangeError(`ran2Stream: expected a whole seed from 1 to ${modulus1 - 1}, got ${seed}`);
  }
  if (!Number.isInteger(skip) || skip < 0) {
    throw new RangeError(`ran2Stream: expected a whole number of numbers to skip, got ${skip}`);
  }
  const words = new Uint32Array(streamWords);
  let first = seed;
  for (let slot = 39; slot >= 0; slot--) {
    first = (first * 40014) % modulus1;
    if (slot < 32) words[3 + slot] = first;
  }
  words[0] = first;
  words[1] = seed;
  words[2] = words[3]!;
  const stream: UniformStream = { generator: "ran2", words };
  for (let i = 0; i < skip; i++) nextUniform(stream);
  return stream;
}

/** The next number of the stream: strictly between 0 and 1, a multiple of 2^-33 or of 1/2147483563. Changes its words. */
export function nextUniform(stream: UniformStream): number {
  return stream.generator === "ran2"
    ? nextRan2(stream.words)
    : (nextXoshiro(stream.words) + 0.5) / 4294967296;
}

function nextRan2(words: Uint32Array): number {
  const first = (words[0]! * 40014) % modulus1;
  const second = (words[1]! * 40692) % modulus2;
  const slot = 3 + Math.floor(words[2]! / 67108862);
  let mixed = words[slot]! - second;
  if (mixed < 1) mixed += modulus1 - 1;
  words[slot] = first;
  words[0] = first;
  words[1] = second;
  words[2] = mixed;
  return Math.min((1 / modulus1) * mixed, 1 - 1.2e-7);
}

// Blackman and Vigna, xoshiro128** 1.1: the same words as lib/random gives.
function nextXoshiro(words: Uint32Array): number {
  const s1 = words[1]!;
  const product = Math.imul(s1, 5);
  const word = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
  const s2 = words[2]! ^ words[0]!;
  const s3 = words[3]! ^ s1;
  words[1] = s1 ^ s2;
  words[0] = words[0]! ^ s3;
  words[2] = s2 ^ (s1 << 9);
  words[3] = (s3 << 11) | (s3 >>> 21);
  return word;
}
