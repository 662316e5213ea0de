import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "unread-parameter",
  parameters: { size: sweep([1, 2]), discount: sweep([0, 0.95]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
