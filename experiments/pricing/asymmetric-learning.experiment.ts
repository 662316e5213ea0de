// Firm 2 learns faster or slower, or explores more or less, than firm 1 (alpha .15, beta 4e-6). Held against the online
// appendix: Delta .821, .797, .771, .798 for the four cells below the symmetric one.
import { defineExperiment, metric, replicate, space } from "labwright";
import { logitMarket } from "labwright/environments/pricing";
import { besidePublished } from "./beside-published.ts";
import published from "./published.json" with { type: "json" };
import { benchmarksOf, playSession, streamsOf } from "./session.ts";

export default defineExperiment({
  name: "asymmetric-learning",
  question: "Do algorithms that learn or explore differently still collude?",
  parameters: space.cross(
    { prices: 15, memory: 1, discount: 0.95 },
    space.conditions([
      { secondLearningRate: 0.15, secondExploration: 4e-6 },
      { secondLearningRate: 0.05, secondExploration: 4e-6 },
      { secondLearningRate: 0.3, secondExploration: 4e-6 },
      { secondLearningRate: 0.15, secondExploration: 2e-6 },
      { secondLearningRate: 0.15, secondExploration: 8e-6 },
    ]),
  ),
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
    benchmarks: stage({ per: "build", run: () => benchmarksOf(logitMarket({ firms: 2 })) }),
  }),
  async trial({ parameters, inputs, random, checkpoint, restore, signal }) {
    const { secondLearningRate, secondExploration, prices, memory, discount } = parameters;
    const played = await playSession(
      {
        market: logitMarket({ firms: 2 }),
        benchmarks: inputs.benchmarks,
        rules: {
          prices,
          memory,
          discount,
          learningRate: [0.15, secondLearningRate],
          explorationDecay: [4e-6, secondExploration],
        },
        streams: streamsOf(random, { agents: 2, actions: prices, memory }),
      },
      { checkpoint, restore, signal },
    );
    return { profitGain: played.profitGain, episodes: (played.periods - 100_000) / 25_000 };
  },
  analyses: ({ custom }) => [
    custom("profit gain beside the published", (rows) =>
      besidePublished(rows, { metric: "profitGain", published: published.asymmetricLearning }),
    ),
  ],
});
