import { defineExperiment, metric, replicate, space, sweep } from "labwright";

export default defineExperiment({
  name: "empty-space",
  parameters: space.where({ size: sweep([1, 2]) }, (p) => p.size > 2),
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
