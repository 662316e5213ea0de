import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "bad-seed",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate({ seeds: [1, 2, 1] }),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
