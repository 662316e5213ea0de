import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "unknown-allow",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    // lab-allow clock-in-tial: shown in a log only
    const size = parameters.size;
    return { score: size };
  },
});
