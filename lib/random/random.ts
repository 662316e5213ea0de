// A stream of random numbers with the distributions that simulations need. Its state is four words and nothing else, so a checkpoint
// restores it; its named streams derive from the trial's name, never from how many numbers were drawn, and each is one: whoever asks
// for it by its name goes on where it stands. So a checkpoint can hold them all.
import { normalQuantile } from "./normal-quantile.ts";
import { type Hash128, streamSeedOf, trialSeedOf } from "./seed-of.ts";
import { type State128, Xoshiro128 } from "./xoshiro128.ts";

export interface StreamOptions {
  /** Under common random numbers: a stream of this condition alone, not shared with the others. */
  readonly own?: boolean;
}

/** Where a unit's random numbers come from. */
export interface RandomSource {
  readonly stem: Hash128;
  /** Null for a stage per "build". */
  readonly condition: Hash128 | null;
  /** Replicate index, or its explicit uint32 seed where the design lists seeds. */
  readonly replicate: number;
  readonly pairing: "independent" | "common-random-numbers";
}

/** The random numbers of a unit of a job. */
export function randomOf(source: RandomSource): Random {
  return new Random(source, "", source.pairing === "independent");
}

/** A stream by itself, outside any experiment: for tests, examples and environments. The seed is any whole number or text. */
export function randomFrom(seed: number | string): Random {
  const stem = streamSeedOf([0, 0, 0, 0], JSON.stringify(["labwright/standalone", seed]));
  return randomOf({ stem, condition: null, replicate: 0, pairing: "independent" });
}

/** Where a unit's random numbers stood: its own, and those of every named stream by the canonical text of its names. */
export interface RandomState {
  readonly own: State128;
  /** A stream that is not here has not been asked for, and starts from its start. */
  readonly streams: ReadonlyMap<string, State128>;
}

/** The named streams of one unit: those that were asked for, and where those stood that a checkpoint knew. */
interface Family {
  readonly open: Map<string, Random>;
  readonly saved: Map<string, State128>;
}

export class Random {
  readonly #source: RandomSource;
  readonly #path: string;
  readonly #own: boolean;
  #family: Family | null;
  #generator: Xoshiro128;

  /** Use randomOf or randomFrom; `path` is the canonical text of the names of nested streams. */
  constructor(source: RandomSource, path: string, own: boolean, family: Family | null = null) {
    this.#source = source;
    this.#path = path;
    this.#own = own;
    this.#family = family;
    this.#generator = this.#first();
  }

  #first(): Xoshiro128 {
    const source = this.#source;
    const unit = trialSeedOf(source.stem, {
      condition: this.#own ? source.condition : null,
      replicate: source.replicate,
    });
    return new Xoshiro128(this.#path === "" ? unit : streamSeedOf(unit, this.#path));
  }

