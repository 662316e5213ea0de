import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "duplicate-stage",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  stages: ({ stage }) => ({ trial: stage({ per: "condition", run: () => 1 }) }),
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
