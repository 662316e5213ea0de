import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "not-hashable-value",
  parameters: { size: sweep([1, 2]), strategy: (() => 1) as never, start: Number.NaN },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    return { score: parameters.size + Number(parameters.start) + Number(parameters.strategy) };
  },
});