  /** A multiple of 2^-53 with 0 <= x < 1, uniform. Draws two words. */
  float(): number {
    const high = this.#generator.next() >>> 5;
    const low = this.#generator.next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  /** The next 32 bits: 0 to 4294967295. */
  uint32(): number {
    return this.#generator.next() >>> 0;
  }

  /**
   * A whole number from min to max, both included, without bias.
   * @throws RangeError unless both are safe integers, min <= max, and max - min < 2^53.
   */
  integer(min: number, max: number): number {
    const span = max - min + 1;
    if (!(Number.isSafeInteger(min) && Number.isSafeInteger(max) && span >= 1 && span <= 2 ** 53)) {
      throw new RangeError(
        `integer(${min}, ${max}): expected whole numbers with min <= max less than 2^53 apart`,
      );
    }
    return min + (span <= 2 ** 32 ? this.#below32(span) : this.#below53(span));
  }

  /** True with this probability. One uniform number. */
  boolean(probability = 0.5): boolean {
    return this.float() < probability;
  }

  /** A normal number, by inversion: one uniform number each, so streams stay in step (mean 0, standard deviation 1 unless told). */
  normal(mean = 0, standardDeviation = 1): number {
    const p = this.float();
    return mean + standardDeviation * normalQuantile(p === 0 ? 2 ** -54 : p);
  }

  /** An exponential number with this mean, by inversion. */
  exponential(mean = 1): number {
    return -mean * Math.log1p(-this.float());
  }

  /** One item, all equally likely. @throws RangeError on an empty list. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError("pick: expected a list of at least one item, got none");
    // The index is below list.length, so the item is there.
    return list[this.integer(0, list.length - 1)] as T;
  }

  /** A new array of the same items in random order (Fisher-Yates, from the end). */
  shuffle<T>(list: readonly T[]): T[] {
    const items = [...list];
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.#below32(i + 1);
      // Both indexes are within the array.
      [items[i], items[j]] = [items[j] as T, items[i] as T];
    }
    return items;
  }

  /**
   * The stream of this name: `random.stream("agent", 2)`. Drawing from one leaves all others as they are. A name is one stream: asking
   * again gives it where it stands. A trial's streams are kept until it ends, about 300 bytes each.
   */
  stream(name: string, ...keys: readonly (string | number | StreamOptions)[]): Random {
    const last = keys.at(-1);
    const options = typeof last === "object" ? last : {};
    const names = typeof last === "object" ? keys.slice(0, -1) : keys;
    const path = this.#path + JSON.stringify([name, ...names]);
    const own = this.#own || options.own === true;
    this.#family ??= { open: new Map(), saved: new Map() };
    const { open, saved } = this.#family;
    const key = own ? `own ${path}` : path;
    const known = open.get(key);
    if (known !== undefined) return known;
    const stream = new Random(this.#source, path, own, this.#family);
    const state = saved.get(key);
    if (state !== undefined) stream.restore(state);
    open.set(key, stream);
    return stream;
  }

  /** A stream that goes on where this one stands, named streams included, and moves nothing of it: the same numbers come from both. */
  copy(): Random {
    const copy = new Random(this.#source, this.#path, this.#own);
    Random.restoreUnit(copy, Random.stateOf(this));
    return copy;
  }

  /** The state as four uint32: JSON, for a checkpoint. */
  state(): State128 {
    return this.#generator.state();
  }

  /** Goes on from a state that `state()` gave. */
  restore(state: State128): void {
    this.#generator = new Xoshiro128(state);
  }

  /** Where a unit's random numbers stand, all named streams included. Not for authors: a checkpoint saves it. */
  static stateOf(unit: Random): RandomState {
    const family = unit.#family;
    const now = [...(family?.open ?? [])].map(([key, stream]) => [key, stream.state()] as const);
    return { own: unit.state(), streams: new Map([...(family?.saved ?? []), ...now]) };
  }

  /** Sets a unit's random numbers back, streams that were asked for already and streams that are asked for later; null: to their start. */
  static restoreUnit(unit: Random, state: RandomState | null): void {
    unit.#generator = unit.#restored(state?.own);
    unit.#family ??= { open: new Map(), saved: new Map() };
    const { open, saved } = unit.#family;
    saved.clear();
    for (const [key, words] of state?.streams ?? []) saved.set(key, words);
    for (const [key, stream] of open) stream.#generator = stream.#restored(saved.get(key));
  }

  #restored(state: State128 | undefined): Xoshiro128 {
    return state === undefined ? this.#first() : new Xoshiro128(state);
  }

  #below32(span: number): number {
    // Rejecting the last incomplete block of size `span` leaves each remainder equally likely.
    const limit = 4294967296 - (4294967296 % span);
    let word = this.#generator.next() >>> 0;
    while (word >= limit) word = this.#generator.next() >>> 0;
    return word % span;
  }

  #below53(span: number): number {
    const limit = 9007199254740992 - (9007199254740992 % span);
    let value = this.#next53();
    while (value >= limit) value = this.#next53();
    return value % span;
  }

  #next53(): number {
    const high = this.#generator.next() >>> 5;
    return high * 67108864 + (this.#generator.next() >>> 6);
  }
}
