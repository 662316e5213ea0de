import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "no-metrics",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: {},
  trial({ parameters }) {
    parameters.size;
    return {};
  },
});
