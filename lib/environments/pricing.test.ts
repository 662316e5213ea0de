import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Market } from "./market.ts";
import { nestedLogitMarket } from "./nested-logit.ts";
import { logitMarket, profitsOf } from "./pricing.ts";

/** Slopes by central differences. */
function differencesOf(market: Market, prices: readonly number[]): number[][] {
  const h = 1e-5;
  return prices.map((_, i) => {
    const moved = (by: number) => market.demand(prices.map((price, j) => (i === j ? price + by : price)));
    const [up, down] = [moved(h), moved(-h)];
    return up.map((quantity, j) => (quantity - down[j]!) / (2 * h));
  });
}

const prices3 = fc.array(fc.double({ min: 0.5, max: 3, noNaN: true }), { minLength: 3, maxLength: 3 });

test("slopes are the derivatives of demand, for logit with shocks and for nested logit", () => {
  const markets = [
    logitMarket({ firms: 3, a: [2, 2.5, 3], alpha: [1, 3.2, 2], mu: 0.4, a0: [-0.2, 0, 0.2], size: 100 }),
    nestedLogitMarket({ firms: 3, nests: [0, 0, 1], dissimilarity: 0.6, size: 2 }),
  ];
  fc.assert(
    fc.property(prices3, (prices) => {
      for (const market of markets) {
        const numeric = differencesOf(market, prices);
        for (const [i, row] of market.slopes(prices).entries()) {
          for (const [j, slope] of row.entries()) {
            assert.ok(Math.abs(slope - numeric[i]![j]!) < 1e-5 * (1 + Math.abs(slope)));
          }
        }
      }
    }),
  );
});

test("shares are positive and leave room for the outside good", () => {
  fc.assert(
    fc.property(prices3, (prices) => {
      const shares = logitMarket({ firms: 3 }).demand(prices);
      assert.ok(shares.every((share) => share > 0));
      assert.ok(shares.reduce((sum, share) => sum + share, 0) < 1);
    }),
  );
});

test("nested logit tends to plain logit as the nests dissolve", () => {
  const plain = logitMarket({ firms: 3, c: [1, 0.8, 0.9] });
  fc.assert(
    fc.property(prices3, (prices) => {
      let before = Infinity;
      for (const dissimilarity of [0.9, 0.99, 0.999, 1]) {
        const nested = nestedLogitMarket({ firms: 3, nests: [4, 4, 9], dissimilarity, c: [1, 0.8, 0.9] });
        const distance = Math.max(
          ...nested.demand(prices).map((q, i) => Math.abs(q - plain.demand(prices)[i]!)),
        );
        assert.ok(distance <= before + 1e-12);
        before = distance;
      }
      assert.ok(before < 1e-12);
    }),
  );
});

test("a nest of one firm is plain logit at any dissimilarity", () => {
  const nested = nestedLogitMarket({ firms: 2, nests: [1, 2], dissimilarity: 0.3 });
  const plain = logitMarket({ firms: 2 });
  const expected = plain.demand([1.4, 1.7]);
  for (const [i, q] of nested.demand([1.4, 1.7]).entries()) assert.ok(Math.abs(q - expected[i]!) < 1e-14);
});

test("expected demand is the mean over the demand conditions", () => {
  const market = logitMarket({ firms: 2, a0: [-0.25, 0, 0.25] });
  assert.is(market.conditions, 3);
  const prices = [1.5, 1.8];
  const mean =
    (market.demand(prices, 0)[0]! + market.demand(prices, 1)[0]! + market.demand(prices, 2)[0]!) / 3;
  assert.ok(Math.abs(market.demand(prices)[0]! - mean) < 1e-15);
  assert.equal(market.demand(prices, 1), logitMarket({ firms: 2 }).demand(prices));
});

test("alpha scales prices and size scales quantities, and nothing else changes", () => {
  const scaled = logitMarket({ firms: 2, alpha: 3.2, size: 100 });
  const profits = profitsOf(scaled, [1.47293 * 3.2, 1.47293 * 3.2]);
  assert.ok(Math.abs(profits[0]! - 22.293 * 3.2) < 1e-3 * 3.2);
  assert.equal(scaled.costs, [3.2, 3.2]);
});

test("utilities beyond the range of exp give the same shares as moderate ones", () => {
  const high = logitMarket({ firms: 2, a: 1002, a0: 1000 }).demand([1.5, 1.7]);
  const low = logitMarket({ firms: 2 }).demand([1.5, 1.7]);
  for (const [i, share] of high.entries()) assert.ok(Math.abs(share - low[i]!) < 1e-12);
});

test("a parameter out of range is named with what was expected", () => {
  assert.throws(() => logitMarket({ firms: 0 }), /firms to be a whole number from 1 to 1000, got 0/);
  assert.throws(
    () => logitMarket({ firms: 2, a: [1, 2, 3] }),
    /a to be one finite number or 2, got \[1, 2, 3\]/,
  );
  assert.throws(() => logitMarket({ firms: 2, mu: 0 }), /mu to be a number above 0, got 0/);
  assert.throws(() => logitMarket({ firms: 2, a0: [] }), /a0 to be one finite number or more/);
  assert.throws(() => logitMarket({ firms: 2 }).demand([1]), /expected 2 finite prices, got \[1\]/);
  assert.throws(() => logitMarket({ firms: 2 }).demand([1, 1], 1), /condition from 0 to 0, got 1/);
  const nested = { firms: 2, nests: [0, 0], dissimilarity: 0.5 };
  assert.throws(
    () => nestedLogitMarket({ ...nested, dissimilarity: 0 }),
    /dissimilarity above 0 and at most 1, got 0/,
  );
  assert.throws(() => nestedLogitMarket({ ...nested, nests: [0] }), /nests to be 2 whole numbers, got \[0\]/);
});

test.run();
