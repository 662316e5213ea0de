import { test } from "uvu";
import * as assert from "uvu/assert";
import { Xoshiro128 } from "./xoshiro128.ts";

test("gives the numbers of the published generator", () => {
  // The authors' xoshiro128starstar.c from state {1, 2, 3, 4}; the same vector is in rand_xoshiro's tests.
  const generator = new Xoshiro128([1, 2, 3, 4]);
  const numbers = Array.from({ length: 10 }, () => generator.next() >>> 0);
  assert.equal(
    numbers,
    [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804],
  );
});

test("goes on from its state", () => {
  const generator = new Xoshiro128([0xdeadbeef, 7, 0xffffffff, 0x80000000]);
  for (let i = 0; i < 1000; i++) generator.next();
  const copy = new Xoshiro128(generator.state());
  for (let i = 0; i < 100; i++) assert.is(copy.next(), generator.next());
});

test("never stays at the all-zero state", () => {
  const generator = new Xoshiro128([0, 0, 0, 0]);
  const numbers = new Set(Array.from({ length: 20 }, () => generator.next()));
  assert.ok(numbers.size > 10);
});

test.run();
