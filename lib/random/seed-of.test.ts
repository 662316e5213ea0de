import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  conditionHashOf,
  permute32,
  replicateSeedOf,
  seedKeyOf,
  seedStemOf,
  streamSeedOf,
  trialSeedOf,
} from "./seed-of.ts";

const names = fc.record({
  root: fc.maxSafeNat(),
  experiment: fc.string(),
  stage: fc.string(),
  condition: fc.string(),
  replicate: fc.nat(),
});
const seedOf = (of: {
  root: number;
  experiment: string;
  stage: string;
  condition: string;
  replicate: number;
}) => trialSeedOf(seedStemOf(of), { condition: conditionHashOf(of.condition), replicate: of.replicate });

test("trials whose names differ in any part have different seeds", () => {
  fc.assert(
    fc.property(names, names, (one, other) => {
      const same = (Object.keys(one) as (keyof typeof one)[]).every((key) => one[key] === other[key]);
      assert.is(seedOf(one).join() === seedOf(other).join(), same);
    }),
  );
  const base = { root: 1, experiment: "e", stage: "trial", condition: "{}", replicate: 0 };
  const changed = [
    { ...base, root: 2 },
    { ...base, experiment: "f" },
    { ...base, stage: "train" },
    { ...base, condition: '{"a":1}' },
    { ...base, replicate: 1 },
  ];
  const seeds = [base, ...changed].map((of) => seedOf(of).join());
  assert.is(new Set(seeds).size, seeds.length);
});

test("no condition, the zero hash and a stream all differ", () => {
  const stem = seedStemOf({ root: 0, experiment: "e", stage: "trial" });
  const none = trialSeedOf(stem, { condition: null, replicate: 0 });
  const zero = trialSeedOf(stem, { condition: [0, 0, 0, 0], replicate: 0 });
  assert.not.equal(none, zero);
  assert.not.equal(streamSeedOf(none, "[]"), none);
});

test("a million trials have a million seeds, whatever the order in which they are asked for", () => {
  const stem = seedStemOf({ root: 1, experiment: "e", stage: "trial" });
  const seen = new Set<number>();
  const hashes = Array.from({ length: 1000 }, (_, i) => conditionHashOf(`{"level":${i}}`));
  for (const condition of hashes) {
    for (let replicate = 0; replicate < 1000; replicate++) {
      const [a, b] = trialSeedOf(stem, { condition, replicate });
      seen.add(a * 2097152 + (b >>> 11));
    }
  }
  assert.is(seen.size, 1_000_000);
});

test("every bit of a seed depends on every bit of the replicate", () => {
  const stem = seedStemOf({ root: 1, experiment: "e", stage: "trial" });
  const condition = conditionHashOf("{}");
  const flips = new Array<number>(128).fill(0);
  const runs = 400;
  for (let replicate = 0; replicate < runs; replicate++) {
    const one = trialSeedOf(stem, { condition, replicate });
    const other = trialSeedOf(stem, { condition, replicate: replicate ^ (1 << (replicate % 31)) });
    for (let bit = 0; bit < 128; bit++) {
      const word = bit >> 5;
      if (((((one[word] ?? 0) ^ (other[word] ?? 0)) >>> (bit & 31)) & 1) === 1)
        flips[bit] = (flips[bit] ?? 0) + 1;
    }
  }
  for (const count of flips) assert.ok(Math.abs(count - runs / 2) < 6 * Math.sqrt(runs / 4), `${count}`);
});

test("replicate.seed never repeats within a condition: the permutation is a bijection", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.string(), (root, experiment) => {
      const key = seedKeyOf({ root, experiment });
      const seen = new Set(Array.from({ length: 5000 }, (_, i) => permute32(i + 4294967000, key)));
      assert.is(seen.size, 5000);
      for (const seed of seen) assert.ok(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32);
    }),
    { numRuns: 20 },
  );
  const key = seedKeyOf({ root: 1, experiment: "e" });
  const seeds = Uint32Array.from({ length: 2 ** 22 }, (_, i) =>
    permute32(Math.imul(i, 1024) >>> 0, key),
  ).sort();
  let repeated = 0;
  for (let i = 1; i < seeds.length; i++) if (seeds[i] === seeds[i - 1]) repeated += 1;
  assert.is(repeated, 0);
});

test("replicate.seed depends on root, experiment, condition and replicate", () => {
  const of = (root: number, experiment: string, hash32: number, replicate: number): number =>
    replicateSeedOf(seedKeyOf({ root, experiment }), { hash32, replicate, salt: 0 });
  const seeds = [of(1, "e", 7, 0), of(2, "e", 7, 0), of(1, "f", 7, 0), of(1, "e", 9, 0), of(1, "e", 7, 1)];
  assert.is(new Set(seeds).size, 5);
  assert.is(of(1, "e", 7, 0), of(1, "e", 7, 0));
});

test.run();
