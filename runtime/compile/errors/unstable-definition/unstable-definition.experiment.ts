import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "unstable-definition",
  parameters: { size: sweep([1, 2]), started: Date.now() },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size + parameters.started };
  },
});
