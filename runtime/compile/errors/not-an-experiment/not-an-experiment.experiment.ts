import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "not-an-experiment",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  needs: { baseline: { name: "baseline" } as never },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
