import { defineExperiment, metric, replicate, sweep } from "labwright";

process.exit(3);

export default defineExperiment({
  name: "load-ended",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
