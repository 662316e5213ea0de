import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "bad-stopping-rule",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate.until({ metric: "score", max: 100 }),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
