import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "unknown-exposure",
  parameters: { speed: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { crashes: metric.count({ exposure: "step" }), steps: metric.integer() },
  trial({ parameters }) {
    return { crashes: parameters.speed, steps: 100 };
  },
});
