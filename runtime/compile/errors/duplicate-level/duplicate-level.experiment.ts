import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "duplicate-level",
  parameters: {
    size: sweep([1, 2, 1]),
    start: sweep.linspace(1e16, 1e16 + 4, 5),
  },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size + parameters.start };
  },
});
