import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "stage-alias",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(5),
  metrics: { score: metric.number() },
  stages: ({ stage }) => {
    const prices = stage({ per: "condition", run: () => 1 });
    return { prices, benchmark: prices };
  },
  trial({ parameters }) {
    return { score: parameters.size };
  },
});
