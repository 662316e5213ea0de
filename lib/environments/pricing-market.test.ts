// The pricing game as an environment: its benchmarks are those of the market, Nash prices are a fixed point of best answers, and no firm sees
// a shock before it has happened. `lab test`'s attack passes over it.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { randomFrom } from "../random/random.ts";
import type { Agent } from "./environment/agent.ts";
import { play } from "./environment/play.ts";
import { logitMarket } from "./pricing.ts";
import { jointProfitPrices, nashPrices } from "./pricing-equilibrium.ts";
import { pricingMarket } from "./pricing-market.ts";

const asking = (price: number): Agent<unknown, number> => ({ name: `asks ${price}`, act: () => price });

test("firms at Nash and at joint-profit prices earn the published profits", () => {
  // Calvano et al. (2020): Nash profit 0.22293, joint profit 0.33749 a period.
  for (const [price, profit] of [
    [1.47293, 0.22293],
    [1.92498, 0.33749],
  ] as const) {
    const { returns, rounds, standing } = play(pricingMarket, () => asking(price), {
      random: randomFrom(1),
      parameters: { rounds: 10 },
    });
    assert.ok(Math.abs(returns["firm-1"]! / 10 - profit) < 1e-5 && returns["firm-1"] === returns["firm-2"]);
    assert.equal([rounds, standing], [10, "truncated"]);
  }
});

test("Nash prices are a fixed point: no firm earns more by another price, whatever the number of firms", () => {
  for (const firms of [2, 3, 5]) {
    const market = logitMarket({ firms });
    const nash = nashPrices(market).prices[0]!;
    const earned = (own: number) =>
      play(pricingMarket, (firm) => asking(firm === "firm-1" ? own : nash), {
        random: randomFrom(1),
        parameters: { firms, rounds: 1 },
      }).returns["firm-1"]!;
    const best = earned(nash);
    for (let price = 1; price < 3; price += 0.01) assert.ok(earned(price) <= best + 1e-12);
    assert.ok(earned(jointProfitPrices(market).prices[0]!) < best);
  }
});

const drawnMarket = fc.record({
  firms: fc.integer({ min: 1, max: 5 }),
  mu: fc.double({ min: 0.05, max: 2, noNaN: true }),
  shock: fc.double({ min: 0.1, max: 1, noNaN: true }),
  alpha: fc.double({ min: 0.5, max: 4, noNaN: true }),
});
const drawnPrices = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 5, maxLength: 5 });
const seated = (prices: readonly number[], firms: number) =>
  Object.fromEntries(prices.slice(0, firms).map((price, i) => [`firm-${i + 1}`, price]));

test("whatever shocks are still to come, what firms see and earn now is the same", () => {
  let differed = 0;
  fc.assert(
    fc.property(
      drawnMarket,
      drawnPrices,
      fc.nat(),
      fc.integer({ min: 0, max: 8 }),
      (parameters, prices, seed, now) => {
        const { firms } = parameters;
        // Two worlds with one past: in the second, the shocks after round `now` come in another order.
        const [one, other] = [false, true].map((isPermuted) => {
          const random = randomFrom(seed);
          const episode = pricingMarket.start({ random, parameters: { ...parameters, rounds: 40 } });
          for (let round = 0; round < now; round++) episode.step(seated(prices, firms));
          if (isPermuted) random.stream("demand").float();
          return episode;
        });
        for (const firm of one!.agents) assert.equal(one!.observe(firm), other!.observe(firm));
        assert.equal(one!.returns, other!.returns);
        for (const episode of [one!, other!])
          while (episode.standing === "running") episode.step(seated(prices, firms));
        if (one!.returns["firm-1"] !== other!.returns["firm-1"]) differed += 1;
      },
    ),
    { numRuns: 60 },
  );
  // The shocks that were moved do count, later.
  assert.ok(differed > 10);
});

test("shares add up to one at most, profits are margin times quantity, and names do not matter", () => {
  fc.assert(
    fc.property(drawnMarket, drawnPrices, fc.nat(), (parameters, prices, seed) => {
      const { firms, alpha } = parameters;
      const round = (asked: readonly number[]) => {
        const episode = pricingMarket.start({
          random: randomFrom(seed),
          parameters: { ...parameters, rounds: 1 },
        });
        episode.step(seated(asked, firms));
        const quantities = episode.state.quantities!;
        return { quantities, profits: episode.agents.map((firm) => episode.rewards[firm]!) };
      };
      const { quantities, profits } = round(prices);
      assert.ok(quantities.reduce((sum, quantity) => sum + quantity, 0) <= 1 + 1e-12);
      for (let i = 0; i < firms; i++) {
        assert.ok(Math.abs(profits[i]! - (prices[i]! - alpha) * quantities[i]!) < 1e-9);
        const dearer = round(prices.map((price, j) => (j === i ? price + 0.5 : price)));
        assert.ok(dearer.quantities[i]! <= quantities[i]!);
      }
      const mirrored = round([...prices.slice(0, firms)].reverse()).profits.reverse();
      for (let i = 0; i < firms; i++) assert.ok(Math.abs(mirrored[i]! - profits[i]!) < 1e-9);
    }),
    { numRuns: 100 },
  );
});

test("both demands come, and mean sales are those of the market", () => {
  let sum = 0;
  const rounds = 4000;
  play(pricingMarket, () => asking(1.6), {
    random: randomFrom(2),
    parameters: { shock: 0.3, rounds },
    onRound: ({ state }) => {
      sum += state.quantities![0]!;
      return undefined;
    },
  });
  const market = logitMarket({ firms: 2, a0: [-0.3, 0.3] });
  const spread = Math.abs(market.demand([1.6, 1.6], 0)[0]! - market.demand([1.6, 1.6], 1)[0]!) / 2;
  assert.ok(Math.abs(sum / rounds - market.demand([1.6, 1.6])[0]!) < (4 * spread) / Math.sqrt(rounds));
});

test.run();
