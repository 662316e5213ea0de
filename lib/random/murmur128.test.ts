import { test } from "uvu";
import * as assert from "uvu/assert";
import { mix32, murmur128, murmur128OfWords } from "./murmur128.ts";

// MurmurHash3_x86_128 as murmurhash3js-revisited 3.0.0 computes it over the UTF-8 bytes.
const published: readonly (readonly [text: string, seed: number, hash: readonly number[]])[] = [
  ["", 0, [0, 0, 0, 0]],
  ["", 1, [2294590956, 1423049145, 1423049145, 1423049145]],
  ["a", 0, [2811532092, 1431744539, 1431744539, 1431744539]],
  ["hello", 0, [723797152, 3683770103, 2598056374, 2598056374]],
  ["hello, world", 1, [2849913748, 3757024151, 1398658774, 854625233]],
  ["The quick brown fox jumps over the lazy dog", 0, [789939139, 3975031911, 1568405100, 3857259820]],
  [
    "The quick brown fox jumps over the lazy dog",
    0x9747b28c,
    [2329204062, 1287151985, 2393324188, 3451287870],
  ],
  ["exactly 16 bytes", 7, [4003861264, 2714334477, 113916757, 1801856063]],
  ["naïve 漢字 😀 long enough to have a tail", 3, [1944764333, 2583716752, 2951598883, 1621746037]],
];

test("gives the published hash of every text, whatever its length and alphabet", () => {
  for (const [text, seed, hash] of published) assert.equal(murmur128(text, seed), hash, text);
});

test("hashes words as it hashes their little-endian bytes", () => {
  const text = "exactly 16 bytesand 16 more bytes";
  const bytes = new TextEncoder().encode(text.slice(0, 32));
  assert.equal(murmur128OfWords(new Int32Array(bytes.buffer), 9), murmur128(text.slice(0, 32), 9));
});

test("mixes 32 bits without a collision", () => {
  const seen = new Set<number>();
  for (let i = 0; i < 200_000; i++) seen.add(mix32(i * 7919));
  assert.is(seen.size, 200_000);
});

test.run();
