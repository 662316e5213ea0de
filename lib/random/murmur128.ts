// MurmurHash3_x86_128 of Austin Appleby (public domain, https://github.com/aappleby/smhasher): names to 128 bits.
// Not for secrets: only for seeds, where a good mix and a fixed definition are what counts.
import type { State128 } from "./xoshiro128.ts";

const c1 = 0x239b961b;
const c2 = 0xab0e9789;
const c3 = 0x38b34ae5;
const c4 = 0xa1e38b93;

/** Hash of whole 32-bit words (little-endian bytes of the reference); `words.length` must be a multiple of 4. */
export function murmur128OfWords(words: ArrayLike<number>, seed = 0): State128 {
  let h1 = seed;
  let h2 = seed;
  let h3 = seed;
  let h4 = seed;
  for (let i = 0; i < words.length; i += 4) {
    h1 ^= Math.imul(rotate(Math.imul(words[i] ?? 0, c1), 15), c2);
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(words[i + 1] ?? 0, c2), 16), c3);
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(words[i + 2] ?? 0, c3), 17), c4);
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(words[i + 3] ?? 0, c4), 18), c1);
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  return finish(h1, h2, h3, h4, words.length * 4);
}

/** Hash of the UTF-8 bytes of a text. */
export function murmur128(text: string, seed = 0): State128 {
  const length = encode(text);
  const bytes = scratch;
  const whole = length & ~15;
  let h1 = seed;
  let h2 = seed;
  let h3 = seed;
  let h4 = seed;
  for (let i = 0; i < whole; i += 16) {
    h1 ^= Math.imul(rotate(Math.imul(wordAt(bytes, i), c1), 15), c2);
    h1 = (Math.imul((rotate(h1, 19) + h2) | 0, 5) + 0x561ccd1b) | 0;
    h2 ^= Math.imul(rotate(Math.imul(wordAt(bytes, i + 4), c2), 16), c3);
    h2 = (Math.imul((rotate(h2, 17) + h3) | 0, 5) + 0x0bcaa747) | 0;
    h3 ^= Math.imul(rotate(Math.imul(wordAt(bytes, i + 8), c3), 17), c4);
    h3 = (Math.imul((rotate(h3, 15) + h4) | 0, 5) + 0x96cd1c35) | 0;
    h4 ^= Math.imul(rotate(Math.imul(wordAt(bytes, i + 12), c4), 18), c1);
    h4 = (Math.imul((rotate(h4, 13) + h1) | 0, 5) + 0x32ac3b17) | 0;
  }
  // The tail, padded with zero bytes: a word of zeros leaves its lane as it is, as the reference's switch does.
  h4 ^= Math.imul(rotate(Math.imul(wordAt(bytes, whole + 12), c4), 18), c1);
  h3 ^= Math.imul(rotate(Math.imul(wordAt(bytes, whole + 8), c3), 17), c4);
  h2 ^= Math.imul(rotate(Math.imul(wordAt(bytes, whole + 4), c2), 16), c3);
  h1 ^= Math.imul(rotate(Math.imul(wordAt(bytes, whole), c1), 15), c2);
  return finish(h1, h2, h3, h4, length);
}

const encoder = new TextEncoder();
let scratch = new Uint8Array(1024);

/** Puts the UTF-8 bytes of a text into `scratch`, 16 zero bytes after them, and gives their number. */
function encode(text: string): number {
  // A UTF-16 unit takes at most three bytes.
  if (scratch.length < text.length * 3 + 16) scratch = new Uint8Array(text.length * 6 + 16);
  let length = text.length;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 127) {
      length = encoder.encodeInto(text, scratch).written;
      break;
    }
    scratch[i] = unit;
  }
  scratch.fill(0, length, length + 16);
  return length;
}

/** Little-endian word at `i`; the 16 bytes beyond the end are zero. */
function wordAt(bytes: Uint8Array, i: number): number {
  return (
    (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24)
  );
}

function finish(a: number, b: number, c: number, d: number, length: number): State128 {
  let h1 = a ^ length;
  let h2 = b ^ length;
  let h3 = c ^ length;
  let h4 = d ^ length;
  h1 = (h1 + h2 + h3 + h4) | 0;
  h2 = (h2 + h1) | 0;
  h3 = (h3 + h1) | 0;
  h4 = (h4 + h1) | 0;
  h1 = mix32(h1);
  h2 = mix32(h2);
  h3 = mix32(h3);
  h4 = mix32(h4);
  h1 = (h1 + h2 + h3 + h4) | 0;
  return [h1 >>> 0, (h2 + h1) >>> 0, (h3 + h1) >>> 0, (h4 + h1) >>> 0];
}

/** The finaliser of MurmurHash3: a bijection of 32-bit words in which every input bit reaches every output bit. */
export function mix32(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
