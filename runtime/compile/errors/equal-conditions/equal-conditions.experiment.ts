import { conditions, defineExperiment, metric, replicate } from "labwright";

export default defineExperiment({
  name: "equal-conditions",
  parameters: conditions([{ size: 1 }, { size: 2 }, { size: 1 }]),
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
