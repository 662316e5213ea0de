import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "unknown-factor",
  parameters: { size: sweep([1, 2]), memory: 1 },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
  analyses: ({ compare }) => [
    compare("score", { across: "memory" }),
    compare("score", { across: "sizes" }),
  ],
});
