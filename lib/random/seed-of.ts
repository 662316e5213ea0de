// Seeds from names: (scheme, root seed, experiment, stage, condition as the stage uses it, replicate, stream). Never from an order,
// so adding a level, changing the number of workers or resuming leaves every other trial's numbers standing.
import { mix32, murmur128, murmur128OfWords } from "./murmur128.ts";
import type { State128 } from "./xoshiro128.ts";

/** Raised when a name would give another seed; it is in the hash, and pinned by seed-of.noreg.test.ts. */
export const SEED_SCHEME = 1;

/** 128 bits as four uint32. */
export type Hash128 = State128;

export interface SeedStemNames {
  /** Root seed of the experiment's replicates: a whole number from 0 to 2^53-1. */
  readonly root: number;
  readonly experiment: string;
  readonly stage: string;
}

/** The part of a seed that all units of one job share; compute it once. */
export function seedStemOf({ root, experiment, stage }: SeedStemNames): Hash128 {
  return murmur128(JSON.stringify(["labwright/seed", SEED_SCHEME, root, experiment, stage]));
}

/** Hash of a condition by its canonical key (conditionKeyOf); the order of its parameters does not matter. */
export function conditionHashOf(conditionKey: string): Hash128 {
  return murmur128(conditionKey, SEED_SCHEME);
}

export interface TrialSeedNames {
  /** Null for a stage per "build", and under common random numbers. */
  readonly condition: Hash128 | null;
  /** Replicate index, or its explicit uint32 seed where the design lists seeds. */
  readonly replicate: number;
}

const words = new Int32Array(12);

/** The four words that a unit's random numbers start from. */
export function trialSeedOf(stem: Hash128, { condition, replicate }: TrialSeedNames): State128 {
  words[0] = stem[0];
  words[1] = stem[1];
  words[2] = stem[2];
  words[3] = stem[3];
  words[4] = condition === null ? 0 : condition[0];
  words[5] = condition === null ? 0 : condition[1];
  words[6] = condition === null ? 0 : condition[2];
  words[7] = condition === null ? 0 : condition[3];
  words[8] = replicate;
  words[9] = condition === null ? 0 : 1;
  words[10] = 0;
  words[11] = 0;
  return murmur128OfWords(words, SEED_SCHEME);
}

/** The seed of a named stream of a unit: `path` is the canonical text of the stream's names. */
export function streamSeedOf(unit: State128, path: string): State128 {
  const name = murmur128(path, SEED_SCHEME);
  words.set(unit, 0);
  words.set(name, 4);
  words[8] = 0;
  words[9] = 2;
  words[10] = 0;
  words[11] = 0;
  return murmur128OfWords(words, SEED_SCHEME);
}

/** Key of the permutation behind `replicate.seed`; the same for all stages of an experiment. */
export interface SeedKey {
  readonly words: State128;
}

export function seedKeyOf(names: { readonly root: number; readonly experiment: string }): SeedKey {
  return {
    words: murmur128(JSON.stringify(["labwright/replicate-seed", SEED_SCHEME, names.root, names.experiment])),
  };
}

/** A bijection of the 32-bit words, another one for each key: four keyed rounds of a mixing bijection. */
export function permute32(word: number, key: SeedKey): number {
  const [a, b, c, d] = key.words;
  let x = mix32((word ^ a) | 0);
  x = mix32((x + b) | 0);
  x = mix32((x ^ c) | 0);
  return mix32((x + d) | 0) >>> 0;
}

export interface ReplicateSeedNames {
  /** First word of the condition's hash; 0 under common random numbers. */
  readonly hash32: number;
  /** 0-based. */
  readonly replicate: number;
  /** How far this condition had to move to stay apart from the others (resolveSeedOverlaps); 0 for nearly all. */
  readonly salt: number;
}

/** `replicate.seed`: uint32. Replicates of one condition never collide; conditions do not once overlaps are resolved. */
export function replicateSeedOf(key: SeedKey, { hash32, replicate, salt }: ReplicateSeedNames): number {
  return permute32((hash32 + salt + replicate) >>> 0, key);
}
