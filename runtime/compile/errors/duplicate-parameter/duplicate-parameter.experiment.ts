import { defineExperiment, metric, replicate, space, sweep } from "labwright";

export default defineExperiment({
  name: "duplicate-parameter",
  parameters: space.cross({ size: sweep([1, 2]) }, { size: sweep([3, 4]) }),
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
