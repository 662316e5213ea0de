// One firm produces at a lower cost. Held against Table 4: Delta falls from .849 to .713 as the gap widens, and the
// inefficient firm gains relatively more.
import { defineExperiment, metric, replicate, sweep } from "labwright";
import { logitMarket } from "labwright/environments/pricing";
import { besidePublished } from "./beside-published.ts";
import published from "./published.json" with { type: "json" };
import { benchmarksOf, playSession, streamsOf } from "./session.ts";

export default defineExperiment({
  name: "cost-asymmetry",
  question: "Do algorithms still collude when one firm has lower costs?",
  parameters: {
    secondCost: sweep([1, 0.875, 0.75, 0.625, 0.5, 0.25]),
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
    profitRatio: metric.number({
      range: [0, 100],
      description: "Profit over Nash profit of firm 1, over the same of firm 2",
    }),
  },
  primary: "profitGain",
  stages: ({ stage }) => ({
    benchmarks: stage({
      per: "condition",
      uses: ["secondCost"],
      run: ({ parameters }) => benchmarksOf(logitMarket({ firms: 2, c: [1, parameters.secondCost] })),
    }),
  }),
  async trial({ parameters, inputs, random, checkpoint, restore, signal }) {
    const { benchmarks } = inputs;
    const { secondCost, prices: actions, memory } = parameters;
    const { profits, profitGain } = await playSession(
      {
        market: logitMarket({ firms: 2, c: [1, secondCost] }),
        benchmarks,
        rules: parameters,
        streams: streamsOf(random, { agents: 2, actions, memory }),
      },
      { checkpoint, restore, signal },
    );
    const [first, second] = profits.map((profit, firm) => profit / benchmarks.nashProfits[firm]!);
    return { profitGain, profitRatio: first! / second! };
  },
  analyses: ({ compare, custom }) => [
    compare("profitGain", { across: "secondCost", baseline: 1 }),
    custom("profit gain beside Table 4", (rows) =>
      besidePublished(rows, { metric: "profitGain", published: published.costAsymmetry }),
    ),
    custom("profit ratio beside Table 4", (rows) =>
      besidePublished(rows, { metric: "profitRatio", published: published.costAsymmetryProfitRatio }),
    ),
  ],
});
