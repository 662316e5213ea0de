// The outside good's quality changes at random, unseen by the firms: a0 is -x, 0 or x in each period. Held against the
// online appendix: Delta falls from .848 to .695 as x grows to .25.
import { defineExperiment, metric, replicate, sweep } from "labwright";
import { logitMarket } from "labwright/environments/pricing";
import { besidePublished } from "./beside-published.ts";
import published from "./published.json" with { type: "json" };
import { benchmarksUnderShocks, playSession, streamsOf } from "./session.ts";

export default defineExperiment({
  name: "stochastic-demand",
  question: "Do demand shocks that nobody sees hinder collusion?",
  parameters: {
    shock: sweep([0, 0.05, 0.1, 0.15, 0.2, 0.25]),
    prices: 15,
    memory: 1,
    learningRate: 0.15,
    discount: 0.95,
    explorationDecay: 4e-6,
  },
  replicates: replicate(100, { seed: 2020 }),
  metrics: {
    profitGain: metric.number({
      unit: "share of the gap to monopoly",
      range: [-10, 10],
      direction: "maximize",
    }),
    episodes: metric.number({ unit: "episodes of 25,000 periods", range: [0, 40_000] }),
  },
  primary: "profitGain",
  stages: ({ stage }) => ({
    benchmarks: stage({
      per: "condition",
      uses: ["shock"],
      run: ({ parameters }) => benchmarksUnderShocks(2, parameters.shock),
    }),
  }),
  async trial({ parameters, inputs, random, checkpoint, restore, signal }) {
    const { shock, prices: actions, memory } = parameters;
    const played = await playSession(
      {
        market: logitMarket({ firms: 2, a0: [-shock, 0, shock] }),
        benchmarks: inputs.benchmarks,
        rules: parameters,
        streams: streamsOf(random, { agents: 2, actions, memory }),
      },
      { checkpoint, restore, signal },
    );
    return { profitGain: played.profitGain, episodes: (played.periods - 100_000) / 25_000 };
  },
  analyses: ({ compare, custom }) => [
    compare("profitGain", { across: "shock", baseline: 0 }),
    custom("profit gain beside the published", (rows) =>
      besidePublished(rows, { metric: "profitGain", published: published.stochasticDemand }),
    ),
  ],
});
