import { defineExperiment, metric, replicate, sweep, zip } from "labwright";

export default defineExperiment({
  name: "unequal-zip",
  parameters: zip({ size: sweep([1, 2]), cost: sweep([1, 2, 3]) }),
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size - parameters.cost };
  },
});
