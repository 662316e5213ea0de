import { defineExperiment, metric, replicate, space, sweep } from "labwright";

export default defineExperiment({
  name: "unequal-zip",
  parameters: space.zip({ size: sweep([1, 2]), cost: sweep([1, 2, 3]) }),
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size - parameters.cost };
  },
});
