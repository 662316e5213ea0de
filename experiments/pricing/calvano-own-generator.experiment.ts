// The paper's baseline cell on our own generator: 1,000 sessions that share nothing with the authors' but the model.
// Held against Table 1: Delta .849 (s.d. .112), convergence after 70.05 episodes on average.
import { defineExperiment, metric, replicate } from "labwright";
import { logitMarket } from "labwright/environments/pricing";
import { besidePublished } from "./beside-published.ts";
import published from "./published.json" with { type: "json" };
import { benchmarksOf, playSession, streamsOf } from "./session.ts";

export default defineExperiment({
  name: "calvano-own-generator",
  question: "Does the published distribution of profit gains come back with other random numbers?",
  parameters: { firms: 2, prices: 15, memory: 1, learningRate: 0.15, discount: 0.95, explorationDecay: 4e-6 },
  replicates: replicate(1000, { seed: 2020 }),
  metrics: {
    profitGain: metric.number({
      unit: "share of the gap to monopoly",
      range: [-10, 10],
      direction: "maximize",
    }),
    episodes: metric.number({ unit: "episodes of 25,000 periods", range: [0, 40_000] }),
    cycleLength: metric.integer({ unit: "periods", range: [1, 1_000_000] }),
  },
  primary: "profitGain",
  stages: ({ stage }) => ({
    benchmarks: stage({
      per: "condition",
      uses: ["firms"],
      run: ({ parameters }) => benchmarksOf(logitMarket({ firms: parameters.firms })),
    }),
  }),
  async trial({ parameters, inputs, random, checkpoint, restore, signal }) {
    const market = logitMarket({ firms: parameters.firms });
    const { firms: agents, prices: actions, memory } = parameters;
    const played = await playSession(
      {
        market,
        benchmarks: inputs.benchmarks,
        rules: parameters,
        streams: streamsOf(random, { agents, actions, memory }),
      },
      { checkpoint, restore, signal },
    );
    return {
      profitGain: played.profitGain,
      episodes: (played.periods - 100_000) / 25_000,
      cycleLength: played.cycle.length,
    };
  },
  analyses: ({ custom, expect }) => [
    // Three standard errors of a mean of 1,000 sessions are .011; an interval of half that width must lie inside.
    expect("profitGain").toBeWithin([0.83, 0.868]),
    expect("episodes").toBeWithin([68, 72.1]),
    custom("profit gain beside Table 1", (rows) =>
      besidePublished(rows, {
        metric: "profitGain",
        published: [{ where: {}, value: published.baseline.profitGain.mean }],
      }),
    ),
    custom("time to convergence beside the authors' files", (rows) =>
      besidePublished(rows, {
        metric: "episodes",
        published: [{ where: {}, value: published.baseline.episodes.mean }],
      }),
    ),
  ],
});
