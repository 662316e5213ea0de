import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomFrom } from "../random/random.ts";
import { nextUniform, ran2Stream, xoshiroStream } from "./uniform-stream.ts";

test("the xoshiro128** stream gives the words of lib/random", () => {
  const random = randomFrom("a stream");
  const stream = xoshiroStream(random.state());
  for (let i = 0; i < 1000; i++) assert.is(nextUniform(stream), (random.uint32() + 0.5) / 4294967296);
});

/** ran2 by Schrage's method, as printed in Numerical Recipes: no product exceeds 31 bits. */
function* printedRan2(seed: number): Generator<number> {
  let idum = seed;
  let idum2 = seed;
  const table: number[] = [];
  const step = (value: number, a: number, q: number, r: number, m: number) => {
    const next = a * (value % q) - Math.floor(value / q) * r;
    return next < 0 ? next + m : next;
  };
  for (let j = 40; j >= 1; j--) {
    idum = step(idum, 40014, 53668, 12211, 2147483563);
    if (j <= 32) table[j] = idum;
  }
  let iy = table[1]!;
  for (;;) {
    idum = step(idum, 40014, 53668, 12211, 2147483563);
    idum2 = step(idum2, 40692, 52774, 3791, 2147483399);
    const j = 1 + Math.floor(iy / (1 + Math.floor(2147483562 / 32)));
    iy = table[j]! - idum2;
    table[j] = idum;
    if (iy < 1) iy += 2147483562;
    yield Math.min((1 / 2147483563) * iy, 1 - 1.2e-7);
  }
}

test("ran2 gives the numbers of the printed algorithm", () => {
  for (const seed of [1, 2, 1000, 2147483562]) {
    const stream = ran2Stream({ seed });
    const printed = printedRan2(seed);
    for (let i = 0; i < 20_000; i++) assert.is(nextUniform(stream), printed.next().value);
  }
});

test("a stream that skips goes on where a stream that draws would be", () => {
  const drawn = ran2Stream({ seed: 1 });
  for (let i = 0; i < 1998; i++) nextUniform(drawn);
  assert.equal(ran2Stream({ seed: 1, skip: 1998 }), drawn);
});

test("numbers lie strictly between 0 and 1, at the extremes too", () => {
  const zero = xoshiroStream([1, 0, 0, 0]);
  assert.is(nextUniform(zero), 0.5 / 4294967296);
  const stream = ran2Stream({ seed: 5 });
  for (let i = 0; i < 10_000; i++) {
    const u = nextUniform(stream);
    assert.ok(u > 0 && u < 1);
  }
});

test("a bad seed or state is named with what was expected", () => {
  assert.throws(() => ran2Stream({ seed: 0 }), /expected a whole seed from 1 to 2147483562, got 0/);
  assert.throws(() => ran2Stream({ seed: 1, skip: -1 }), /whole number of numbers to skip, got -1/);
  assert.throws(() => xoshiroStream([0, 0, 0, 0]), /not all zero/);
  assert.throws(() => xoshiroStream([1, 2, 3]), /expected 4 words/);
});

test.run();
