import { defineExperiment, metric, replicate, space } from "labwright";

export default defineExperiment({
  name: "fixed-parameter",
  parameters: space.conditions([{ size: 1 }, { size: 2 }]),
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
