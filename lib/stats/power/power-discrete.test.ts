// Power of tests of shares, rates and equivalence against brute force: every table by its probability and the test's own p, or simulation.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type RateCell, ratesTest } from "../counts/rates.ts";
import { averagedSharesTest } from "../proportions/averaged-shares-test.ts";
import { pairedSharesTest } from "../proportions/paired-shares.ts";
import { logChoose } from "../proportions/two-by-two.ts";
import { StatisticsRefusal } from "../refusal.ts";
import { resamplingRandom } from "../resampling/resampling-random.ts";
import { powerEquivalence } from "./power-equivalence.ts";
import { powerRates } from "./power-rates.ts";
import { powerPairedShares, powerShares, powerSharesOverCells } from "./power-shares.ts";

const near = (actual: number, expected: number, reach: number): void =>
  assert.ok(Math.abs(actual - expected) < reach, `${actual} is not ${expected}`);
const binomial = (n: number, x: number, p: number): number =>
  Math.exp(logChoose(n, x)) * p ** x * (1 - p) ** (n - x);

test("two shares: the sum over all tables that Boschloo's test rejects", () => {
  for (const [from, to, n, alpha] of [
    [0.2, 0.7, 9, 0.05],
    [0.5, 0.95, 12, 0.05 / 3],
    [0.6, 0.1, 11, 0.05],
  ] as const)
    for (const isOneSided of [false, true]) {
      let power = 0;
      for (let x = 0; x <= n; x += 1)
        for (let y = 0; y <= n; y += 1) {
          const strata = [{ first: { successes: x, n }, second: { successes: y, n }, weight: 1 }];
          const alternative = !isOneSided ? "two-sided" : to > from ? "less" : "greater";
          if (averagedSharesTest({ strata, alternative }).p < alpha)
            power += binomial(n, x, from) * binomial(n, y, to);
        }
      near(powerShares({ from, to, n, alpha, isOneSided }), power, 1e-9);
    }
});

test("pairs: the sum over all numbers of pairs that McNemar's test rejects, at any correlation", () => {
  const [from, to, n] = [0.3, 0.6, 14];
  for (const correlation of [0, 0.4]) {
    const both = from * to + correlation * Math.sqrt(from * (1 - from) * to * (1 - to));
    const [down, up] = [from - both, to - both];
    let power = 0;
    for (let b = 0; b <= n; b += 1)
      for (let c = 0; b + c <= n; c += 1) {
        const pairs = Array.from({ length: n }, (_, i) => (i < b ? [1, 0] : i < b + c ? [0, 1] : [1, 1]));
        const x = pairs.map(([one]) => one!);
        const y = pairs.map(([, other]) => other!);
        if (pairedSharesTest({ x, y }).p >= 0.05) continue;
        const ways = Math.exp(logChoose(n, b) + logChoose(n - b, c));
        power += ways * down ** b * up ** c * (1 - down - up) ** (n - b - c);
      }
    near(powerPairedShares({ from, to, n, correlation }), power, 1e-9);
  }
});

test("cells: what simulation finds", () => {
  const random = resamplingRandom(5);
  for (const [from, to, n, cells] of [
    [0.2, 0.4, 10, 8],
    [0.5, 0.7, 25, 4],
  ] as const) {
    let found = 0;
    const drawn = (share: number) => ({
      n,
      successes: Array.from({ length: n }, () => random.uniform()).filter((u) => u < share).length,
    });
    for (let run = 0; run < 2000; run += 1) {
      const strata = Array.from({ length: cells }, () => ({
        first: drawn(from),
        second: drawn(to),
        weight: 1 / cells,
      }));
      if (averagedSharesTest({ strata }).p < 0.05) found += 1;
    }
    // Four standard errors of 2,000 simulated experiments are 0.036.
    near(powerSharesOverCells({ from, to, n, cells }), found / 2000, 0.036);
  }
});

test("rates: the sum over all pairs of counts that the conditional test rejects, Poisson and negative binomial", () => {
  const [from, to, n] = [0.5, 2, 6];
  const poisson = (mean: number, x: number): number => {
    let chance = Math.exp(-mean);
    for (let i = 1; i <= x; i += 1) chance *= mean / i;
    return chance;
  };
  const cell = (events: number): RateCell => ({
    events: [events, 0, 0, 0, 0, 0],
    exposure: [1, 1, 1, 1, 1, 1],
    weight: 1,
  });
  for (const theta of [Number.POSITIVE_INFINITY, 2]) {
    const chance = (mean: number, x: number): number => {
      if (!Number.isFinite(theta)) return poisson(mean, x);
      // The recurrence of the negative binomial distribution of size n theta.
      const size = n * theta;
      let p = (size / (size + mean)) ** size;
      for (let i = 1; i <= x; i += 1) p *= ((size + i - 1) / i) * (mean / (size + mean));
      return p;
    };
    let power = 0;
    for (let x = 0; x <= 40; x += 1)
      for (let y = 0; y <= 70; y += 1)
        if (ratesTest({ strata: [{ first: cell(x), second: cell(y) }], theta }).p < 0.05)
          power += chance(from * n, x) * chance(to * n, y);
    near(powerRates({ from, to, n, theta }), power, 1e-6);
  }
  near(powerRates({ from: 2, to: 2.6, n: 86 }), powerRates({ from: 2, to: 2.6, n: 87 }), 0.01);
});

test("equivalence: what simulation of t tests finds, and a known standard error in closed form", () => {
  const random = resamplingRandom(11);
  for (const [margin, difference, df] of [
    [1, 0, 10],
    [1, 0.2, 38],
  ] as const) {
    const standardError = 0.4;
    // Student's t of SciPy 1.17: t.ppf(0.95, 10) and t.ppf(0.95, 38).
    const t = df === 10 ? 1.8124611228116756 : 1.685954460166737;
    let found = 0;
    for (let run = 0; run < 20_000; run += 1) {
      let squares = 0;
      for (let i = 0; i < df; i += 1) squares += random.normal() ** 2;
      const s = standardError * Math.sqrt(squares / df);
      if (Math.abs(difference + standardError * random.normal()) < margin - t * s) found += 1;
    }
    near(powerEquivalence({ margin, difference, standardError, df }), found / 20_000, 0.014);
  }
  // 2 Phi(1/0.3 - 1.6449) - 1.
  near(
    powerEquivalence({ margin: 1, difference: 0, standardError: 0.3, df: Number.POSITIVE_INFINITY }),
    0.90868,
    1e-5,
  );
  assert.is(
    powerEquivalence({ margin: 0.1, difference: 0, standardError: 1, df: Number.POSITIVE_INFINITY }),
    0,
  );
});

test("what cannot be planned is refused in words", () => {
  const refusals: readonly (readonly [() => unknown, RegExp])[] = [
    [() => powerShares({ from: 1.2, to: 0.4, n: 9 }), /share is 1\.2/],
    [() => powerPairedShares({ from: 0.1, to: 0.9, n: 9, correlation: 0.9 }), /cannot have a correlation/],
    [() => powerRates({ from: 0, to: 0, n: 9 }), /one above it/],
    [() => powerEquivalence({ margin: 0, difference: 0, standardError: 1, df: 9 }), /margin is 0/],
  ];
  for (const [at, [compute, words]] of refusals.entries())
    assert.throws(
      compute,
      (error: Error) => error instanceof StatisticsRefusal && words.test(error.message),
      `refusal ${at}`,
    );
});

test.run();
