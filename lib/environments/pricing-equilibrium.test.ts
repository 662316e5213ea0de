// Prices against the published inputs and first-order conditions; the numbers are those of Calvano et al. (AER 2020): text,
// Table 4 and the input files of the replication package. n = 1, 4 solved independently.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Market, profitsOf } from "./market.ts";
import { nestedLogitMarket } from "./nested-logit.ts";
import { logitMarket } from "./pricing.ts";
import { equilibriumPrices, jointProfitPrices, nashPrices } from "./pricing-equilibrium.ts";

function assertNear(found: readonly number[], expected: readonly number[], tolerance = 1e-5): void {
  assert.is(found.length, expected.length);
  found.forEach((value, i) => {
    const message = `[${found}] is not [${expected}]`;
    // Half a unit of the last printed digit comes on top of the tolerance asked for.
    assert.ok(Math.abs(value - expected[i]!) <= tolerance, message);
  });
}

const symmetric = [
  { firms: 1, nash: 1.801985, joint: 1.801985, nashProfit: 0.551985, jointProfit: 0.551985 },
  { firms: 2, nash: 1.47293, joint: 1.92498, nashProfit: 0.22293, jointProfit: 0.33749 },
  { firms: 3, nash: 1.37016, joint: 2.0, nashProfit: 0.120163, jointProfit: 0.25 },
  { firms: 4, nash: 1.331461, joint: 2.054411, nashProfit: 0.081461, jointProfit: 0.201103 },
];

for (const { firms, nash, joint, nashProfit, jointProfit } of symmetric) {
  test(`${firms} symmetric firms price and earn as published`, () => {
    const market = logitMarket({ firms });
    const all = (value: number) => Array.from({ length: firms }, () => value);
    assertNear(nashPrices(market).prices, all(nash));
    assertNear(nashPrices(market).profits, all(nashProfit));
    assertNear(jointProfitPrices(market).prices, all(joint));
    assertNear(jointProfitPrices(market).profits, all(jointProfit));
  });
}

test("shares of a symmetric duopoly are as published", () => {
  const market = logitMarket({ firms: 2 });
  assertNear(nashPrices(market).quantities, [0.47138, 0.47138]);
  assertNear(jointProfitPrices(market).quantities, [0.36486, 0.36486]);
});

const asymmetric = [
  { cost: 0.875, nash: [1.44135, 1.39588], joint: [1.97674, 1.85174] },
  { cost: 0.75, nash: [1.414199, 1.32539], joint: [2.04051, 1.79051] },
  { cost: 0.625, nash: [1.39133, 1.26145], joint: [2.11503, 1.74003] },
  { cost: 0.5, nash: [1.37233, 1.20377], joint: [2.1984, 1.6984] },
  { cost: 0.25, nash: [1.34369, 1.10519], joint: [2.38411, 1.63411] },
];

for (const { cost, nash, joint } of asymmetric) {
  test(`a second firm with cost ${cost} prices as published`, () => {
    const market = logitMarket({ firms: 2, c: [1, cost] });
    assertNear(nashPrices(market).prices, nash);
    assertNear(jointProfitPrices(market).prices, joint);
  });
}

test("Nash and joint-profit prices move with the outside good as in the authors' inputs", () => {
  const inputs = [
    { a0: -0.25, nash: 1.48865, joint: 2.11343 },
    { a0: -0.05, nash: 1.47705, joint: 1.96173 },
    { a0: 0.1, nash: 1.46293, joint: 1.85312 },
    { a0: 0.25, nash: 1.44331, joint: 1.75 },
  ];
  for (const { a0, nash, joint } of inputs) {
    const market = logitMarket({ firms: 2, a0 });
    assertNear(nashPrices(market).prices, [nash, nash]);
    assertNear(jointProfitPrices(market).prices, [joint, joint]);
  }
});

const logitMarkets = fc.integer({ min: 1, max: 4 }).chain((firms) => {
  const perFirm = (min: number, max: number) =>
    fc.array(fc.double({ min, max, noNaN: true }), { minLength: firms, maxLength: firms });
  return fc
    .record({
      a: perFirm(1, 4),
      c: perFirm(0, 2),
      alpha: perFirm(0.5, 4),
      mu: fc.double({ min: 0.1, max: 1, noNaN: true }),
      a0: fc.double({ min: -1, max: 1, noNaN: true }),
    })
    .map((options): Market => logitMarket({ firms, ...options }));
});

const nestedMarkets = fc.integer({ min: 2, max: 4 }).chain((firms) =>
  fc
    .record({
      nests: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: firms, maxLength: firms }),
      dissimilarity: fc.double({ min: 0.3, max: 1, noNaN: true }),
      c: fc.array(fc.double({ min: 0.5, max: 1.5, noNaN: true }), { minLength: firms, maxLength: firms }),
    })
    .map((options): Market => nestedLogitMarket({ firms, ...options })),
);

const changes = [0.5, 0.8, 0.95, 0.99, 0.999, 1.001, 1.01, 1.05, 1.2, 2, 5];

test("no firm gains by deviating from Nash prices", () => {
  fc.assert(
    fc.property(fc.oneof(logitMarkets, nestedMarkets), (market) => {
      const { prices, profits } = nashPrices(market);
      for (let firm = 0; firm < market.firms; firm++) {
        for (const change of changes) {
          const markup = (prices[firm]! - market.costs[firm]!) * change;
          const deviated = prices.map((price, i) => (i === firm ? market.costs[firm]! + markup : price));
          const gain = profitsOf(market, deviated)[firm]! - profits[firm]!;
          assert.ok(gain <= 1e-12 * (1 + profits[firm]!), `firm ${firm} gains ${gain} at markup x ${change}`);
        }
      }
    }),
    { numRuns: 40, endOnFailure: true },
  );
});

test("no other price of one firm, and no common change of markups, raises joint profit", () => {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  fc.assert(
    fc.property(fc.oneof(logitMarkets, nestedMarkets), (market) => {
      const { prices, profits } = jointProfitPrices(market);
      const best = sum(profits);
      const markups = prices.map((price, i) => price - market.costs[i]!);
      for (const change of changes) {
        const tries = [markups.map((m) => m * change)];
        for (let firm = 0; firm < market.firms; firm++) {
          tries.push(markups.map((m, i) => (i === firm ? m * change : m)));
        }
        for (const tried of tries) {
          const profit = sum(
            profitsOf(
              market,
              tried.map((m, i) => market.costs[i]! + m),
            ),
          );
          assert.ok(profit <= best + 1e-12 * (1 + best), `joint profit rises by ${profit - best}`);
        }
      }
    }),
    { numRuns: 40, endOnFailure: true },
  );
});

test("a merger of two of three firms raises their prices and lies between Nash and joint profit", () => {
  const market = logitMarket({ firms: 3 });
  const merged = equilibriumPrices(market, { owners: [7, 7, 1] }).prices;
  const nash = nashPrices(market).prices[0]!;
  const joint = jointProfitPrices(market).prices[0]!;
  assert.ok(merged[0]! > merged[2]! && merged[2]! > nash && merged[0]! < joint);
});

test("owners that do not match the firms are refused", () => {
  const market = logitMarket({ firms: 2 });
  assert.throws(() => equilibriumPrices(market, { owners: [1] }), /expected 2 owners, got 1/);
});

test.run();
