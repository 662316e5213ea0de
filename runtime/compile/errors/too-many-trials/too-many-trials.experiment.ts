import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "too-many-trials",
  parameters: { size: sweep.range(0, 100_000) },
  replicates: replicate(50_000),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
