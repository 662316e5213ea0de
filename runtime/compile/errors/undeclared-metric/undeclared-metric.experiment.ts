import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "undeclared-metric",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number(), profitGain: metric.number({ optional: true }) },
  trial({ parameters }) {
    const result = { score: parameters.size, profitGain: null, profitGian: 0.5, rounds: 3 };
    return result;
  },
});
