// More firms, less collusion: n = 2, 3, 4. Held against the online appendix: Delta .849, .643, .56.
// A session of four firms plays some 12 million periods over 760,000 Q cells a firm: about two seconds.
import { defineExperiment, metric, replicate, sweep } from "labwright";
import { logitMarket } from "labwright/environments/pricing";
import { besidePublished } from "./beside-published.ts";
import published from "./published.json" with { type: "json" };
import { benchmarksOf, playSession, streamsOf } from "./session.ts";

export default defineExperiment({
  name: "number-of-firms",
  question: "How much collusion is left when more firms compete?",
  parameters: {
    firms: sweep([2, 3, 4]),
    prices: 15,
    memory: 1,
    learningRate: 0.15,
    discount: 0.95,
    explorationDecay: 4e-6,
  },
  replicates: replicate(30, { seed: 2020 }),
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
      uses: ["firms"],
      run: ({ parameters }) => benchmarksOf(logitMarket({ firms: parameters.firms })),
    }),
  }),
  async trial({ parameters, inputs, random, checkpoint, restore, signal }) {
    const { firms, prices: actions, memory } = parameters;
    const played = await playSession(
      {
        market: logitMarket({ firms }),
        benchmarks: inputs.benchmarks,
        rules: parameters,
        streams: streamsOf(random, { agents: firms, actions, memory }),
      },
      { checkpoint, restore, signal },
    );
    return { profitGain: played.profitGain, episodes: (played.periods - 100_000) / 25_000 };
  },
  analyses: ({ compare, custom }) => [
    compare("profitGain", { across: "firms", baseline: 2 }),
    custom("profit gain beside the published", (rows) =>
      besidePublished(rows, { metric: "profitGain", published: published.numberOfFirms }),
    ),
  ],
});
