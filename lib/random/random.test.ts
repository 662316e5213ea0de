import { deserialize, serialize } from "node:v8";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Random, randomFrom, randomOf } from "./random.ts";
import { conditionHashOf, seedStemOf } from "./seed-of.ts";

const draws = (random: Random, count = 5): number[] => Array.from({ length: count }, () => random.float());

test("the same name gives the same numbers, another name others", () => {
  assert.equal(draws(randomFrom(1)), draws(randomFrom(1)));
  assert.not.equal(draws(randomFrom(1)), draws(randomFrom(2)));
  assert.not.equal(draws(randomFrom(1)), draws(randomFrom("1")));
});

test("float lies in [0, 1) with 53 bits, mean 1/2 and variance 1/12", () => {
  const random = randomFrom("float");
  const numbers = draws(random, 200_000);
  assert.ok(numbers.every((x) => x >= 0 && x < 1 && Number.isInteger(x * 2 ** 53)));
  assert.ok(numbers.some((x) => (x * 2 ** 53) % 2 === 1));
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const variance = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
  // Five standard errors.
  assert.ok(Math.abs(mean - 1 / 2) < 5 * Math.sqrt(1 / 12 / numbers.length));
  assert.ok(Math.abs(variance - 1 / 12) < 5 * Math.sqrt(1 / 180 / numbers.length));
});

test("integer stays within both ends, and reaches both", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1000, max: 1000 }),
      fc.integer({ min: 0, max: 5 }),
      fc.string(),
      (min, span, seed) => {
        const random = randomFrom(seed);
        const seen = new Set(Array.from({ length: 200 }, () => random.integer(min, min + span)));
        assert.is(seen.size, span + 1);
        for (const value of seen) assert.ok(value >= min && value <= min + span && Number.isInteger(value));
      },
    ),
    { numRuns: 50 },
  );
});

test("integer is unbiased over ranges that do not divide 2^32, and over ranges beyond it", () => {
  const random = randomFrom("integer");
  const counts = new Array<number>(3).fill(0);
  const third = 2 ** 32 / 3;
  for (let i = 0; i < 90_000; i++) {
    const face = random.integer(0, 2);
    counts[face] = (counts[face] ?? 0) + 1;
  }
  for (const count of counts) assert.ok(Math.abs(count - 30_000) < 5 * Math.sqrt(20_000), `${counts}`);
  // A modulo without rejection would give the lower part of a 3/4 range twice as often.
  const span = 3 * 2 ** 30;
  let low = 0;
  for (let i = 0; i < 30_000; i++) if (random.integer(0, span - 1) < third) low += 1;
  const expected = (30_000 * third) / span;
  assert.ok(Math.abs(low - expected) < 5 * Math.sqrt(expected));
  const wide = Array.from({ length: 1000 }, () => random.integer(0, 2 ** 53 - 1));
  assert.ok(wide.every(Number.isSafeInteger));
  assert.ok(wide.some((value) => value > 2 ** 52) && wide.some((value) => value < 2 ** 52));
});

test("integer says what it expects", () => {
  assert.throws(() => randomFrom(1).integer(2, 1), /expected whole numbers with min <= max/);
  assert.throws(() => randomFrom(1).integer(0.5, 3), /integer\(0.5, 3\)/);
  assert.throws(() => randomFrom(1).pick([]), /at least one item/);
});

test("normal and exponential have their moments, and take one uniform number each", () => {
  const n = 100_000;
  const random = randomFrom("normal");
  const normals = Array.from({ length: n }, () => random.normal(3, 2));
  const mean = normals.reduce((sum, x) => sum + x, 0) / n;
  const variance = normals.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n;
  assert.ok(Math.abs(mean - 3) < (5 * 2) / Math.sqrt(n));
  assert.ok(Math.abs(variance - 4) < 5 * 4 * Math.sqrt(2 / n));
  const beyond = normals.filter((x) => Math.abs(x - 3) > 2 * 1.959963984540054).length;
  assert.ok(Math.abs(beyond - 0.05 * n) < 5 * Math.sqrt(0.0475 * n));
  const waits = Array.from({ length: n }, () => random.exponential(4));
  const waited = waits.reduce((sum, x) => sum + x, 0) / n;
  assert.ok(waits.every((x) => x >= 0) && Math.abs(waited - 4) < (5 * 4) / Math.sqrt(n));
  const one = randomFrom(9);
  const other = randomFrom(9);
  one.normal();
  one.exponential();
  other.float();
  other.float();
  assert.is(one.float(), other.float());
});

