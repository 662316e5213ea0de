import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "empty-sweep",
  parameters: { size: sweep.range(1, 1) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
