import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "bad-metric",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number({ range: [1, 0] }) },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