test("shuffle gives a new array of the same items, every order equally often", () => {
  const list = ["a", "b", "c"] as const;
  const random = randomFrom("shuffle");
  const counts = new Map<string, number>();
  for (let i = 0; i < 60_000; i++) {
    const order = random.shuffle(list).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(list, ["a", "b", "c"]);
  assert.is(counts.size, 6);
  for (const count of counts.values()) assert.ok(Math.abs(count - 10_000) < 5 * Math.sqrt(10_000 * (5 / 6)));
});

test("a stream derives from its name, not from what was drawn before", () => {
  const fresh = randomFrom(5).stream("agent", 2);
  const used = randomFrom(5);
  draws(used, 100);
  used.stream("agent", 1);
  const numbers = draws(fresh);
  assert.equal(draws(used.stream("agent", 2)), numbers);
  const others = [
    used.stream("agent", 3),
    used.stream("agent", "2"),
    used.stream("agent2"),
    used.stream("agent").stream("2"),
    randomFrom(6).stream("agent", 2),
  ];
  for (const other of others) assert.not.equal(draws(other), numbers);
});

test("a name is one stream: asking again goes on where it stands", () => {
  const once = randomFrom(5).stream("agent", 2);
  const expected = [...draws(once), ...draws(once)];
  const random = randomFrom(5);
  const found = [...draws(random.stream("agent", 2)), ...draws(random.stream("agent", 2))];
  assert.equal(found, expected);
  assert.not.equal(draws(random.stream("agent").stream("2")), draws(random.stream("agent", "2")));
});

test("streams of one trial do not correlate", () => {
  const n = 20_000;
  const a = randomFrom("pair").stream("a");
  const b = randomFrom("pair").stream("b");
  let sum = 0;
  for (let i = 0; i < n; i++) sum += (a.float() - 0.5) * (b.float() - 0.5);
  assert.ok(Math.abs(sum / n) < 5 / 12 / Math.sqrt(n));
});

test("under common random numbers conditions share streams unless asked for their own", () => {
  const stem = seedStemOf({ root: 1, experiment: "e", stage: "trial" });
  const of = (key: string, pairing: "independent" | "common-random-numbers"): Random =>
    randomOf({ stem, condition: conditionHashOf(key), replicate: 3, pairing });
  const a = of('{"x":1}', "common-random-numbers");
  const b = of('{"x":2}', "common-random-numbers");
  assert.equal(draws(a), draws(b));
  assert.equal(draws(a.stream("demand")), draws(b.stream("demand")));
  assert.not.equal(draws(a.stream("agent", { own: true })), draws(b.stream("agent", { own: true })));
  assert.not.equal(
    draws(a.stream("agent", { own: true }).stream("inner")),
    draws(b.stream("agent", { own: true }).stream("inner")),
  );
  assert.not.equal(draws(a.stream("agent")), draws(a.stream("agent", { own: true })));
  const alone = of('{"x":1}', "independent");
  assert.not.equal(draws(alone), draws(of('{"x":2}', "independent")));
  assert.equal(draws(of('{"x":1}', "independent").stream("s", { own: true })), draws(alone.stream("s")));
});

test("a restored state goes on where it was, through JSON", () => {
  const random = randomFrom("checkpoint");
  for (let i = 0; i < 10; i++) random.normal();
  const state: unknown = JSON.parse(JSON.stringify(random.state()));
  const expected = draws(random);
  const other = randomFrom("another");
  other.restore(state as ReturnType<Random["state"]>);
  assert.equal(draws(other), expected);
});

/** Draws from the stream at `path`, asked for by its names one after the other. */
const drawAt = (random: Random, path: readonly (string | number)[], own: boolean): number => {
  const stream = path.reduce<Random>((at, name) => at.stream("s", name, { own }), random);
  return stream.uint32();
};

test("a unit's random numbers go on where they stood, whichever streams were asked for before", () => {
  const path = fc.array(fc.oneof(fc.constantFrom("a", "b"), fc.integer({ min: 0, max: 2 })), {
    maxLength: 3,
  });
  const steps = fc.array(fc.record({ path, own: fc.boolean() }), { maxLength: 30 });
  const cut = fc.nat({ max: 30 });
  const stem = seedStemOf({ root: 1, experiment: "e", stage: "trial" });
  const fresh = (pairing: "independent" | "common-random-numbers"): Random =>
    randomOf({ stem, condition: conditionHashOf("{}"), replicate: 0, pairing });
  fc.assert(
    fc.property(steps, steps, cut, fc.boolean(), (program, strayed, at, isPaired) => {
      const pairing = isPaired ? "common-random-numbers" : "independent";
      const undisturbed = fresh(pairing);
      const expected = program.map((step) => drawAt(undisturbed, step.path, step.own));
      const first = fresh(pairing);
      for (const step of program.slice(0, at)) drawAt(first, step.path, step.own);
      const state = deserialize(serialize(Random.stateOf(first))) as ReturnType<typeof Random.stateOf>;
      const second = fresh(pairing);
      for (const step of strayed) drawAt(second, step.path, step.own);
      Random.restoreUnit(second, state);
      // Saved and restored once more before anything is drawn: nothing may be lost on the way.
      const third = fresh(pairing);
      Random.restoreUnit(third, Random.stateOf(second));
      for (const random of [second, third]) {
        const rest = program.slice(at).map((step) => drawAt(random, step.path, step.own));
        assert.equal(rest, expected.slice(at));
      }
      Random.restoreUnit(second, null);
      assert.equal(
        program.map((step) => drawAt(second, step.path, step.own)),
        expected,
      );
    }),
  );
});

test.run();
