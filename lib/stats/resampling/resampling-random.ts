// The seeded generator of resampling: xoshiro128** (Blackman & Vigna 2021), its state filled by splitmix32 from a seed.
// It stays inside the statistics, so that a stored seed regenerates an interval without any other part of the package.
import { assertCount } from "../refusal.ts";

/** A stream of random numbers with only what resampling needs. */
export interface ResamplingRandom {
  /** A whole number in [0, n), without bias, for n up to 2^21. */
  below(n: number): number;
  /** A number in [0, 1) with 53 bits. */
  uniform(): number;
  /** A standard normal number. */
  normal(): number;
}

/** A stream fixed by a seed: a whole number in [0, 2^53). */
export function resamplingRandom(seed: number): ResamplingRandom {
  assertCount(seed, { name: "seed", least: 0 });
  let mix = (seed ^ Math.imul(Math.floor(seed / 4294967296), 0x9e3779b9)) | 0;
  const word = () => {
    mix = (mix + 0x9e3779b9) | 0;
    let z = mix;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return z ^ (z >>> 15);
  };
  let s0 = word();
  let s1 = word();
  let s2 = word();
  let s3 = word() | 1;
  let spare: number | undefined;

  const next = (): number => {
    const m = Math.imul(s1, 5);
    const result = Math.imul((m << 7) | (m >>> 25), 9) >>> 0;
    const t = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= t;
    s3 = (s3 << 11) | (s3 >>> 21);
    return result;
  };
  const uniform = () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;

  return {
    below(n) {
      // Lemire (2019): a product's high word, rejecting the short first part that would bias it.
      let product = next() * n;
      let high = Math.floor(product / 4294967296);
      let low = product - high * 4294967296;
      if (low < n) {
        const threshold = 4294967296 % n;
        while (low < threshold) {
          product = next() * n;
          high = Math.floor(product / 4294967296);
          low = product - high * 4294967296;
        }
      }
      return high;
    },
    uniform,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      // Marsaglia's polar method.
      for (;;) {
        const u = 2 * uniform() - 1;
        const v = 2 * uniform() - 1;
        const s = u * u + v * v;
        if (s > 0 && s < 1) {
          const factor = Math.sqrt((-2 * Math.log(s)) / s);
          spare = v * factor;
          return u * factor;
        }
      }
    },
  };
}
