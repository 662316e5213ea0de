import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "bad-option",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
  analyses: ({ equivalent }) => [equivalent("score", { across: "size", margin: -1 })],
});
