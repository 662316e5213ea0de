import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "unknown-truth",
  parameters: { effect: sweep([0, 1]), size: 20 },
  replicates: replicate(5),
  metrics: { slope: metric.estimate({ truth: "efect" }) },
  trial({ parameters, random }) {
    return { slope: parameters.effect + random.normal() };
  },
});
