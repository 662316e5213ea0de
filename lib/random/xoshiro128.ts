// xoshiro128** 1.1 of Blackman and Vigna (2018, https://prng.di.unimi.it/xoshiro128starstar.c): 128 bits of state, 32 out.
// State is four int32 words in an object, so that V8 keeps them as small integers.

/** Four words of state; not all zero. */
export type State128 = readonly [number, number, number, number];

export class Xoshiro128 {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(state: State128) {
    this.#a = state[0] | 0;
    this.#b = state[1] | 0;
    this.#c = state[2] | 0;
    this.#d = state[3] | 0;
    // The all-zero state is a fixed point; a hash yields it once in 2^128.
    if ((this.#a | this.#b | this.#c | this.#d) === 0) this.#d = 1;
  }

  /** The next 32 bits as a signed integer. */
  next(): number {
    const b = this.#b;
    const five = Math.imul(b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9);
    const c = this.#c ^ this.#a;
    const d = this.#d ^ b;
    this.#b = b ^ c;
    this.#a ^= d;
    this.#c = c ^ (b << 9);
    this.#d = (d << 11) | (d >>> 21);
    return result;
  }

  /** The state as four uint32. */
  state(): State128 {
    return [this.#a >>> 0, this.#b >>> 0, this.#c >>> 0, this.#d >>> 0];
  }
}
