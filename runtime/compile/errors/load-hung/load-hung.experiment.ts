import { defineExperiment, metric, replicate, sweep } from "labwright";

for (;;) {}

export default defineExperiment({
  name: "load-hung",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
