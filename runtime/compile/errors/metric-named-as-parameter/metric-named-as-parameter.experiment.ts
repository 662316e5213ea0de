import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "metric-named-as-parameter",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { size: metric.number() },
  trial({ parameters }) {
    return { size: parameters.size };
  },
});
