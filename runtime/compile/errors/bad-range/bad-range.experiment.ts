import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "bad-range",
  parameters: { size: sweep.log(0, 100, 5) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
