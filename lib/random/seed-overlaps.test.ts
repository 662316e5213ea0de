import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { mix32 } from "./murmur128.ts";
import { replicateSeedOf, seedKeyOf } from "./seed-of.ts";
import { resolveSeedOverlaps } from "./seed-overlaps.ts";

/** All seeds of a design, by brute force. */
function seedsOf(hashes: Uint32Array, replicates: number, salts: ReadonlyMap<number, number>): number[] {
  const key = seedKeyOf({ root: 1, experiment: "e" });
  return [...hashes].flatMap((hash32, condition) =>
    Array.from({ length: replicates }, (_, replicate) =>
      replicateSeedOf(key, { hash32, replicate, salt: salts.get(condition) ?? 0 }),
    ),
  );
}

// Hashes from a small set, and around the end of the circle, so that overlaps are the rule.
const crowded = fc.array(fc.oneof(fc.nat(60), fc.integer({ min: 2 ** 32 - 30, max: 2 ** 32 - 1 })), {
  minLength: 1,
  maxLength: 12,
});

test("after resolution every seed of a run is unique, however crowded the conditions", () => {
  fc.assert(
    fc.property(crowded, fc.integer({ min: 1, max: 12 }), (list, replicates) => {
      const hashes = Uint32Array.from(list);
      const seeds = seedsOf(hashes, replicates, resolveSeedOverlaps(hashes, replicates));
      assert.is(new Set(seeds).size, seeds.length);
    }),
    { numRuns: 500 },
  );
});

test("conditions that overlap no other keep their seeds, and so does the first of those that do", () => {
  const hashes = Uint32Array.from([1000, 50, 4_000_000_000, 52, 1003]);
  const salts = resolveSeedOverlaps(hashes, 5);
  assert.equal([...salts.keys()].sort(), [3, 4]);
  assert.is(salts.get(3), 3);
  assert.is(salts.get(4), 2);
});

test("a condition appended to the design moves none that stands at its own place", () => {
  fc.assert(
    fc.property(crowded, fc.nat(60), fc.integer({ min: 1, max: 6 }), (list, extra, replicates) => {
      const before = resolveSeedOverlaps(Uint32Array.from(list), replicates);
      const after = resolveSeedOverlaps(Uint32Array.from([...list, extra]), replicates);
      list.forEach((_, i) => {
        if (!before.has(i)) assert.not(after.has(i));
      });
    }),
    { numRuns: 1000 },
  );
});

test("a million random conditions are resolved, and one replicate each collides only where hashes are equal", () => {
  const hashes = Uint32Array.from(
    { length: 1_000_000 },
    (_, i) => Math.imul(i ^ (i >>> 7), 0x9e3779b1) ^ (i << 13),
  );
  const salts = resolveSeedOverlaps(hashes, 1);
  const starts = new Set<number>();
  hashes.forEach((hash, i) => {
    starts.add((hash + (salts.get(i) ?? 0)) >>> 0);
  });
  assert.is(starts.size, hashes.length);
});

test("a million conditions of a hundred replicates are kept apart", () => {
  const hashes = Uint32Array.from({ length: 1_000_000 }, (_, i) => mix32(i) >>> 0);
  const salts = resolveSeedOverlaps(hashes, 100);
  const starts = Float64Array.from(hashes, (hash, i) => (hash + (salts.get(i) ?? 0)) >>> 0).sort();
  for (let i = 0; i < starts.length; i++) {
    const next = starts[i + 1] ?? starts[0]! + 2 ** 32;
    if (next - starts[i]! < 100) assert.unreachable(`runs ${i} and the next overlap`);
  }
  assert.ok(salts.size > 10_000, `${salts.size} moved`);
});

test("a design that needs nearly all of the 32-bit seeds still has as many as trials", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(2 ** 32 - 1), { minLength: 2, maxLength: 12 }),
      fc.double({ min: 0.3, max: 1, noNaN: true }),
      (list, share) => {
        const hashes = Uint32Array.from(list);
        const replicates = Math.floor((share * 2 ** 32) / hashes.length);
        const salts = resolveSeedOverlaps(hashes, replicates);
        const starts = Array.from(hashes, (hash, i) => (hash + (salts.get(i) ?? 0)) >>> 0).sort(
          (a, b) => a - b,
        );
        for (const [i, start] of starts.entries())
          assert.ok((starts[i + 1] ?? starts[0]! + 2 ** 32) - start >= replicates);
      },
    ),
  );
});

test("too many trials for 32-bit seeds are refused in words", () => {
  assert.throws(() => resolveSeedOverlaps(new Uint32Array(3), 2 ** 31), /expected at most 2\^32 trials/);
});

test.run();
