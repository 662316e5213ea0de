import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "allow-without-reason",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    const started = Date.now(); // lab-allow clock-in-trial
    return { score: parameters.size + (started > 0 ? 1 : 0) };
  },
});
