import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "unknown-parameter",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  stages: ({ stage }) => ({
    prices: stage({ per: "condition", uses: ["sise"], run: () => 1 }),
  }),
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
