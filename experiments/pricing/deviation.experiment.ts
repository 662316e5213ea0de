// One firm is forced to cut its price to its static best response for one period: do the learned strategies punish it,
// and forgive it? Held against section IV.B and the online appendix: the rival cuts its price by 12.7 %, 93.6 % of
// deviations do not pay, and punishment lasts 5.705 periods.
import { defineExperiment, metric, replicate } from "labwright";
import { deviate, staticBestResponse } from "labwright/agents/impulse-response";
import { logitMarket } from "labwright/environments/pricing";
import { z } from "zod";
import { besidePublished } from "./beside-published.ts";
import published from "./published.json" with { type: "json" };
import { benchmarksOf, gameOf, playSession, streamsOf } from "./session.ts";

export default defineExperiment({
  name: "deviation",
  question: "Do learned strategies punish a price cut, and forgive it?",
  parameters: {
    prices: 15,
    memory: 1,
    learningRate: 0.15,
    discount: 0.95,
    explorationDecay: 4e-6,
  },
  replicates: replicate(200, { seed: 2020 }),
  metrics: {
    rivalPriceChange: metric.number({
      unit: "share of the price before",
      range: [-1, 1],
      description: "The rival's price in the period after the cut, relative to its price during the cut",
    }),
    unprofitable: metric.number({ unit: "share of deviations", range: [0, 1] }),
    periodsToReturn: metric.number({
      unit: "periods",
      range: [1, 1_000_000],
      optional: true,
      description: "Until play is on its old cycle again, the deviation counted; null where it never returns",
    }),
  },
  primary: "rivalPriceChange",
  series: {
    response: z.object({ period: z.int().min(0), deviatorPrice: z.number(), rivalPrice: z.number() }),
  },
  stages: ({ stage }) => ({
    benchmarks: stage({ per: "build", run: () => benchmarksOf(logitMarket({ firms: 2 })) }),
  }),
  async trial({ parameters, inputs, random, record, checkpoint, restore, signal }) {
    const market = logitMarket({ firms: 2 });
    const { benchmarks } = inputs;
    const { prices: actions, memory, discount } = parameters;
    const streams = streamsOf(random, { agents: 2, actions, memory });
    const { cycle, greedy } = await playSession(
      { market, benchmarks, rules: parameters, streams },
      { checkpoint, restore, signal },
    );
    const { grids, game } = gameOf(market, benchmarks, parameters);
    const strategies = { ...game, greedy };
    const states = new Set(cycle.map(({ state }) => state));
    const responses = cycle.flatMap((step) =>
      [0, 1].map((agent) => {
        const { state } = step;
        const action = staticBestResponse(strategies, { state, agent, payoffs: game.payoffs });
        const response = deviate(strategies, {
          state,
          agent,
          action,
          cycle: states,
          payoffs: game.payoffs,
          discount,
        });
        const priceOf = (firm: number, played: readonly number[]) => grids[firm]![played[firm]!]!;
        const path = [step, ...response.path].map((at) => ({
          deviator: priceOf(agent, at.actions),
          rival: priceOf(1 - agent, at.actions),
        }));
        return { ...response, path };
      }),
    );
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    for (let period = 0; period <= 15; period++) {
      record("response", {
        period,
        deviatorPrice: mean(responses.map(({ path }) => path[period]!.deviator)),
        rivalPrice: mean(responses.map(({ path }) => path[period]!.rival)),
      });
    }
    const returned = responses.flatMap(({ periodsToReturn }) => periodsToReturn ?? []);
    return {
      rivalPriceChange: mean(responses.map(({ path }) => path[2]!.rival / path[1]!.rival - 1)),
      unprofitable: mean(responses.map(({ gain }) => (gain < 0 ? 1 : 0))),
      periodsToReturn: returned.length > 0 ? mean(returned) : null,
    };
  },
  analyses: ({ custom, curve }) => [
    curve("response", { x: "period", y: "deviatorPrice", impulseAt: 1 }),
    curve("response", { x: "period", y: "rivalPrice", impulseAt: 1 }),
    custom("rival's price change beside the published", (rows) =>
      besidePublished(rows, { metric: "rivalPriceChange", published: published.deviation.rivalPriceChange }),
    ),
    custom("unprofitable deviations beside the published", (rows) =>
      besidePublished(rows, { metric: "unprofitable", published: published.deviation.unprofitable }),
    ),
    custom("length of punishment beside the published", (rows) =>
      besidePublished(rows, { metric: "periodsToReturn", published: published.deviation.periodsToReturn }),
    ),
  ],
});
