import { defineExperiment, metric, replicate, space } from "labwright";

export default defineExperiment({
  name: "equal-conditions",
  parameters: space.conditions([{ size: 1 }, { size: 2 }, { size: 1 }]),
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
