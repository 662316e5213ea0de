import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "no-primary",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number(), cost: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size, cost: 1 };
  },
  analyses: ({ mainEffect }) => [mainEffect("size")],
});
