// The pricing game as an environment: its benchmarks are those of the market, Nash prices are a fixed point of best answers, and no firm sees
// a shock before it has happened. `lab test`'s attack passes over it.
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

test("a firm's observation does not depend on shocks that are still to come", () => {
  const start = (future: number) => {
    const random = randomFrom(4);
    const episode = pricingMarket.start({ random, parameters: { shock: 0.5, rounds: 20 } });
    for (let round = 0; round < 5; round++) episode.step({ "firm-1": 1.5, "firm-2": 1.6 });
    for (let drawn = 0; drawn < future; drawn++) random.stream("demand").float();
    return episode;
  };
  const [one, other] = [start(0), start(3)];
  assert.equal(one.observe("firm-1"), other.observe("firm-1"));
  const later = [one, other].map((episode) => {
    const sold: number[] = [];
    for (let round = 0; round < 10; round++) {
      episode.step({ "firm-1": 1.5, "firm-2": 1.6 });
      sold.push(episode.state.quantities![0]!);
    }
    return sold;
  });
  assert.not.equal(later[0], later[1]);
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
