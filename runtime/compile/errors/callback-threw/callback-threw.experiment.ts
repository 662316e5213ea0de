import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "callback-threw",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
  analyses: () => {
    throw new Error("no analyses yet");
  },
});
