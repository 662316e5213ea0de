import { conditions, defineExperiment, metric, replicate } from "labwright";

export default defineExperiment({
  name: "fixed-parameter",
  parameters: conditions([{ size: 1 }, { size: 2 }]),
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
